"""`tunedeck runs`: the list of runs."""

import click

from ...store import database, overview, states
from ...store.overview import Overview
from ...store.paths import Home
from ..words import duration, figure
from .output import JSON_OPTION, moment, say, say_json, say_table

_TITLES = ("#", "id", "state", "name", "step", "loss", "best eval", "left", "queued")


@click.command()
@JSON_OPTION
def runs(as_json: bool) -> None:
    """List the runs, newest first."""
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    views = overview.of_all(db)
    if as_json:
        say_json([overview.facts(db, view) for view in views])
        return
    if not views:
        say("There are no runs yet. `tunedeck demo` makes one; `tunedeck run CONFIG.toml` makes yours.")
        return
    say_table(_TITLES, [(*_cells(view), moment(view.run.created_at)) for view in views])


def _cells(view: Overview) -> tuple[str, ...]:
    run = view.run
    steps = f"{view.step}/{view.total_steps}" if view.total_steps else "-"
    left = duration(view.seconds_left) if view.seconds_left is not None else "-"
    return (
        str(run.number), run.id, run.state, run.name, steps, figure(view.loss), figure(view.best_eval_loss), left,
    )  # fmt: skip
