"""`tunedeck queue`: which run is taken next, and changing that."""

import json
import sqlite3

import click

from ...store import database, queue_order, runs, states
from ...store.paths import Home
from ...store.records import Run
from ...store.run_filter import model_name
from .. import queueing
from .output import JSON_OPTION, moment, say, say_json, say_table


@click.command()
@click.argument("run", required=False)
@click.option("--first", is_flag=True, help="Have RUN taken next.")
@click.option("--last", is_flag=True, help="Have RUN taken after all others that wait now.")
@click.option("--before", metavar="OTHER", help="Have RUN taken before OTHER, which waits too.")
@JSON_OPTION
def queue(run: str | None, first: bool, last: bool, before: str | None, as_json: bool) -> None:
    """List the queue, the next run first; or move RUN in it."""
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    if bool(run) != (first + last + bool(before) == 1):
        raise click.UsageError("Say RUN and one of --first, --last and --before OTHER, or nothing to list the queue.")
    if run:
        found = runs.find(db, run)
        place = _moved(db, found, first=first, before=before)
        told = queueing.told(db, found, place)
        say_json({"run": found.id, "place": place, "did": told}) if as_json else say(told)
    elif as_json:
        say_json([_facts(place, waiting) for place, waiting in enumerate(queue_order.waiting(db), start=1)])
    else:
        _list(db, home)


def _moved(db: sqlite3.Connection, run: Run, *, first: bool, before: str | None) -> int:
    if before:
        return queue_order.put_before(db, run, runs.find(db, before))
    return queue_order.put_first(db, run) if first else queue_order.put_last(db, run)


def _list(db: sqlite3.Connection, home: Home) -> None:
    rows = [
        (str(place), run.id, model_name(json.loads(run.config)["model"]), moment(run.created_at), run.name)
        for place, run in enumerate(queue_order.waiting(db), start=1)
    ]
    if not rows:
        say("No run waits in the queue.")
        return
    say_table(("place", "id", "model", "made", "name"), rows)
    if states.queue_rests(db, home):
        say(f"The queue rests: `tunedeck resume {rows[0][1]}` lets it go on.")


def _facts(place: int, run: Run) -> dict[str, object]:
    return {"place": place, "run": run.id, "name": run.name, "kind": run.kind, "created_at": run.created_at}
