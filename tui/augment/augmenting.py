"""What people do to augmentations, the same for the app's keys and the command line's verbs."""

import json
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...store import made, runs
from ...store.datasets import Dataset
from ...store.errors import StateError
from ...store.paths import Home
from ...store.records import Run
from ..data import datasets
from ..engine_process import ask, start_runner

if TYPE_CHECKING:
    from ...store.augment import AugmentKnobs
    from ...store.config import RunConfig


def queue(db: sqlite3.Connection, home: Home, config: "RunConfig", knobs: "AugmentKnobs") -> Run:
    """Queue the making of synthetic rows and have the queue worked.

    Raises:
        ConfigError: a file, a version or a run that is named is missing, or was set apart for evaluation.
    """
    # Imports pydantic (0.1 s), which the app's first paint must not wait for.
    from ...store import launch

    run = launch.queue_augmentation(db, home, config, knobs)
    start_runner(home)
    return run


def suited(name: str) -> str:
    """The task that rows of such a shape are most often for, as the engine finds it; blocks."""
    *_, found = ask("rows", ["--", name])
    tasks = found["tasks"]
    return str(tasks[0]) if isinstance(tasks, list) and tasks else ""


def find(db: sqlite3.Connection, reference: str) -> Run:
    """The augmentation of that id or name.

    Raises:
        NotFoundError: there is no such run; StateError: it is of another kind.
    """
    run = runs.find(db, reference)
    if run.kind != made.KIND:
        raise StateError(f"{run.name} made no synthetic rows.", "`tunedeck runs` lists the runs.")
    return run


def accept(home: Home, run: Run, name: str = "", tell: Callable[[str], None] = lambda progress: None) -> Dataset:
    """Write the accepted rows, behind those that they were made from, as a new version; blocks.

    Raises:
        StateError: the rows are still being made, or none is accepted; UserError: the version can't be made.
    """
    if run.state in ("queued", "running"):
        raise StateError(f"{run.name} is {run.state}: its rows are not all made.", "Wait for its end, or stop it.")
    rows = [
        {"row": row.row, "origin": row.origin, "generator": row.generator} for row in made.accepted(home.run(run.id))
    ]
    if not rows:
        raise StateError(f"{run.name} has no accepted row.", "Nothing was written.")
    operation = {"op": "add", "rows": rows, "reason": f"run {run.id}"}
    return datasets.derive(json.loads(run.config)["data"], operation, name, tell)[-1]
