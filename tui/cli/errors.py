"""`tunedeck errors`: the held-out rows that a run gets most wrong."""

import click

from ...store import database, runs
from ...store.paths import Home
from .. import predictions
from .output import JSON_OPTION, say, say_json


@click.command()
@click.argument("run")
@click.option("--rows", type=click.IntRange(1, 100_000), default=20, show_default=True, help="How many.")
@JSON_OPTION
def errors(run: str, rows: int, as_json: bool) -> None:
    """Show the held-out rows with the highest loss in the newest evaluation of RUN, the worst first."""
    home = Home.default()
    found = predictions.worst(home.run(runs.find(database.connect(home), run).id), rows)
    for row in found:
        say_json(row) if as_json else say(f"{predictions.told(row)}\n")
