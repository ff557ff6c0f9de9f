"""`tunedeck metrics`: a run's metrics as a table, CSV or JSON."""

import csv
import sqlite3
import sys

import click

from ...store import database, runs
from ...store import metrics as rows
from ...store.paths import Home
from .output import JSON_OPTION, say, say_json, say_table

Series = dict[str, tuple[list[int], list[float]]]


@click.command()
@click.argument("run")
@click.option("--csv", "as_csv", is_flag=True, help="Print every step as CSV, a column a metric.")
@JSON_OPTION
def metrics(run: str, as_csv: bool, as_json: bool) -> None:
    """Show the metrics of RUN: first, lowest and newest value of each."""
    db = database.connect(Home.default())
    series = _series(db, runs.find(db, run).id)
    if as_csv:
        _write_csv(series)
    elif as_json:
        say_json({name: {"steps": steps, "values": values} for name, (steps, values) in series.items()})
    elif not series:
        say("No points yet: the first comes with the evaluation of the base model.")
    else:
        say_table(("metric", "points", "first", "lowest", "newest"), [_summary(name, *series[name]) for name in series])


def _series(db: sqlite3.Connection, run_id: str) -> Series:
    series = {name: rows.series(db, run_id, name) for name in rows.names(db, run_id)}
    # A metric can have points only in what a later attempt did anew.
    return {name: points for name, points in series.items() if points[0]}


def _summary(name: str, steps: list[int], values: list[float]) -> tuple[str, ...]:
    lowest = min((value for value in values if value == value), default=None)
    return name, str(len(steps)), *(_told(value) for value in (values[0], lowest, values[-1]))


def _told(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _write_csv(series: Series) -> None:
    by_step: dict[int, dict[str, float]] = {}
    for name, (steps, values) in series.items():
        for step, value in zip(steps, values, strict=True):
            by_step.setdefault(step, {})[name] = value
    writer = csv.DictWriter(sys.stdout, ["step", *series], lineterminator="\n")
    writer.writeheader()
    writer.writerows({"step": step, **by_step[step]} for step in sorted(by_step))
