"""`tunedeck compare`: runs side by side."""

from collections.abc import Sequence
from pathlib import Path

import click

from ...store import database, runs
from ...store.errors import ConfigError
from ...store.paths import Home
from ...store.records import Run
from ..comparing import comparison, telling
from .output import JSON_OPTION, say, say_json


@click.command()
@click.argument("run", nargs=-1, required=True)
@click.option("--baseline", help="The run that the others are held against; the first without it.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Write it: a .md or a .csv file.")
@JSON_OPTION
def compare(run: tuple[str, ...], baseline: str | None, to: Path | None, as_json: bool) -> None:
    """Hold two to six RUNs against each other: knobs that differ, metrics on the rows in common, outputs.

    Metrics are those of the weights that each run keeps; intervals and verdicts come from a paired bootstrap.
    """
    home = Home.default()
    db = database.connect(home)
    chosen = [runs.find(db, name) for name in run]
    place = [one.id for one in chosen].index(_id(runs.find(db, baseline).id, chosen)) if baseline else 0
    found = comparison.of(db, home, chosen, place)
    if to:
        _write(to, found)
    elif as_json:
        say_json(telling.facts(found))
    else:
        say(telling.whole(found))


def _id(run_id: str, chosen: Sequence[Run]) -> str:
    if run_id not in [one.id for one in chosen]:
        raise ConfigError("--baseline names a run that is not compared.", "Name one of the others.", field="baseline")
    return run_id


def _write(path: Path, found: comparison.Comparison) -> None:
    kinds = {".md": telling.markdown, ".csv": telling.csv_text}
    if path.suffix not in kinds:
        raise ConfigError(f"--to is {path}: written are .md and .csv.", "Name such a file.", field="to")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(kinds[path.suffix](found))
    except FileExistsError:
        raise ConfigError(f"--to is {path}, which is there already.", "Name another file.", field="to") from None
    say(f"The comparison lies in {path}.")
