"""The points of a run that charts show, read from the store as they come; in the watch's thread."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..store import attempts, checkpoints, metrics, runs, scores
from .charts.alignment import STEPS, Alignment

if TYPE_CHECKING:
    from .charts.alignment import Points

MEMORY = "memory_bytes"
FLOW = ("learning_rate", "grad_norm", "tokens_per_second", MEMORY)
_TITLES = {
    "learning_rate": "learning rate",
    "grad_norm": "gradient norm",
    "tokens_per_second": "tokens per second",
    MEMORY: "peak memory, GB",
}
_BYTES_PER_GB = 1e9
# A model is charted in two figures for what it learns and two for what it keeps; `tunedeck show` lists the others.
MOST_OF_A_KIND = 2
# From so many points on a curve takes 50 ms to read.
_LONG = 50_000
# A million points take 16 MB a curve: 16 MB of a run that was passed in the list, 100 of one that was opened.
_MOST_READERS = 4


@dataclass(frozen=True)
class LossPoints:
    """Train and evaluation loss of a run, and where on the axis it is planned to end, was resumed, and was best."""

    train: Points
    evaluation: Points
    end: float
    resumed_at: list[float] = field(default_factory=list)
    best_at: float | None = None
    alignment: Alignment = STEPS


@dataclass(frozen=True)
class RunPoints:
    """All that the charts of one run show: the loss, and the others by name, those first that are looked at first.

    Unless it `is_whole`, of a long run that nobody has looked at yet, the others are to come.
    """

    loss: LossPoints
    others: dict[str, Points]
    names: list[str]
    """Of all that is recorded of the run."""
    is_whole: bool = True


class PointsReader:
    """Reads the points of one run; of what it has read before, only what came since.

    Reading all of four series of 60,000 points four times a second took a whole processor.
    """

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._starts: list[tuple[int, int]] = []
        self._known: dict[str, Points] = {}
        self._ends: dict[Alignment, float] = {}

    def loss(self, db: sqlite3.Connection, alignment: Alignment = STEPS) -> LossPoints:
        """Raises NotFoundError when the run is gone."""
        train, evaluation = (self.one(db, name, alignment) for name in ("loss", scores.LOSS))
        best = next((saved.step for saved in checkpoints.of_run(db, self._run_id) if saved.best), None)
        return LossPoints(
            train,
            evaluation,
            end=self.end(db, alignment),
            resumed_at=self._places(db, [step for _, step in self._starts if step], alignment),
            best_at=next(iter(self._places(db, [] if best is None else [best], alignment)), None),
            alignment=alignment,
        )

    def first(self, db: sqlite3.Connection, alignment: Alignment = STEPS) -> RunPoints:
        """As `all`, but of a long run the loss alone where the others were never read, which takes three times as long.

        Raises NotFoundError when the run is gone.
        """
        loss, names = self.loss(db, alignment), metrics.names(db, self._run_id)
        if len(loss.train[0]) < _LONG or self._known.keys() & {*FLOW}:
            return self._with_others(db, loss, names)
        return RunPoints(loss, {}, names, is_whole=False)

    def all(self, db: sqlite3.Connection, alignment: Alignment = STEPS) -> RunPoints:
        """Raises NotFoundError when the run is gone."""
        return self._with_others(db, self.loss(db, alignment), metrics.names(db, self._run_id))

    def _with_others(self, db: sqlite3.Connection, loss: LossPoints, names: list[str]) -> RunPoints:
        others = _others(scores.names(db, self._run_id), names)
        return RunPoints(loss, {name: self.one(db, name, loss.alignment) for name in others}, names)

    def one(self, db: sqlite3.Connection, name: str, alignment: Alignment = STEPS) -> Points:
        """The points of one metric, laid along the axis, memory in GB; none where the run has none."""
        self._read_starts(db)
        steps, values = self._series(db, name)
        points = steps, values / _BYTES_PER_GB if name == MEMORY else values
        # The totals are read last: there is one for every step above.
        return alignment.along(points, self._totals(db, alignment))

    def end(self, db: sqlite3.Connection, alignment: Alignment = STEPS) -> float:
        """Where the axis ends that the whole run fits on. Raises NotFoundError when the run is gone."""
        total_steps = runs.get(db, self._run_id).total_steps or 1
        before = self._ends.get(alignment, 0.0)
        self._ends[alignment] = alignment.end(total_steps, self._totals(db, alignment), before)
        return self._ends[alignment]

    def _read_starts(self, db: sqlite3.Connection) -> None:
        starts = [(attempt.id, attempt.start_step) for attempt in attempts.of_run(db, self._run_id)]
        if starts != self._starts:
            # A later attempt takes the place of the steps that it repeats.
            self._starts, self._known = starts, {}

    def _places(self, db: sqlite3.Connection, steps: list[int], alignment: Alignment) -> list[float]:
        """Where these few steps lie; those that lie nowhere are left out."""
        import numpy as np

        few = np.array(steps, dtype=np.int64)
        return alignment.along((few, few), self._totals(db, alignment))[0].tolist()

    def _totals(self, db: sqlite3.Connection, alignment: Alignment) -> Points:
        return self._series(db, alignment.metric)

    def _series(self, db: sqlite3.Connection, name: str) -> Points:
        import numpy as np

        steps, values = self._known.get(name, (np.empty(0, dtype=np.int64), np.empty(0)))
        new_steps, new_values = metrics.series(db, self._run_id, name, after_step=int(steps[-1]) if len(steps) else -1)
        if new_steps or name not in self._known:
            # New arrays: a chart may be drawing the old ones.
            self._known[name] = (
                np.concatenate([steps, np.asarray(new_steps, dtype=np.int64)]),
                np.concatenate([values, np.asarray(new_values, dtype=np.float64)]),
            )
        return self._known[name]


class PointsReaders:
    """Those of the runs that were looked at last: a million points take a second to read.

    To be used in the watch's thread.
    """

    def __init__(self) -> None:
        self._readers: dict[str, PointsReader] = {}

    def of_run(self, run_id: str) -> PointsReader:
        reader = self._readers.pop(run_id, None) or PointsReader(run_id)
        self._readers[run_id] = reader
        for forgotten in list(self._readers)[:-_MOST_READERS]:
            del self._readers[forgotten]
        return reader


def _others(found: list[str], names: list[str]) -> list[str]:
    """What is charted beside the loss: the task's own metrics, what is kept of the base, and how the training flows."""
    kept = [name for name in found if name.startswith("retention_")]
    learned = [name for name in found if name not in (*kept, scores.LOSS)]
    # Runs of older versions recorded no memory.
    flow = [name for name in FLOW if name != MEMORY or name in names]
    return [*learned[:MOST_OF_A_KIND], *kept[:MOST_OF_A_KIND], *flow]


def titled(name: str) -> str:
    """What a metric is called above its chart."""
    return _TITLES.get(name) or name.removeprefix("eval_").replace("retention_", "retention ")
