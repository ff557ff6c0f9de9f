"""`tunedeck demo`: the whole path on real weights and data, from fetching them to what the tuned model does better."""

import importlib
import sqlite3
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ...store import database, overview, runs
from ...store.overview import Overview
from ...store.paths import Home
from .. import actions
from ..engine_process import ask
from ..follow import follow
from .output import JSON_OPTION, say, say_json

if TYPE_CHECKING:
    from .demos.demo import Demo

TASKS = ("chat", "classification", "transfer")


@click.command()
@click.option("--task", type=click.Choice(TASKS), default=TASKS[0], show_default=True, help="What to show.")
@click.option("--steps", type=click.IntRange(1, 10_000), help="Updates to make: 40, 190 and 100 without it.")
@click.option("--headless", is_flag=True, help="Print progress lines instead of opening the app.")
@JSON_OPTION
def demo(task: str, steps: int | None, headless: bool, as_json: bool) -> None:
    """Fine-tune a small model on whatever this machine has, and hold it against where it started.

    chat: SmolLM2-135M learns short answers with LoRA. classification: MiniLM learns what patients think of their
    drugs. transfer: MiniLM learns on IMDB, and from there on few rows of Rotten Tomatoes, beside the same from MiniLM
    itself: three runs, one after the other, which this command follows.

    Exit code 0 only if the runs completed and the tuned model is better on held-out rows.
    """
    shown: Demo = importlib.import_module(f".demos.{task}", __package__).DEMO
    fetch_parts(shown.parts, quiet=as_json)
    home = Home.default()
    db = database.connect(home)
    updates = steps or shown.steps
    in_app = shown.count == 1 and not (headless or as_json) and sys.stdin.isatty() and sys.stdout.isatty()
    if in_app:
        from ..app import open_app

        run = actions.start(db, home, shown.config(updates, ()))
        sys.exit(open_app(run.id) or _last_words(db, home, shown, run.id))
    sys.exit(_follow(db, home, shown, updates, as_json))


def fetch_parts(parts: Sequence[str], *, quiet: bool) -> None:
    """Have these parts in the cache; nothing is fetched that is there."""
    for answer in ask("fetch", parts, show_progress=True):
        if "progress" in answer:
            say(str(answer["progress"]), err=quiet)


def _follow(db: sqlite3.Connection, home: Home, shown: "Demo", steps: int, as_json: bool) -> int:
    views: list[Overview] = []
    for number in range(1, shown.count + 1):
        run = actions.start(db, home, shown.config(steps, [view.run.id for view in views]))
        if shown.count > 1:
            say(f"\nrun {number} of {shown.count}: {run.name}", err=as_json)
        try:
            views.append(follow(db, home, run.id, lambda text: say(text, err=as_json)))
        except KeyboardInterrupt:
            say(f"Detached: the run goes on. `tunedeck` brings you back, `tunedeck stop {run.id}` ends it.", err=True)
            return 130
        if views[-1].run.state != "completed":
            return _tell_failure(views[-1], as_json=as_json)
    result = shown.result(db, home, views)
    say_json(result) if as_json else shown.tell(db, home, views, result)
    return 0 if result["better"] else 1


def _tell_failure(view: Overview, *, as_json: bool) -> int:
    if as_json:
        say_json({"run": view.run.id, "state": view.run.state, "cause": view.run.cause, "better": False})
    else:
        say(f"\nThe run is {view.run.state}: {view.run.cause or 'see its log'}")
        say(f"`tunedeck show {view.run.id}` says more.")
    return 1


def _last_words(db: sqlite3.Connection, home: Home, shown: "Demo", run_id: str) -> int:
    """What is left on the terminal when the app was left, and the exit code."""
    view = overview.of_run(db, runs.get(db, run_id))
    if view.run.state not in runs.ENDED:
        return 1
    if view.run.state != "completed":
        return _tell_failure(view, as_json=False)
    result = shown.result(db, home, [view])
    shown.tell(db, home, [view], result)
    return 0 if result["better"] else 1
