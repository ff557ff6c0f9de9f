"""What a run said of each held-out row, with the weights that it keeps."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...store import checkpoints
from ...store.errors import NotFoundError
from ...store.paths import Home, RunFolder
from ...store.records import Run
from .. import predictions

# Of the row's own columns these say where it stood in its file, which the same row need not share in another.
_PLACES = {"row", "loss"}


@dataclass(frozen=True)
class Evaluated:
    """A run's evaluation at a step: what was said of each row, by what the row itself says."""

    run: Run
    step: int
    rows: Mapping[str, dict[str, Any]]
    """The prediction and the texts of a row, by its own text; of rows that are alike the last."""


def of_run(db: sqlite3.Connection, home: Home, run: Run) -> Evaluated:
    """The evaluation of the weights that the run keeps.

    Raises:
        NotFoundError: the run has no evaluation yet, or its file can't be read.
    """
    folder = home.run(run.id)
    step = _kept_step(db, run, folder)
    texts = {row["row"]: row for row in predictions.rows(predictions.rows_file(folder))}
    told = predictions.rows(predictions.of_step(folder, step))
    found = {_key(texts[row["row"]]): texts[row["row"]] | row for row in told if row["row"] in texts}
    return Evaluated(run, step, found)


def shared(evaluated: Sequence[Evaluated]) -> list[str]:
    """The keys of the rows that all of them were scored on, in the first one's order."""
    return [key for key in evaluated[0].rows if all(key in one.rows for one in evaluated[1:])]


def _kept_step(db: sqlite3.Connection, run: Run, folder: RunFolder) -> int:
    steps = predictions.steps(folder)
    if not steps:
        raise NotFoundError(f"{run.name} has no evaluation yet.", "Compare it once it has one.")
    best = [saved.step for saved in checkpoints.of_run(db, run.id) if saved.best]
    keeps_best = json.loads(run.config).get("load_best_model_at_end")
    return best[0] if keeps_best and best and best[0] in steps else steps[-1]


def _key(row: Mapping[str, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if name not in _PLACES}, sort_keys=True, default=str)
