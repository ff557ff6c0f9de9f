"""What charts show of a run: which curves, in which colours, with which marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..charts.chart import Chart
from ..charts.series import Mark, Series
from ..points import FLOW, LossPoints

if TYPE_CHECKING:
    from ..charts.alignment import Points


@dataclass(frozen=True)
class View:
    """How charts are looked at: from where to where, all of the axis without it; over how many points a noisy curve is
    smoothed, whether losses are on a logarithmic axis, and where the crosshair stands."""

    window: tuple[float, float] | None = None
    span: int = 1
    log_y: bool = False
    cursor: float | None = None


def show_loss(chart: Chart, points: LossPoints, *, title: str = "loss", view: View | None = None) -> None:
    """Train and evaluation loss in one, with the base model's score as the line to beat."""
    view = view or View()
    series = [*_noisy("train", points.train, view.span), *_measured("eval", points.evaluation)]
    marks = [Mark(place, "resumed") for place in points.resumed_at]
    marks += [] if points.best_at is None else [Mark(points.best_at, "best")]
    _show(chart, title, series, marks, points, view, log_y=view.log_y)


def show_score(chart: Chart, name: str, curve: Points, points: LossPoints, view: View, *, title: str) -> None:
    """One curve beside the loss; that of an evaluation by its points, with the base model's as the line to beat."""
    series = _noisy("", curve, view.span) if name in FLOW else _measured("", curve)
    _show(chart, title, series, [], points, view)


def _show(
    chart: Chart,
    title: str,
    series: Sequence[Series],
    marks: Sequence[Mark],
    points: LossPoints,
    view: View,
    *,
    log_y: bool = False,
) -> None:
    crosshair = [] if view.cursor is None else [Mark(view.cursor)]
    is_time = points.alignment.is_time
    marks, (first, last) = [*marks, *crosshair], view.window or (0.0, points.end)
    chart.show_series(series, last, x_min=first, x_time=is_time, log_y=log_y, marks=marks, title=title)


def _measured(name: str, points: Points) -> list[Series]:
    """A curve of evaluations; the first of them is the base model's, where it lies at 0."""
    steps, values = points
    base = [Series("base", steps[:1], values[:1], "base", "rule")] if len(steps) and steps[0] == 0 else []
    return [Series(name, steps, values, "eval", "points", "◆"), *base]


def _noisy(name: str, points: Points, span: int) -> list[Series]:
    """A curve, or behind its smoothed one the raw one, faint."""
    steps, values = points
    if span == 1:
        return [Series(name, steps, values, "train")]
    return [Series("raw", steps, values, "text"), Series(name or "mean", steps, values, "train", span=span)]
