"""The curves of the runs that are compared: one metric of each, laid along the same axis."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...store import metrics, runs, scores
from ..charts.alignment import STEPS, Alignment
from ..charts.series import Series
from ..points import FLOW, PointsReader, titled
from .bounds import LETTERS

if TYPE_CHECKING:
    from ..charts.alignment import Points

_LOSS = "loss"


@dataclass(frozen=True)
class Curves:
    """One metric of each run along an axis; `names` are the metrics that some of the runs have."""

    names: list[str] = field(default_factory=list)
    metric: str = ""
    alignment: Alignment = STEPS
    points: list[Points] = field(default_factory=list)
    end: float = 1.0
    recorded: list[str] = field(default_factory=list)
    """All that is recorded of any of the runs."""
    missing: str = ""
    """The letters of the runs that can't be laid along this axis."""

    @property
    def title(self) -> str:
        held_out = "held-out " if self.metric.startswith("eval_") else ""
        by = f" by {self.alignment.name}" if self.alignment.metric else ""
        without = f" (not recorded of {self.missing})" if self.missing else ""
        return f"{held_out}{titled(self.metric)}{by}{without}"

    def series(self, names: Sequence[str], span: int = 1) -> list[Series]:
        """A series a run, each in a colour and with a mark of its own; noisy ones are means of `span` points."""
        is_score = self.metric.startswith(("eval_", "retention_"))
        style, span = ("points", 1) if is_score else ("line", span)
        return [
            Series(names[place], *points, str(place + 1), style, LETTERS[place], span)
            for place, points in enumerate(self.points)
        ]


class CurvesReader:
    """Reads the curves of two to six runs; of what it has read before, only what came since."""

    def __init__(self, run_ids: Sequence[str]) -> None:
        self._readers = {run_id: PointsReader(run_id) for run_id in run_ids}

    def read(self, db: sqlite3.Connection, metric: str = "", alignment: Alignment = STEPS) -> Curves:
        """The metric's curves; without one, those of the held-out loss, or else of the loss.

        Raises NotFoundError when a run is gone.
        """
        by_run = [metrics.names(db, run_id) for run_id in self._readers]
        recorded = list(dict.fromkeys(name for names in by_run for name in names))
        found = (name for run_id in self._readers for name in scores.names(db, run_id))
        names = list(dict.fromkeys([_LOSS, *found, *(name for name in FLOW if name in recorded)]))
        metric = metric or next((name for name in names if name == scores.LOSS), _LOSS)
        points = [reader.one(db, metric, alignment) for reader in self._readers.values()]
        missing = [
            letter
            for letter, known in zip(LETTERS, by_run, strict=False)
            if alignment.metric and alignment.metric not in known
        ]
        return Curves(names, metric, alignment, points, self._end(db, points, alignment), recorded, ", ".join(missing))

    def _end(self, db: sqlite3.Connection, points: Sequence[Points], alignment: Alignment) -> float:
        """Of runs that ended the last point; others are given the room that they will need."""
        ends = [1e-9]
        for (run_id, reader), (places, _) in zip(self._readers.items(), points, strict=True):
            if runs.get(db, run_id).state in runs.ENDED:
                ends += [float(places[-1])] if len(places) else []
            else:
                ends.append(reader.end(db, alignment))
        return max(ends) if max(ends) > ends[0] else 1.0
