"""From the store's points to what charts show; the reading is done in the watch's thread."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from ...store import attempts, metrics, runs, scores
from ..charts.chart import Chart
from ..charts.series import Mark, Series
from ..charts.smoothing import SPANS

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
    """All that the charts of one run show: the loss, and the others by name, those first that are looked at first."""

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
        self._read_starts(db)
        return LossPoints(
            train=self._series(db, "loss"),
            evaluation=self._series(db, "eval_loss"),
            last_step=run.total_steps or 1,
            resumed_at=[step for _, step in self._starts if step],
        )

    def _read_starts(self, db: sqlite3.Connection) -> None:
        starts = [(attempt.id, attempt.start_step) for attempt in attempts.of_run(db, self._run_id)]
        if starts != self._starts:
            # A later attempt takes the place of the steps that it repeats.
            self._starts, self._known = starts, {}

    def one(self, db: sqlite3.Connection, name: str) -> Points:
        """The points of one metric; none where the run has none."""
        self._read_starts(db)
        return self._series(db, name)

    def all(self, db: sqlite3.Connection) -> RunPoints:
        """Raises NotFoundError when the run is gone."""
        return RunPoints(self.loss(db), {name: self._series(db, name) for name in _others(db, self._run_id)})

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


@dataclass(frozen=True)
class View:
    """How charts are looked at: from which step on, over how many points a noisy curve is smoothed, on which axis."""

    x_min: int = 0
    span: int = 1
    log_y: bool = False


def show_loss(chart: Chart, points: LossPoints, *, title: str = "loss", view: View | None = None) -> None:
    """Train and evaluation loss in one, with the base model's score as the line to beat."""
    view = view or View()
    eval_steps, eval_losses = points.evaluation
    series = [
        *_noisy("train", points.train, view.span),
        Series("eval", eval_steps, eval_losses, "eval", "points", "◆"),
    ]
    if len(eval_steps) and eval_steps[0] == 0:
        series.append(Series("base", eval_steps[:1], eval_losses[:1], "base", "rule"))
    marks = [Mark(step, "resumed") for step in points.resumed_at]
    chart.show_series(series, points.last_step, x_min=view.x_min, marks=marks, title=title, log_y=view.log_y)


def _noisy(name: str, points: Points, span: int) -> list[Series]:
    """A curve, or behind its smoothed one the raw one, faint."""
    steps, values = points
    if span == 1:
        return [Series(name, steps, values, "train")]
    return [Series("raw", steps, values, "text"), Series(name or "mean", steps, values, "train", span=span)]


_FLOW = {"learning_rate": "learning rate", "grad_norm": "gradient norm", "tokens_per_second": "tokens per second"}
# A model is charted in two figures for what it learns and two for what it keeps; `tunedeck show` lists the others.
_MOST_OF_A_KIND = 2
# A thousandth of the steps: beyond it a chart of a million has a thousand left.
_MOST_ZOOM = 10
_SLOTS = 2 * _MOST_OF_A_KIND + len(_FLOW)
# What a chart needs beside or below the loss, to be worth its room.
_LEAST_WIDTH, _LEAST_HEIGHT = 24, 7


def _others(db: sqlite3.Connection, run_id: str) -> list[str]:
    """What is charted beside the loss: the task's own metrics, what is kept of the base, and how the training flows."""
    found = [name for name in scores.names(db, run_id) if name != scores.LOSS]
    kept = [name for name in found if name.startswith("retention_")]
    learned = [name for name in found if name not in kept]
    return [*learned[:_MOST_OF_A_KIND], *kept[:_MOST_OF_A_KIND], *_FLOW]


def show_score(chart: Chart, name: str, points: Points, last_step: int, view: View) -> None:
    """One curve; that of an evaluation by its points, with the base model's value as the line to beat."""
    title = _FLOW.get(name) or name.removeprefix("eval_").replace("retention_", "retention ")
    steps, values = points
    if name in _FLOW:
        series = _noisy("", points, view.span)
    else:
        series = [Series("", steps, values, "eval", "points", "◆")]
        if len(steps) and steps[0] == 0:
            series.append(Series("base", steps[:1], values[:1], "base", "rule"))
    chart.show_series(series, last_step, x_min=view.x_min, title=title)


