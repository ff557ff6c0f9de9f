"""`tunedeck runs`: the list of runs."""

import click

from ...store import database, overview, run_filter, states
from ...store.overview import Overview
from ...store.paths import Home
from ..words import duration, figure
from .output import JSON_OPTION, moment, say, say_json, say_table

_TITLES = ("#", "id", "state", "name", "step", "loss", "best eval", "left", "queued")


@click.command()
@click.argument("condition", nargs=-1)
@click.option("--sort", default=run_filter.ORDERS[0], help=f"One of {', '.join(run_filter.ORDERS)}.")
@JSON_OPTION
def runs(condition: tuple[str, ...], sort: str, as_json: bool) -> None:
    """List the runs of which every CONDITION holds; without one all of them.

    A CONDITION is a word of the name, model or data, or asks of a fact or a knob: state=running task=chat 'best<1.2'
    learning_rate=1e-4 name~big. With ! in front it must not hold.
    """
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    everything = overview.of_all(db)
    views = run_filter.ordered(run_filter.matching(everything, run_filter.parse(" ".join(condition))), sort)
    if as_json:
        say_json([overview.facts(db, view) for view in views])
        return
    if everything and not views:
        say("No run is like that.")
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
