"""`tunedeck delete`, `restore` and `trash`."""

import click

from ...store import database, runs, states
from ...store.errors import NotFoundError
from ...store.paths import Home
from .. import actions
from .output import moment, say, say_table


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
def trash(empty: bool) -> None:
    """List what is in the trash."""
    home = Home.default()
    db = database.connect(home)
    if empty:
        say(f"{runs.empty_trash(db, home)} runs were deleted for good.")
        return
    gone = runs.listed(db, deleted=True)
    if not gone:
        say("The trash is empty.")
        return
    say_table(("id", "state", "deleted", "name"), [(r.id, r.state, moment(r.deleted_at or 0), r.name) for r in gone])
