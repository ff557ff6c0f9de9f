"""`tunedeck lr-find`: which learning rate suits a run, found by a short training in which the rate rises."""

import json
import sqlite3
import sys
from pathlib import Path

import click

from ...store import database, metrics, toml
from ...store.lr_curve import FEWEST_STEPS, METRIC, MOST_STEPS, Span
from ...store.paths import Home
from ...store.records import Run
from .. import actions
from ..follow import follow
from .output import JSON_OPTION, say, say_json
from .pictures import rate_chart
from .run import SET_OPTION

_DEFAULT = Span()


@click.command("lr-find")
@click.argument("config", type=click.Path(path_type=Path))
@SET_OPTION
@click.option("--from", "lowest", default=_DEFAULT.lowest, show_default=True, help="The rate of the first update.")
@click.option("--to", "highest", default=_DEFAULT.highest, show_default=True, help="The rate of the last update.")
@click.option(
    "--steps", type=click.IntRange(FEWEST_STEPS, MOST_STEPS), default=_DEFAULT.steps, show_default=True,
    help="Updates to make.",
)  # fmt: skip
@click.option("--follow/--no-follow", "following", default=True, show_default=True, help="Stay until it ends.")
@JSON_OPTION
def lr_find(
    config: Path,
    settings: tuple[str, ...],
    lowest: float,
    highest: float,
    steps: int,
    following: bool,
    as_json: bool,
) -> None:
    """Find a learning rate for the run of CONFIG, with its own rows, model, method and optimizer.

    The rate rises from update to update until the loss breaks down; suggested is the middle between where it falls
    fastest and where it is lowest. Nothing is kept but the curve. Exit code 0 only if a rate is suggested.
    """
    span = Span(lowest, highest, steps)
    values = toml.load(config, settings)
    actions.check(values)
    home = Home.default()
    db = database.connect(home)
    queued = actions.find_rate(db, home, values, span)
    say(f"{queued.name} is queued as {queued.id}; it goes on when you leave.", err=as_json)
    if following:
        sys.exit(_follow(db, home, queued.id, as_json))
    if as_json:
        say_json({"run": queued.id, "name": queued.name, "state": queued.state})


def _follow(db: sqlite3.Connection, home: Home, run_id: str, as_json: bool) -> int:
    try:
        run = follow(db, home, run_id, lambda text: say(text, err=as_json)).run
    except KeyboardInterrupt:
        say(f"Detached: {run_id} goes on. `tunedeck show {run_id}` has what it finds.", err=True)
        return 130
    facts = result(db, run)
    if as_json:
        say_json(facts)
    elif run.state == "completed":
        _say_result(run, facts["losses"], facts["suggested_learning_rate"])
    return 0 if facts["suggested_learning_rate"] else 1


def result(db: sqlite3.Connection, run: Run) -> dict:
    """What the test found, as one object: the rates that it suggests, null where it doesn't, and the curve.

    The losses are adjusted for how hard the rows of each update are to the base.
    """
    found = json.loads(run.summary or "{}")
    names = ("suggested_learning_rate", "cautious_learning_rate", "steepest_at", "lowest_at")
    return {
        "run": run.id,
        "state": run.state,
        "cause": run.cause,
        **{name: found.get(name) for name in names},
        "learning_rates": metrics.series(db, run.id, "learning_rate")[1],
        "losses": metrics.series(db, run.id, METRIC)[1],
    }


def _say_result(run: Run, losses: list[float], suggested: float | None) -> None:
    for line in rate_chart(losses, Span(**json.loads(run.options or "{}")), suggested):
        click.echo(line)
    say(f"\n{run.cause}")
