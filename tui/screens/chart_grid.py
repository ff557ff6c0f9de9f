"""The charts of a run on the screen: which of them are in sight, and how they are looked at."""

import math

from rich.cells import cell_len
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
# A line ends before a word that it has no room for.
_LONGEST_WORD = 12
# What a chart needs beside or below the loss, to be worth its room.
_LEAST_WIDTH, _LEAST_HEIGHT = 24, 7


class ChartGrid(Widget):
    """The loss large and as many others beside or below it as there is room for; or one of them alone."""

    DEFAULT_CSS = """
    ChartGrid { layout: vertical; height: 1fr; }
    ChartGrid > #reading { dock: bottom; display: none; padding: 0 1; height: auto; min-height: 2; text-wrap: wrap; }
    ChartGrid.-wide > #reading { min-height: 1; }
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
        self._around: tuple[float, float] | None = None
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
            self._cursor = self._begin = self._around = None
        names, self._points = self._names, points
        if names != self._names:
            self._arrange()
        self._read(points)
        view = View(self._window(points.loss), self._span, self._log_y, self._cursor)
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

    @property
    def shows_loss(self) -> bool:
        """Whether the loss is in sight, the only curve that has a logarithmic axis."""
        return self._large in ("", "loss")

    def switch_log(self) -> str:
        """To a logarithmic axis of the loss, and back. What is shown now, in words."""
        self._log_y = not self._log_y
        self._show_again()
        return f"The axis of the loss is {'logarithmic' if self._log_y else 'plain again'}."

    def zoom(self, by: int) -> str:
        """Half the steps up to the planned end, or around a crosshair, or twice as many; 0 shows all.

        Returns what is shown now, in words.
        """
        self._zoom = min(max(self._zoom + by, 0), _MOST_ZOOM) if by else 0
        self._begin = self._around = None
        self._show_again()
        if not self._zoom:
            return "All steps."
        part = f"1/{2**self._zoom} of what was trained"
        return f"{part}, around the crosshair." if self.has_crosshair else f"The last {part} and what is to come."

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
        # What is in sight stays in sight.
        self._around = self._window(points.loss) if points and not self.has_crosshair else None
        self._cursor = None if self.has_crosshair else newest
        self._show_again()

    def move_crosshair(self, by: int) -> None:
        """Further on, or back, for negative numbers."""
        if self._points and self._cursor is not None:
            loss = self._points.loss
            low, high = self._window(loss)
            self._cursor = moved(loss.train, self._cursor, high - low, by)
            self._show_again()

    def _read(self, points: RunPoints) -> None:
        self.set_class(self.has_crosshair, "-crosshair")
        if self._cursor is not None:
            line, text = self.query_one("#reading", Line), reading(points, self._cursor, self._span)
            line.show(text)
            if cell_len(text) + _LONGEST_WORD > line.content_size.width * line.content_size.height:
                line.refresh(layout=True)

    def _show_again(self) -> None:
        if self._points:
            self.show(self._points)

    def _window(self, points: LossPoints) -> tuple[float, float]:
        """What of the axis is in sight: where it is zoomed, of what was trained the part around the crosshair, or else
        the last part with all that is to come."""
        places, _ = points.train
        newest = float(places[-1]) if len(places) else 0.0
        part = newest / 2**self._zoom
        if not 0 < part < newest:
            return 0.0, points.end
        if self._cursor is not None:
            return self._part_around(self._cursor, part, points)
        return self._begin_of_last(part, newest, points), points.end

    def _part_around(self, cursor: float, part: float, points: LossPoints) -> tuple[float, float]:
        """The one of before as long as the crosshair stands in it."""
        if self._around is None or not self._around[0] <= cursor <= self._around[1]:
            step = _step(part, points)
            low = max(math.floor((cursor - part / 2) / step) * step, 0.0)
            self._around = low, min(low + math.ceil(part / step) * step, points.end)
        return self._around

    def _begin_of_last(self, part: float, newest: float, points: LossPoints) -> float:
        """Where the last part begins, of which at most twice as much is shown."""
        # It stays for as long as it can: where it moves, each chart is repainted whole.
        if self._begin is None or not part <= newest - self._begin <= 2 * part:
            step = _step(points.end - newest + part, points)
            self._begin = math.floor((newest - part) / step) * step
        return self._begin


def _step(length: float, points: LossPoints) -> float:
    """Between the round numbers at which a window of that length begins."""
    return (time_step if points.alignment.is_time else tick_step)(length, _PARTS)
