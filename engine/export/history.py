"""What the store knows of a run that its card tells: the scores on held-out rows, and the runs that it came from."""

import math
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from ...store import metrics, runs
from ...store import scores as run_scores
from ...store.errors import NotFoundError
from ...store.records import Run

_PREFIX = "eval_"


@dataclass(frozen=True)
class Score:
    """One metric on the held-out rows: at the start, and of the weights at the last evaluation up to their step."""

    name: str
    start: float | None
    tuned: float | None
    evaluated_step: int


@dataclass(frozen=True)
class Ancestor:
    """A run from which another started, by its name (empty when it is deleted), and the checkpoint if it was one."""

    id: str
    name: str
    step: int | None


def scores(db: sqlite3.Connection, run: Run, step: int) -> list[Score]:
    """Every metric on the held-out rows, the loss first."""
    names = [name for name in run_scores.names(db, run.id) if name.startswith(_PREFIX)]
    known = {name: dict(zip(*metrics.series(db, run.id, name), strict=True)) for name in names}
    return [_score(name, values, step) for name, values in known.items() if values]


def _score(name: str, values: dict[int, float], step: int) -> Score:
    evaluated = max((at for at in values if 0 < at <= step), default=0)
    return Score(name.removeprefix(_PREFIX), values.get(0), values[evaluated] if evaluated else None, evaluated)


def lowest_loss(db: sqlite3.Connection, run: Run) -> tuple[float, int] | None:
    """The lowest evaluation loss of the whole run, in nats, and its step."""
    steps, losses = metrics.series(db, run.id, "eval_loss")
    return min(((loss, at) for at, loss in zip(steps, losses, strict=True) if math.isfinite(loss)), default=None)


def ancestors(db: sqlite3.Connection, run: Run) -> Iterator[Ancestor]:
    """The run that this one started from, the one before that, and so on."""
    seen = {run.id}
    while run.parent_run and run.parent_run not in seen:
        seen.add(run.parent_run)
        try:
            parent = runs.get(db, run.parent_run)
        except NotFoundError:
            yield Ancestor(run.parent_run, "", run.parent_checkpoint)
            return
        yield Ancestor(parent.id, parent.name, run.parent_checkpoint)
        run = parent
