"""`tunedeck compare`: runs side by side."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click

from ...store import database, runs
from ...store.errors import ConfigError
from ...store.paths import Home
from ...store.records import Run
from ..charts.alignment import ALIGNMENTS, Alignment, named
from ..comparing import comparison, files, telling
from ..comparing.curves import Curves, CurvesReader
from .output import JSON_OPTION, say, say_json

_AXES = [one.name for one in ALIGNMENTS]


@click.command()
@click.argument("run", nargs=-1, required=True)
@click.option("--baseline", help="The run that the others are held against; the first without it.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Write it: a .md, .csv or .svg file.")
@click.option("--metric", default="", help="Whose curves the .svg shows; the held-out loss without it.")
@click.option("--by", type=click.Choice(_AXES), default=_AXES[0], help="What the curves of the .svg lie along.")
@click.option("--smooth", type=click.IntRange(1), default=1, help="Noisy curves of the .svg are means of N points.")
@JSON_OPTION
def compare(
    run: tuple[str, ...], baseline: str | None, to: Path | None, metric: str, by: str, smooth: int, as_json: bool
) -> None:
    """Hold two to six RUNs against each other: knobs that differ, metrics on the rows in common, outputs.

    Metrics are those of the weights that each run keeps; intervals and verdicts come from a paired bootstrap.
    """
    home = Home.default()
    db = database.connect(home)
    chosen = [runs.find(db, name) for name in run]
    place = _place(runs.find(db, baseline), chosen) if baseline else 0
    found = comparison.of(db, home, chosen, place)
    if to:
        curves = _curves(db, chosen, metric, named(by))
        _write(to, partial(files.content, to.suffix, found, curves, span=smooth))
    elif as_json:
        say_json(telling.facts(found))
    else:
        say(telling.whole(found))


def _place(baseline: Run, chosen: Sequence[Run]) -> int:
    ids = [one.id for one in chosen]
    if baseline.id not in ids:
        raise ConfigError("--baseline names a run that is not compared.", "Name one of the others.", field="baseline")
    return ids.index(baseline.id)


def _curves(db: sqlite3.Connection, chosen: Sequence[Run], metric: str, alignment: Alignment) -> Curves:
    curves = CurvesReader([one.id for one in chosen]).read(db, metric, alignment)
    if metric and metric not in curves.recorded:
        raise ConfigError(
            f"--metric is {metric}: none of these runs has it.", f"They have {', '.join(curves.names)}.", field="metric"
        )
    if alignment.metric and alignment.metric not in curves.recorded:
        raise ConfigError(f"--by is {alignment.name}: no run has it recorded.", "Leave it out.", field="by")
    return curves


def _write(path: Path, content: Callable[[], str]) -> None:
    if path.suffix not in files.SUFFIXES:
        raise ConfigError(f"--to is {path}: written are .md, .csv and .svg.", "Name such a file.", field="to")
    # Before the file is there: what can't be told must not leave an empty one.
    told = content()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(told)
    except FileExistsError:
        raise ConfigError(f"--to is {path}, which is there already.", "Name another file.", field="to") from None
    say(f"The comparison lies in {path}.")
