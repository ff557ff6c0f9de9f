"""Who can be asked: the runs that have weights, newest first, and the models that runs have started from."""

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping
from typing import Any

from ...store import catalog, checkpoints, lineage, runs
from ...store.paths import Home
from ...store.records import Run
from ...store.run_filter import task_word
from ..widgets.cells import Column, Row
from ..words import duration

Config = Mapping[str, Any]

COLUMNS = (
    Column("who", 16, flex=2),
    Column("state", 11, drop=2),
    Column("step", 7, align="right", drop=1),
    Column("task", 12, flex=1, drop=3),
    Column("base", 14, flex=1, drop=4),
    Column("age", 6, align="right", drop=5),
)


def read(db: sqlite3.Connection, home: Home) -> list[Row]:
    """Rows whose keys are what the engine is asked for: a run's id, or a model's name."""
    listed = [(run, json.loads(run.config)) for run in runs.listed(db) if run.kind not in runs.WITHOUT_WEIGHTS]
    saved, names = checkpoints.newest_steps(db), {run.id: run.name for run, _ in listed}
    found = (_of_run(home, run, config, saved.get(run.id), names) for run, config in listed)
    return [*filter(None, found), *_models(config for _, config in listed)]


def _of_run(home: Home, run: Run, config: Config, saved_step: int | None, names: Mapping[str, str]) -> Row | None:
    has_result = run.state == "completed" and home.run(run.id).adapter.is_dir()
    if saved_step is None and not has_result:
        return None
    step = str(run.total_steps or "") if has_result else str(saved_step)
    age = duration(time.time() - run.created_at)
    base = (_base(str(config["model"]), names), "dim")
    return Row(run.id, (run.name, run.state, step, task_word(str(config.get("task", ""))), base, (age, "dim")))


def _base(model: str, names: Mapping[str, str]) -> str:
    """What it began with; an earlier run by the name that people know it by."""
    if not lineage.is_run(model):
        return model
    reference, at = lineage.parted(model)
    return f"{names.get(reference, reference)}{f'@{at}' if at.isdecimal() else ''}"


def _models(configs: Iterable[Config]) -> list[Row]:
    """The demo models, and what else runs have started from, by their names alone."""
    used = dict.fromkeys(str(config["model"]) for config in configs)
    demos = [part.name for part in catalog.PARTS if part.kind == "model"]
    names = [name for name in dict.fromkeys([*used, *demos]) if not lineage.is_run(name)]
    return [Row(name, (name, ("a model", "dim"), "", "", "", "")) for name in names]
