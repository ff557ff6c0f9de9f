"""From the store's points to what charts show; the reading is done in the watch's thread."""

import sqlite3
from dataclasses import dataclass, field

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from ...store import attempts, checkpoints, metrics, runs
from ..charts.chart import Chart
from ..charts.series import Mark, Series

Points = tuple[list[int], list[float]]


@dataclass(frozen=True)
class LossPoints:
    """Train and evaluation loss of a run, its planned last step, and the steps at which it was resumed."""

    train: Points
    evaluation: Points
    last_step: int
    resumed_at: list[int] = field(default_factory=list)
    best_step: int | None = None


def loss_points(db: sqlite3.Connection, run_id: str) -> LossPoints:
    run = runs.get(db, run_id)
    best = next((saved.step for saved in checkpoints.of_run(db, run_id) if saved.best), None)
    return LossPoints(
        train=metrics.series(db, run_id, "loss"),
        evaluation=metrics.series(db, run_id, "eval_loss"),
        last_step=run.total_steps or 1,
        resumed_at=[attempt.start_step for attempt in attempts.of_run(db, run_id) if attempt.start_step],
        best_step=best,
    )


def show_loss(chart: Chart, points: LossPoints, *, title: str = "loss", log_y: bool = False) -> None:
    """Train and evaluation loss in one, with the base model's score as the line to beat."""
    eval_steps, eval_losses = points.evaluation
    series = [
        Series("train", *points.train, "train"),
        Series("eval", eval_steps, eval_losses, "eval", "points", "◆"),
    ]
    if eval_steps and eval_steps[0] == 0:
        series.append(Series("base", eval_steps[:1], eval_losses[:1], "base", "rule"))
    marks = [Mark(step, "resumed") for step in points.resumed_at]
    chart.show_series(series, points.last_step, marks=marks, title=title, log_y=log_y)


@dataclass(frozen=True)
class RunPoints:
    """All that the charts of one run show."""

    loss: LossPoints
    others: dict[str, Points]


_OTHERS = {"learning_rate": "learning rate", "grad_norm": "gradient norm", "tokens_per_second": "tokens per second"}


def run_points(db: sqlite3.Connection, run_id: str) -> RunPoints:
    return RunPoints(loss_points(db, run_id), {name: metrics.series(db, run_id, name) for name in _OTHERS})


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
