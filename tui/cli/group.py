"""The command line's root: finds the verb's file, and turns our errors into one sentence and an exit code."""

import os
import sqlite3
import sys
from collections.abc import Mapping
from typing import ClassVar, NoReturn

import click

from ...store import database, paths
from ...store.errors import UserError
from .. import defect
from ..clean import clean
from .lazy import LazyGroup


class Verbs(LazyGroup):
    """Every verb of the command line."""

    VERBS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "demo": ("demo", "Fine-tune a small real model on real data, and hold it against where it started."),
        "run": ("run", "Queue the run of a TOML file."),
        "fork": ("again", "Queue a run like an earlier one."),
        "transfer": ("again", "Queue a run that starts from the weights of an earlier one."),
        "lr-find": ("lr_find", "Find a learning rate, by a short training in which it rises."),
        "sweep": ("sweep", "Queue runs that differ in a few knobs, and rank them."),
        "runs": ("runs", "List the runs."),
        "show": ("show", "Show one run."),
        "compare": ("compare", "Hold runs against each other: what differs, and whether it matters."),
        "errors": ("errors", "Show the held-out rows that a run gets most wrong."),
        "metrics": ("metrics", "Show or export a run's metrics."),
        "export": ("export", "Take a run's weights away: adapter, merged, GGUF, or for Ollama."),
        "stop": ("control", "Save a run's state and stop it; a queued one leaves the queue."),
        "resume": ("control", "Go on with a run that ended early, or with the queue."),
        "kill": ("control", "End a run at once, without saving."),
        "delete": ("trash", "Put a run into the trash."),
        "restore": ("trash", "Take a run out of the trash."),
        "trash": ("trash", "List the trash, or empty it."),
        "data": ("data", "Look at rows, mend them as versions, and make synthetic ones."),
        "tag": ("tag", "Put words on runs, by which they can be filtered."),
        "queue": ("queue", "List the queue, and change its order."),
        "lineage": ("lineage", "Show which runs started from which."),
        "models": ("models", "List the models on this machine: size, licence, tasks, and whether they fit."),
        "play": ("play", "Ask a tuned model and its base."),
        "system": ("system", "Show devices, memory, disk, processes and the queue."),
        "presets": ("presets", "List the presets that a run can begin with."),
        "estimate": ("estimate", "Say what a run will need: steps, memory, time."),
        "knobs": ("knobs", "List every knob of a run."),
        "themes": ("themes", "List the themes."),
        "keys": ("keys", "List every key of the app, or print a key map to start yours from."),
        "paths": ("paths", "Say where store, runs, data, cache, settings, keys, presets and themes lie."),
        "bench": ("bench", "Hold Tunedeck against other trainers, on this machine."),
        "gc": ("gc", "Show what takes room that nobody needs, and free it when asked to."),
        "doctor": ("doctor", "Check this machine, and say what to mend."),
    }

    def invoke(self, ctx: click.Context) -> object:
        try:
            answer = super().invoke(ctx)
            if newer := database.newer(paths.Home.default()):
                click.echo(clean(newer), err=True)
            return answer
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except UserError as error:
            _end(str(error), error.exit_code)
        except sqlite3.DatabaseError as error:
            _end(f"{paths.home_folder()}/store.db: {error}. {_remedy(error)}")
        except BrokenPipeError:
            _end_unread()
        except OSError as error:
            _end(f"{error.filename or 'the system'}: {error.strerror or error}. `tunedeck doctor` looks at the disk.")
        except Exception as error:  # noqa: BLE001 - a defect of ours: its traceback goes to a file, not on the screen
            _end(defect.told(error))


def _end(sentence: str, exit_code: int = 1) -> NoReturn:
    click.echo(clean(f"tunedeck: {sentence}"), err=True)
    sys.exit(exit_code)


def _end_unread() -> NoReturn:
    """The reader has gone (`| head`): point stdout elsewhere, or the interpreter complains at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)


def _remedy(error: sqlite3.DatabaseError) -> str:
    if "readonly" in str(error):
        return "It is of a newer Tunedeck, or not yours to write; `runs`, `show` and `metrics` still read it."
    if "locked" in str(error):
        return "Another program holds it; try again."
    return "`tunedeck doctor` looks at it."


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--ascii", "ascii_only", is_flag=True, help="Open the app with ASCII characters only.")
@click.version_option(package_name="tunedeck", prog_name="tunedeck")
def tunedeck(ascii_only: bool) -> None:
    """Fine-tune language models on this machine. Without a verb, tunedeck opens the full-screen app."""
