"""The command line's root: finds the verb's file, and turns our errors into one sentence and an exit code."""

import importlib
import sys

import click

from ...store.errors import UserError
from ..clean import clean

# verb: (module, what it does). The module is imported when the verb is used, so that `--help` takes no second.
VERBS = {
    "demo": ("demo", "Fine-tune a real small model on real data, from fetching it to talking to it."),
    "run": ("run", "Queue the run of a TOML file."),
    "runs": ("runs", "List the runs."),
    "show": ("show", "Show one run."),
    "metrics": ("metrics", "Show or export a run's metrics."),
    "stop": ("control", "Save a run's state and stop it; a queued one leaves the queue."),
    "resume": ("control", "Go on with a run that ended early, or with the queue."),
    "kill": ("control", "End a run at once, without saving."),
    "delete": ("trash", "Put a run into the trash."),
    "restore": ("trash", "Take a run out of the trash."),
    "trash": ("trash", "List the trash, or empty it."),
    "data": ("data", "Look into data as training sees it."),
    "knobs": ("knobs", "List every knob of a run."),
    "themes": ("themes", "List the themes."),
    "doctor": ("doctor", "Check this machine, and say what to mend."),
}


class Verbs(click.Group):
    """A group whose commands live in a file each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f".{VERBS[cmd_name][0]}", __package__)
        return getattr(module, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, words) for verb, (_, words) in VERBS.items()])

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(clean(f"tunedeck: {error}"), err=True)
            sys.exit(error.exit_code)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--ascii", "ascii_only", is_flag=True, help="Open the app with ASCII characters only.")
@click.version_option(package_name="tunedeck", prog_name="tunedeck")
def tunedeck(ascii_only: bool) -> None:
    """Fine-tune language models on this machine. Without a verb, tunedeck opens the full-screen app."""
