"""The gate in front of plotext, whose only user this is: turns series into lines of text.

plotext 6.1 ends the process on a NaN, raises on the logarithm of 0 and hangs on lines that run far out of its window.
So it is given points of a unit square only: gaps, logarithms, clipping and tick labels are settled before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import plotext

# The one private name: `plotext.figure` is a single global, and charts are drawn in several threads.
from plotext._plotter.plot import plot_class

from ..clean import clean_line
from . import axis, legend
from .colors import ChartColors
from .columns import Points, clip, finite, thin
from .legend import Pen
from .series import Frame, Mark, Series

SMALLEST_WIDTH, SMALLEST_HEIGHT = 10, 4
NO_POINTS = "no points yet: the first comes with step 1"

_LABEL_WIDTH = 6
_LEAST_CANVAS = 3
# So that a letter on a line stays where it is while the line grows.
_CELLS_BETWEEN_LETTERS = 16
_TERMINAL_COLORS = ChartColors()
_ASCII_FRAME = str.maketrans("┤┬└─│┴┼", "+++-|++")

plotext.terminal.limit(False, False)


@dataclass(frozen=True)
class _Canvas:
    """The cells inside the axes, and the way from data to the unit square."""

    width: int
    height: int
    window: axis.Limits
    y_limits: axis.Limits
    log_y: bool

    def x(self, steps: np.ndarray) -> np.ndarray:
        low, high = self.window
        return ((steps - low) / (high - low)).clip(0, 1)

    def y(self, values: np.ndarray) -> np.ndarray:
        low, high = np.log10(self.y_limits) if self.log_y else self.y_limits
        values = np.log10(values) if self.log_y else values
        return ((values - low) / (high - low)).clip(0, 1)

    def cell(self, step: float) -> int:
        return round(float(self.x(np.array(step))) * (self.width - 1))


def draw(
    series: Sequence[Series],
    frame: Frame,
    colors: ChartColors = _TERMINAL_COLORS,
    *,
    ascii: bool = False,
    color: bool = True,
) -> list[str]:
    """The lines of the chart, with colour codes unless `color` is off: title and legend, words of marks, plot, steps.

    At most `frame.height` lines of `frame.width` cells. One sentence stands in the plot's place when there is no point
    to draw, or too little room.
    """
    if frame.width < SMALLEST_WIDTH or frame.height < SMALLEST_HEIGHT:
        return [f"needs {SMALLEST_WIDTH}x{SMALLEST_HEIGHT}"[: max(frame.width, 0)]][: max(frame.height, 0)]
    pen = Pen(colors, ascii=ascii, color=color)
    y_limits = frame.y_limits or limits(series, frame)
    head = legend.line(frame.title, series, frame.width, pen)
    if y_limits is None:
        words = NO_POINTS if len(NO_POINTS) <= frame.width else NO_POINTS.partition(":")[0]
        return [head, pen.paint(words[: frame.width], "text")]
    return [head, *_plot(series, frame, y_limits, pen)]


def limits(series: Iterable[Series], frame: Frame, previous: axis.Limits | None = None) -> axis.Limits | None:
    """The limits of the y axis for what is in the window, given the previous ones; None where there is no point."""
    parts = [_level(one, frame) if one.style == "rule" else _clipped(one, frame).values for one in series]
    values = np.concatenate([np.empty(0), *parts])
    if not len(values):
        return None
    return axis.limits(float(values.min()), float(values.max()), previous, _y_count(frame), log=frame.log_y)


def _window(frame: Frame) -> axis.Limits:
    low, high = np.nan_to_num((frame.x_min, frame.x_max), posinf=axis.LARGEST, neginf=-axis.LARGEST)
    return (float(low), float(high)) if high - low > abs(low) * 1e-9 else (float(low), float(low + max(1, abs(low))))


def _clipped(series: Series, frame: Frame) -> Points:
    return clip(_finite(series, frame), _window(frame))


def _finite(series: Series, frame: Frame) -> Points:
    return finite(np.asarray(series.steps), np.asarray(series.values), positive=frame.log_y)


def _level(series: Series, frame: Frame) -> np.ndarray:
    return _finite(series, frame).values[-1:]


def _y_count(frame: Frame) -> int:
    return min(max(frame.height // 3, 2), 6)


def _plot(series: Sequence[Series], frame: Frame, y_limits: axis.Limits, pen: Pen) -> list[str]:
    window = _window(frame)
    y_ticks = (axis.log_ticks if frame.log_y else axis.ticks)(*y_limits, _y_count(frame))
    y_labels = [text.rjust(_LABEL_WIDTH) for text in axis.labels(y_ticks)]
    if max(map(len, y_labels), default=0) >= frame.width - _LEAST_CANVAS:
        y_ticks, y_labels = [], []
    left = max(map(len, y_labels), default=0) + 1
    rows = frame.height - 1
    canvas = _Canvas(frame.width - left, max(rows - 2, 1), window, y_limits, frame.log_y)
    marks = [mark for mark in frame.marks if window[0] <= mark.step <= window[1]]
    words = [] if rows < 8 or not any(mark.word for mark in marks) else [_words(marks, canvas, left, pen)]
    canvas = _Canvas(canvas.width, canvas.height - len(words), window, y_limits, frame.log_y)
    figure = plot_class(parent=plotext.terminal)
    figure.plot_size(frame.width, canvas.height + 2)
    figure.theme(_theme(pen.code("text")))
    _draw_axes(figure, canvas, (y_ticks, y_labels))
    _draw_all(figure, canvas, series, frame, marks, pen)
    text = figure.build().string(colorless=not pen.color)
    return words + (text.translate(_ASCII_FRAME) if pen.ascii else text).split("\n")[: canvas.height + 2]


def _theme(code: legend.Code) -> str:
    """A plotext theme with axes of that colour: colours set in another way get a background of plotext's own."""
    if code is None:
        return "colorless"
    name = f"axes {code}"
    plotext.add_theme(name, text=plotext.pixel(foreground=code))
    return name


