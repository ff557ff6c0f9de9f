"""`tunedeck fork` and `transfer`: a run like an earlier one, or from its weights."""

import click

from ...store import database, runs, toml
from ...store.paths import Home
from .. import actions
from .output import JSON_OPTION
from .run import FOLLOW_OPTION, SET_OPTION, launch


@click.command()
@click.argument("run")
@SET_OPTION
@FOLLOW_OPTION
@JSON_OPTION
def fork(run: str, settings: tuple[str, ...], following: bool, as_json: bool) -> None:
    """Queue a run with the configuration of RUN, changed by --set; it starts from the model that RUN started from."""
    home = Home.default()
    origin = runs.find(database.connect(home), run)
    config = toml.changed(actions.forked(origin), settings)
    launch(config, following=following, as_json=as_json, forked_from=origin.id)


@click.command()
@click.argument("run")
@click.option("--step", default="", metavar="N|best|last", help="A checkpoint; the result, or the newest, without it.")
@SET_OPTION
@FOLLOW_OPTION
@JSON_OPTION
def transfer(run: str, step: str, settings: tuple[str, ...], following: bool, as_json: bool) -> None:
    """Queue a run that starts from the weights of RUN, otherwise as RUN was, changed by --set.

    Most often with other data: tunedeck transfer RUN --set data=mine.csv. The optimizer starts fresh.
    """
    home = Home.default()
    values = actions.transferred(runs.find(database.connect(home), run), step)
    launch(toml.changed(values, settings), following=following, as_json=as_json)
