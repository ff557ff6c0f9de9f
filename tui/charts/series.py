"""What a chart is asked to show: series, marks and the frame around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    # numpy takes 80 ms to import, which the first paint must not wait for.
    import numpy as np

Style = Literal["line", "points", "rule"]


@dataclass(frozen=True)
class Series:
    """One curve: equally many steps (rising) and values; NaN and infinite values are gaps.

    `style` is a `line`, `points` joined by a line, or a `rule`: a dashed level over the full width at the last finite
    value. `color` is a role of ChartColors ("train", "eval", "base", "text", "1" to "6") or a colour. `marker` is one
    character: set on every point of `points`, and here and there on a `line`, so that runs differ without colour too.
    `span` is over how many points the drawing smooths the curve.
    """

    label: str
    steps: Sequence[float] | np.ndarray
    values: Sequence[float] | np.ndarray
    color: str = "train"
    style: Style = "line"
    marker: str = ""
    span: int = 1


@dataclass(frozen=True)
class Mark:
    """An event (checkpoint, resume, ...) that is drawn as a vertical line, with its word above."""

    step: float
    word: str = ""


@dataclass(frozen=True)
class Frame:
    """The size in cells, title and legend included, and the window on the data.

    `x_max` is the planned last step; with `x_time` steps are seconds. `y_limits` fixes the y axis, `plot.limits`
    proposes it; what is outside lies on the edge.
    """

    width: int
    height: int
    x_max: float
    x_min: float = 0.0
    log_y: bool = False
    x_time: bool = False
    title: str = ""
    marks: tuple[Mark, ...] = ()
    y_limits: tuple[float, float] | None = None