def _draw_axes(figure: plot_class, canvas: _Canvas, y_axis: tuple[list[float], list[str]]) -> None:
    figure.axes(False, axis=0, side=1)
    figure.axes(False, axis=1, side=1)
    (steps, step_labels), (levels, level_labels) = _x_axis(canvas), y_axis
    for name, places, labels in (
        ("x", canvas.x(np.array(steps)), step_labels),
        ("y", canvas.y(np.array(levels)), level_labels),
    ):
        ruler = figure.ruler(name)
        ruler.lim(0, 1)
        ruler.ticks(places.tolist(), labels=labels)


def _x_axis(canvas: _Canvas) -> tuple[list[float], list[str]]:
    """Ticks of the steps, with the end of the window, which is where the run is planned to end."""
    low, high = canvas.window
    steps = axis.ticks(low, high, min(max(canvas.width // 12, 1), 10))
    labels = axis.labels(steps)
    end = axis.label(high)
    room = canvas.width - 1 - (canvas.cell(steps[-1]) if steps else -20)
    if room > len(end) + 2:
        return [*steps, high], [*labels, end]
    return steps, labels


def _words(marks: Sequence[Mark], canvas: _Canvas, left: int, pen: Pen) -> str:
    line = " " * left
    for mark in sorted(marks, key=lambda mark: mark.step):
        word, column = clean_line(mark.word), left + canvas.cell(mark.step)
        if len(line) <= column and column + len(word) <= left + canvas.width:
            line = line.ljust(column) + word + " "
    return pen.paint(line.rstrip(), "mark")


def _draw_all(
    figure: plot_class, canvas: _Canvas, series: Sequence[Series], frame: Frame, marks: Sequence[Mark], pen: Pen
) -> None:
    for one in series:
        if one.style == "rule":
            _draw_rule(figure, canvas, _level(one, frame), pen.glyph("rule"), pen.code(one.color))
    for cell in sorted({canvas.cell(mark.step) for mark in marks})[-(canvas.width // 6) - 1 :]:
        heights = np.linspace(0, 1, 2 * canvas.height + 1)
        _dots(
            figure, np.full_like(heights, cell / max(canvas.width - 1, 1)), heights, pen.glyph("mark"), pen.code("mark")
        )
    for one in series:
        if one.style != "rule":
            _draw_curve(figure, canvas, one, frame, pen)


def _draw_rule(figure: plot_class, canvas: _Canvas, level: np.ndarray, glyph: str, code: legend.Code) -> None:
    if len(level):
        across = np.linspace(0, 1, 2 * canvas.width + 1)
        _dots(figure, across, np.full_like(across, canvas.y(level)[0]), glyph, code)


def _draw_curve(figure: plot_class, canvas: _Canvas, series: Series, frame: Frame, pen: Pen) -> None:
    code = pen.code(series.color)
    points = thin(_finite(series, frame), canvas.window, 2 * canvas.width)
    if not len(points):
        return
    marker = plotext.marker(pen.glyph("line") if pen.ascii else "braille", pixel=plotext.pixel(foreground=code))
    signal = figure.signal(canvas.x(points.steps).tolist(), canvas.y(points.values).tolist(), marker=marker).lines()
    for index in np.flatnonzero(points.starts).tolist():
        signal.line(index, False)
    figure.draw(signal)
    glyph = legend.series_glyph(series, pen)
    if series.style == "points":
        inside = thin(_inside(_finite(series, frame), canvas.window), canvas.window, canvas.width)
        _dots(figure, canvas.x(inside.steps), canvas.y(inside.values), glyph, code)
    elif series.marker:
        lettered = _every(points, canvas)
        _dots(figure, canvas.x(points.steps[lettered]), canvas.y(points.values[lettered]), glyph, code)


def _inside(points: Points, window: axis.Limits) -> Points:
    keep = (points.steps >= window[0]) & (points.steps <= window[1])
    return Points(points.steps[keep], points.values[keep], points.starts[keep])


def _every(points: Points, canvas: _Canvas) -> np.ndarray:
    stretch = (canvas.x(points.steps) * canvas.width // _CELLS_BETWEEN_LETTERS).astype(np.int64)
    return np.flatnonzero(np.diff(stretch, prepend=-1))


def _dots(figure: plot_class, x: np.ndarray, y: np.ndarray, glyph: str, code: legend.Code) -> None:
    if len(x):
        marker = plotext.marker(glyph, pixel=plotext.pixel(foreground=code))
        figure.draw(figure.signal(x.tolist(), y.tolist(), marker=marker))
