"""`tunedeck delete`, `restore` and `trash`."""

import click

from ...store import database, runs, states
from ...store.errors import NotFoundError
from ...store.paths import Home
from ...store.records import Run
from ...store.upkeep import spare
from .. import actions
from ..words import megabytes
from .output import JSON_OPTION, moment, say, say_json, say_table


@click.command()
@click.argument("run")
def delete(run: str) -> None:
    """Put RUN into the trash; `tunedeck restore` takes it out."""
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    found = runs.find(db, run)
    say(f"{actions.delete(db, home, found)} `tunedeck restore {found.id}` takes it out.")


@click.command()
@click.argument("run")
def restore(run: str) -> None:
    """Take RUN, an id, out of the trash."""
    home = Home.default()
    db = database.connect(home)
    found = next((gone for gone in runs.listed(db, deleted=True) if gone.id == run), None)
    if found is None:
        raise NotFoundError(f"There is no run {run!r} in the trash.", "`tunedeck trash` lists it.")
    say(actions.restore(db, home, found))


@click.command()
@click.option("--empty", is_flag=True, help="Delete everything in it for good.")
@JSON_OPTION
def trash(empty: bool, as_json: bool) -> None:
    """List what is in the trash, with the room that it takes."""
    home = Home.default()
    db = database.connect(home)
    if empty:
        told = actions.empty_trash(db, home)
        say_json({"did": told}) if as_json else say(told)
        return
    gone = runs.listed(db, deleted=True)
    if as_json:
        say_json([_facts(run, spare.size(home.trash / run.id)) for run in gone])
    elif gone:
        rows = [
            (run.id, run.state, moment(run.deleted_at or 0), megabytes(spare.size(home.trash / run.id)), run.name)
            for run in gone
        ]
        say_table(("id", "state", "deleted", "size", "name"), rows)
    else:
        say("The trash is empty.")


def _facts(run: Run, size_bytes: int) -> dict[str, object]:
    return {
        "run": run.id, "name": run.name, "state": run.state, "deleted_at": run.deleted_at, "size_bytes": size_bytes,
    }  # fmt: skip
