"""The chart widget: draws its series in a thread and repaints only the cells that changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from ..clean import clean_line
from ..widgets.one_look import OneLook
from .asked import Asked
from .axis import Limits
from .colors import ChartColors
from .series import Frame, Mark, Series
from .strips import changed_span

# One large and all together, with and without a logarithm: what is gone back to is not drawn again.
_KEPT = 4


class Chart(OneLook, Widget):
    """Curves of a run, up to date with what `show_series` was last given, at any size and in any theme.

    Nothing is drawn, nor plotext imported, before that. A drawing in progress is never interrupted: what arrives
    meanwhile waits, and only the newest is drawn next. What was drawn lately is shown again as it is.
    With the class `-ascii` on the app it draws with ASCII characters only.
    """

    DEFAULT_CSS = """
    Chart { width: 1fr; height: 1fr; min-height: 4; }
    """
    ALLOW_SELECT: ClassVar[bool] = False

    @dataclass
    class Drawn(Message):
        """A drawing is finished: what was asked, its rows, and the limits of the y axis that the next starts from."""

        asked: Asked
        rows: list[Strip]
        y_limits: Limits | None

    def __init__(self, title: str, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._series: Sequence[Series] | None = None
        self._frame = Frame(width=0, height=0, x_max=1, title=title)
        self._rows: list[Strip] = []
        # The newest last.
        self._drawn: list[Chart.Drawn] = []
        self._drawing: Asked | None = None
        self._stale = False

    def show_series(
        self,
        series: Sequence[Series],
        x_max: float,
        *,
        x_min: float = 0,
        x_time: bool = False,
        log_y: bool = False,
        marks: Sequence[Mark] = (),
        title: str | None = None,
    ) -> None:
        """Draws the series over the steps from `x_min` to `x_max`, the planned last step; or over seconds."""
        title = self._frame.title if title is None else title
        self._series = tuple(series)
        window = replace(self._frame, x_max=x_max, x_min=x_min, x_time=x_time)
        self._frame = replace(window, log_y=log_y, marks=tuple(marks), title=title)
        self._draw_soon()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw_soon())
        self._draw_soon()

    def on_unmount(self) -> None:
        # Until the theme changes the signal would hold this chart, and with it the whole screen.
        self.app.theme_changed_signal.unsubscribe(self)

    def on_resize(self, event: events.Resize) -> None:
        self._draw_soon()

    def on_show(self, event: events.Show) -> None:
        self._draw_soon()

    def on_chart_drawn(self, event: Drawn) -> None:
        event.stop()
        self._take(event)
        self._drawing = None
        if self._stale:
            self._draw_soon()

    def _take(self, drawn: Drawn) -> None:
        # Of other points none is kept: each drawing holds on to its arrays, 4 MB of a curve of 250,000.
        kept = [one for one in self._drawn if one is not drawn and one.asked.same_curves(drawn.asked)]
        self._drawn = [*kept[1 - _KEPT :], drawn]
        self._show_rows(drawn.rows)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        event.stop()
        if event.state in (WorkerState.ERROR, WorkerState.CANCELLED):
            self._drawing = None
        if event.state is WorkerState.ERROR:
            self._drawn = []
            reason = clean_line(f"This chart can't be drawn: {event.worker.error!r}. Reopen the screen to try again.")
            self._show_rows([Strip.blank(self.size.width), self._strip(reason, self.size.width)])

    def render_line(self, y: int) -> Strip:
        row = self._rows[y] if y < len(self._rows) else Strip.blank(self.size.width)
        return row.apply_style(self.rich_style)

    def _draw_soon(self) -> None:
        # A chart that is not in sight costs nothing; it catches up when it is shown.
        if self._series is None or not self.is_attached or not self.size or not self.is_on_screen:
            return
        frame = replace(self._frame, width=self.size.width, height=self.size.height)
        colors = ChartColors.from_variables(self.app.theme_variables)
        asked = Asked(self._series, frame, colors, self.app.has_class("-ascii"))
        self._stale = self._drawing is not None and not self._drawing.same(asked)
        if self._drawing is not None:
            return
        if known := next((one for one in self._drawn if one.asked.same(asked)), None):
            self._take(known)
        else:
            self._drawing = asked
            # Limits of another run, or of a chart with room for other ticks, are no place to start from.
            before = next((one for one in reversed(self._drawn) if _axes(one.asked.frame) == _axes(frame)), None)
            draw = partial(self._draw, asked, before.y_limits if before else None)
            self.run_worker(draw, thread=True, group="chart", exit_on_error=False)

    def _draw(self, asked: Asked, previous: Limits | None) -> None:
        # Runs in a thread. plotext takes 130 ms to import, which the first paint must not wait for.
        from . import plot
        from .smoothing import smoothed

        series, frame = smoothed(asked.series), asked.frame
        y_limits = plot.limits(series, frame, previous)
        lines = plot.draw(series, replace(frame, y_limits=y_limits), asked.colors, ascii=asked.ascii)
        self.post_message(self.Drawn(asked, [self._strip(line, frame.width) for line in lines], y_limits))

    def _strip(self, line: str, width: int) -> Strip:
        return Strip(Text.from_ansi(line).render(self.app.console)).adjust_cell_length(width)

    def _show_rows(self, rows: list[Strip]) -> None:
        width = self.size.width
        before, self._rows = self._rows, rows
        blank = Strip.blank(width)
        regions = []
        for y in range(max(len(before), len(rows))):
            old, new = (lines[y] if y < len(lines) else blank for lines in (before, rows))
            if (span := changed_span(old, new)) is not None:
                regions.append(Region(span[0], y, span[1] - span[0], 1))
        if regions:
            self.refresh(*regions)


def _axes(frame: Frame) -> tuple[object, ...]:
    return frame.title, frame.height, frame.x_min, frame.x_max, frame.log_y
