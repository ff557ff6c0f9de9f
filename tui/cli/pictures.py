"""Charts on the command line, by the app's own drawing."""

import os
import shutil
import sqlite3
import sys

from ...store import metrics
from ...store.overview import Overview
from ..charts.plot import draw
from ..charts.series import Frame, Series


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
    width = min(shutil.get_terminal_size().columns, 72)
    frame = Frame(width, 16, x_max=float(view.total_steps or 1), title="loss")
    color = not os.environ.get("NO_COLOR") and sys.stdout.isatty()
    return draw(series, frame, ascii=_ascii_only(), color=color)


def _ascii_only() -> bool:
    return "utf" not in (sys.stdout.encoding or "").lower()
