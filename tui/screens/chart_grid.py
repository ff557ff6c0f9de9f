"""The charts of a run on the screen: which of them are in sight, and how they are looked at."""

import math

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from ..charts import smoothing
from ..charts.axis import tick_step, time_step
from ..charts.chart import Chart
from ..points import FLOW, MEMORY, MOST_OF_A_KIND, LossPoints, RunPoints, titled
from ..widgets.line import Line
from .charting import View, show_loss, show_score
from .crosshair import moved, nearest, reading

# A thousandth of the steps: beyond it a chart of a million has a thousand left.
_MOST_ZOOM = 10
# A zoomed window begins at a round number: a fifth of its length, or less.
_PARTS = 5
_SLOTS = 2 * MOST_OF_A_KIND + len(FLOW)
# What a chart needs beside or below the loss, to be worth its room.
_LEAST_WIDTH, _LEAST_HEIGHT = 24, 7


class ChartGrid(Widget):
    """The loss large and as many others beside or below it as there is room for; or one of them alone."""

    DEFAULT_CSS = """
    ChartGrid { layout: vertical; height: 1fr; }
    ChartGrid > #reading { dock: bottom; display: none; padding: 0 1; height: 2; text-wrap: wrap; }
    ChartGrid.-wide > #reading { height: 1; }
    ChartGrid.-crosshair > #reading { display: block; }
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
        self._begin: float | None = None
        self._span = smoothing.SPANS[0]
        self._cursor: float | None = None

    def compose(self) -> ComposeResult:
        yield Chart("loss", id="loss")
        with Horizontal(id="others"):
            # Which curves there are shows when the first evaluation is in; a slot takes whichever comes.
            for _ in range(_SLOTS):
                yield Chart("", classes="slot")
        yield Line("", id="reading")

    def on_resize(self) -> None:
        self.set_class(self.size.width >= 110, "-wide")
        self._arrange()

    @property
    def _names(self) -> list[str]:
        if self._points is None or not self._points.is_whole:
            return [name for name in FLOW if name != MEMORY]
        return list(self._points.others)

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
        if self._points and self._points.loss.alignment != points.loss.alignment:
            self._cursor, self._begin = None, None
        names, self._points = self._names, points
        if names != self._names:
            self._arrange()
        self._read(points)
        view = View(self._first(points.loss), self._span, self._log_y, self._cursor)
        by = f" by {points.loss.alignment.name}" if points.loss.alignment.metric else ""
        show_loss(self.query_one("#loss", Chart), points.loss, view=view, title=f"loss{by}")
        for slot, (name, curve) in zip(self.query(".slot").results(Chart), points.others.items(), strict=False):
            title = titled(name) + (by if name == self._large else "")
            show_score(slot, name, curve, points.loss, view, title=title)

    def enlarge(self, by: int) -> None:
        """Go on to the next chart alone, and after the last one back to all of them."""
        names = ["", "loss", *self._names]
        self._large = names[(names.index(self._large) + by) % len(names)]
        self._arrange()
        # At the sizes of before each chart in sight would be drawn in vain.
        self.call_after_refresh(self._show_again)

    def switch_log(self) -> None:
        self._log_y = not self._log_y
        self._show_again()

    def zoom(self, by: int) -> str:
        """Half the steps, or twice as many, up to the planned end; 0 shows all. What is shown now, in words."""
        self._zoom, self._begin = min(max(self._zoom + by, 0), _MOST_ZOOM) if by else 0, None
        self._show_again()
        return f"The last 1/{2**self._zoom} of what was trained and what is to come." if self._zoom else "All steps."

    def smooth(self) -> str:
        """Go on to the next span of smoothing. What is shown now, in words."""
        self._span = smoothing.following(self._span)
        self._show_again()
        return smoothing.telling(self._span)

    @property
    def has_crosshair(self) -> bool:
        return self._cursor is not None

    def switch_crosshair(self) -> None:
        """Put it on the newest point, or take it away."""
        points = self._points
        newest = nearest(points.loss.train, points.loss.end) if points and len(points.loss.train[0]) else None
        self._cursor = None if self.has_crosshair else newest
        self._show_again()

    def move_crosshair(self, by: int) -> None:
        """Further on, or back, for negative numbers."""
        if self._points and self._cursor is not None:
            loss = self._points.loss
            self._cursor = moved(loss.train, self._cursor, (self._first(loss), loss.end), by)
            self._show_again()

    def _read(self, points: RunPoints) -> None:
        self.set_class(self.has_crosshair, "-crosshair")
        if self._cursor is not None:
            self.query_one("#reading", Line).show(reading(points, self._cursor, self._span))

    def _show_again(self) -> None:
        if self._points:
            self.show(self._points)

    def _first(self, points: LossPoints) -> float:
        """Where the window begins: so that of what was trained the last part is in it, and at most twice as much."""
        places, _ = points.train
        newest = float(places[-1]) if len(places) else 0.0
        part = newest / 2**self._zoom
        if not 0 < part < newest:
            return 0.0
        if self._begin is not None and part <= newest - self._begin <= 2 * part:
            # It stays for as long as it can: where it moves, each chart is repainted whole.
            return self._begin
        step = (time_step if points.alignment.is_time else tick_step)(points.end - newest + part, _PARTS)
        self._begin = begin = math.floor((newest - part) / step) * step
        return begin
