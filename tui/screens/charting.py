"""From the store's points to what charts show; the reading is done in the watch's thread."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from ...store import attempts, metrics, runs
from ..charts.chart import Chart
from ..charts.series import Mark, Series

if TYPE_CHECKING:
    # numpy takes 80 ms to import, which the first paint must not wait for.
    import numpy as np

    Points = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class LossPoints:
    """Train and evaluation loss of a run, its planned last step, and the steps at which it was resumed."""

    train: Points
    evaluation: Points
    last_step: int
    resumed_at: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class RunPoints:
    """All that the charts of one run show."""

    loss: LossPoints
    others: dict[str, Points]


class PointsReader:
    """Reads the points of one run; of what it has read before, only what came since.

    Reading all of four series of 60,000 points four times a second took a whole processor.
    """

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._starts: list[tuple[int, int]] = []
        self._known: dict[str, Points] = {}

    def loss(self, db: sqlite3.Connection) -> LossPoints:
        """Raises NotFoundError when the run is gone."""
        run = runs.get(db, self._run_id)
        starts = [(attempt.id, attempt.start_step) for attempt in attempts.of_run(db, self._run_id)]
        if starts != self._starts:
            # A later attempt takes the place of the steps that it repeats.
            self._starts, self._known = starts, {}
        return LossPoints(
            train=self._series(db, "loss"),
            evaluation=self._series(db, "eval_loss"),
            last_step=run.total_steps or 1,
            resumed_at=[step for _, step in starts if step],
        )

    def all(self, db: sqlite3.Connection) -> RunPoints:
        """Raises NotFoundError when the run is gone."""
        return RunPoints(self.loss(db), {name: self._series(db, name) for name in _OTHERS})

    def _series(self, db: sqlite3.Connection, name: str) -> Points:
        import numpy as np

        steps, values = self._known.get(name, (np.empty(0, dtype=np.int64), np.empty(0)))
        new_steps, new_values = metrics.series(db, self._run_id, name, after_step=int(steps[-1]) if len(steps) else -1)
        # New arrays: a chart may be drawing the old ones.
        self._known[name] = (
            np.concatenate([steps, np.asarray(new_steps, dtype=np.int64)]),
            np.concatenate([values, np.asarray(new_values, dtype=np.float64)]),
        )
        return self._known[name]


def show_loss(chart: Chart, points: LossPoints, *, title: str = "loss", log_y: bool = False) -> None:
    """Train and evaluation loss in one, with the base model's score as the line to beat."""
    eval_steps, eval_losses = points.evaluation
    series = [
        Series("train", *points.train, "train"),
        Series("eval", eval_steps, eval_losses, "eval", "points", "◆"),
    ]
    if len(eval_steps) and eval_steps[0] == 0:
        series.append(Series("base", eval_steps[:1], eval_losses[:1], "base", "rule"))
    marks = [Mark(step, "resumed") for step in points.resumed_at]
    chart.show_series(series, points.last_step, marks=marks, title=title, log_y=log_y)


_OTHERS = {"learning_rate": "learning rate", "grad_norm": "gradient norm", "tokens_per_second": "tokens per second"}


class ChartGrid(Widget):
    """The loss large and the others beside or below it; or one of them alone."""

    DEFAULT_CSS = """
    ChartGrid { layout: vertical; height: 1fr; }
    ChartGrid > #loss { height: 3fr; }
    ChartGrid > #others { height: 2fr; layout: horizontal; }
    ChartGrid > #others > Chart { margin: 0 1 0 0; }
    ChartGrid.-wide { layout: horizontal; }
    ChartGrid.-wide > #loss { height: 1fr; width: 3fr; }
    ChartGrid.-wide > #others { height: 1fr; width: 2fr; layout: vertical; }
    ChartGrid.-one > #loss, ChartGrid.-one > #others, ChartGrid.-one > #others > Chart { display: none; }
    ChartGrid.-one > #loss.-large, ChartGrid.-one > #others.-large { display: block; height: 1fr; width: 1fr; }
    ChartGrid.-one > #others > Chart.-large { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._points: RunPoints | None = None
        self._large = ""
        self._log_y = False

    def compose(self) -> ComposeResult:
        yield Chart("loss", id="loss")
        with Horizontal(id="others"):
            for name, title in _OTHERS.items():
                yield Chart(title, id=name)

    def on_resize(self) -> None:
        self.set_class(self.size.width >= 110, "-wide")

    def show(self, points: RunPoints) -> None:
        """Draw these points."""
        self._points = points
        show_loss(self.query_one("#loss", Chart), points.loss, log_y=self._log_y)
        for name in _OTHERS:
            series = [Series("", *points.others[name], "train")]
            self.query_one(f"#{name}", Chart).show_series(series, points.loss.last_step)

    def enlarge(self, by: int) -> None:
        """Go on to the next chart alone, and after the last one back to all of them."""
        names = ["", "loss", *_OTHERS]
        self._large = names[(names.index(self._large) + by) % len(names)]
        self.set_class(bool(self._large), "-one")
        for chart in self.query(Chart):
            chart.set_class(chart.id == self._large, "-large")
        self.query_one("#others").set_class(self._large in _OTHERS, "-large")

    def switch_log(self) -> None:
        self._log_y = not self._log_y
        if self._points:
            self.show(self._points)
