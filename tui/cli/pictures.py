"""Charts on the command line, by the app's own drawing."""

import math
import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np

from ...store import metrics
from ...store.lr_curve import Span, smoothed
from ...store.overview import Overview
from ..charts.plot import draw, limits
from ..charts.series import Frame, Mark, Series


def loss_chart(db: sqlite3.Connection, view: Overview) -> list[str]:
    """Train and evaluation loss with the base model's as a line to beat; without colour where none is wanted."""
    steps, losses = metrics.series(db, view.run.id, "loss")
    eval_steps, eval_losses = metrics.series(db, view.run.id, "eval_loss")
    base = [view.base_eval_loss if view.base_eval_loss is not None else float("nan")]
    series = [
        Series("train", steps, losses, "train"),
        Series("eval", eval_steps, eval_losses, "eval", "points", "◆"),
        Series("base", [0], base, "base", "rule"),
    ]
    return _drawn(series, Frame(_width(), 16, x_max=float(view.total_steps or 1), title="loss"))


def rate_chart(losses: Sequence[float], span: Span, suggested: float | None) -> list[str]:
    """The losses of a range test over the exponent of the rate, cut off above what they were before they broke down."""
    finite = list(takewhile(math.isfinite, losses))
    exponents, (means, _) = np.log10(span.rates()[: len(finite)]), smoothed(finite, span.steps)
    until = int(means.argmin()) + 1
    series = [
        Series("each update", exponents, finite, "base"),
        Series("smoothed", exponents, means, "train"),
    ]
    marks = (Mark(math.log10(suggested), "suggested"),) if suggested else ()
    low, high = math.log10(span.lowest), math.log10(span.highest)
    frame = Frame(_width(), 16, x_min=low, x_max=high, title="loss over log10(learning_rate)", marks=marks)
    falling = [Series("", exponents[:until], finite[:until])]
    return _drawn(series, replace(frame, y_limits=limits(falling, frame)))


def _width() -> int:
    return min(shutil.get_terminal_size().columns, 72)


def _drawn(series: Sequence[Series], frame: Frame) -> list[str]:
    color = not os.environ.get("NO_COLOR") and sys.stdout.isatty()
    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    return draw(series, frame, ascii=ascii_only, color=color)
