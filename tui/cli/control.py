"""`tunedeck stop`, `resume` and `kill`."""

import click

from ...store import database, runs, states
from ...store.paths import Home
from .. import actions
from .output import JSON_OPTION, say, say_json


def _told(run_id: str, sentence: str, as_json: bool) -> None:
    say_json({"run": run_id, "did": sentence}) if as_json else say(sentence)


@click.command()
@click.argument("run")
@JSON_OPTION
def stop(run: str, as_json: bool) -> None:
    """Have RUN save its state and stop; a queued one leaves the queue."""
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    found = runs.find(db, run)
    _told(found.id, actions.stop(db, found), as_json)


@click.command()
@click.argument("run")
@JSON_OPTION
def resume(run: str, as_json: bool) -> None:
    """Go on with RUN from its newest whole checkpoint; for a queued one, have the queue worked."""
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    found = runs.find(db, run)
    _told(found.id, actions.resume(db, home, found), as_json)


@click.command()
@click.argument("run")
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON_OPTION
def kill(run: str, yes: bool, as_json: bool) -> None:
    """End RUN at once; what was not saved is lost. `tunedeck stop` is kinder."""
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    found = runs.find(db, run)
    actions.engine_of(db, found)
    if not yes:
        click.confirm("What was not saved is lost. Kill it?", abort=True)
    _told(found.id, actions.kill(db, found), as_json)