class ChartGrid(Widget):
    """The loss large and as many others beside or below it as there is room for; or one of them alone."""

    DEFAULT_CSS = """
    ChartGrid { layout: vertical; height: 1fr; }
    ChartGrid > #loss { height: 3fr; }
    ChartGrid > #others { height: 2fr; layout: horizontal; }
    ChartGrid > #others > Chart { margin: 0 1 0 0; display: none; }
    ChartGrid > #others > Chart.-shown { display: block; }
    ChartGrid.-wide { layout: horizontal; }
    ChartGrid.-wide > #loss { height: 1fr; width: 3fr; }
    ChartGrid.-wide > #others { height: 1fr; width: 2fr; layout: vertical; }
    ChartGrid.-one > #loss, ChartGrid.-one > #others { display: none; }
    ChartGrid.-one > #loss.-large, ChartGrid.-one > #others.-large { display: block; height: 1fr; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._points: RunPoints | None = None
        self._large = ""
        self._log_y = False
        self._zoom = 0
        self._span = SPANS[0]

    def compose(self) -> ComposeResult:
        yield Chart("loss", id="loss")
        with Horizontal(id="others"):
            # Which curves there are shows when the first evaluation is in; a slot takes whichever comes.
            for _ in range(_SLOTS):
                yield Chart("", classes="slot")

    def on_resize(self) -> None:
        self.set_class(self.size.width >= 110, "-wide")
        self._arrange()

    @property
    def _names(self) -> list[str]:
        return list(self._points.others) if self._points else list(_FLOW)

    def _room(self) -> int:
        """How many charts fit beside or below the loss."""
        wide = self.has_class("-wide")
        return max(1, self.size.height // _LEAST_HEIGHT if wide else self.size.width // _LEAST_WIDTH)

    def _arrange(self) -> None:
        """Give the slots in sight to the first curves, or one of them to the curve that is alone."""
        self.set_class(bool(self._large), "-one")
        self.query_one("#loss").set_class(self._large == "loss", "-large")
        self.query_one("#others").set_class(self._large not in ("", "loss"), "-large")
        for place, slot in enumerate(self.query(".slot")):
            name = self._names[place] if place < len(self._names) else ""
            slot.set_class(name == self._large if self._large else bool(name) and place < self._room(), "-shown")

    def show(self, points: RunPoints) -> None:
        """Draw these points."""
        names, self._points = self._names, points
        if names != self._names:
            self._arrange()
        view = View(self._first_step(points.loss), self._span, self._log_y)
        show_loss(self.query_one("#loss", Chart), points.loss, view=view)
        for slot, (name, curve) in zip(self.query(".slot").results(Chart), points.others.items(), strict=False):
            show_score(slot, name, curve, points.loss.last_step, view)

    def enlarge(self, by: int) -> None:
        """Go on to the next chart alone, and after the last one back to all of them."""
        names = ["", "loss", *self._names]
        self._large = names[(names.index(self._large) + by) % len(names)]
        self._arrange()

    def switch_log(self) -> None:
        self._log_y = not self._log_y
        self._show_again()

    def zoom(self, by: int) -> str:
        """Half the steps, or twice as many, up to the planned end; 0 shows all. What is shown now, in words."""
        self._zoom = min(max(self._zoom + by, 0), _MOST_ZOOM) if by else 0
        self._show_again()
        return f"The last 1/{2**self._zoom} of what was trained and what is to come." if self._zoom else "All steps."

    def smooth(self) -> str:
        """Go on to the next span of smoothing. What is shown now, in words."""
        self._span = SPANS[(SPANS.index(self._span) + 1) % len(SPANS)]
        self._show_again()
        return f"Noisy curves are means of {self._span} points." if self._span > 1 else "Curves are as measured."

    def _show_again(self) -> None:
        if self._points:
            self.show(self._points)

    def _first_step(self, points: LossPoints) -> int:
        """Where the window begins: so that of the steps that were trained the last part is in it."""
        steps, _ = points.train
        newest = int(steps[-1]) if len(steps) else 0
        return newest - newest // 2**self._zoom if self._zoom else 0
