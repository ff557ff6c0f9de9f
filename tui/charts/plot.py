"""The gate in front of plotext, whose only user this is: turns series into lines of text.

plotext 6.1 ends the process on a NaN, raises on the logarithm of 0 and hangs on lines that run far out of its window.
So it is given points of a unit square only: gaps, logarithms, clipping and tick labels are settled before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import plotext

# The one private name: `plotext.figure` is a single global, and charts are drawn in several threads.
from plotext._plotter.plot import plot_class
from rich.cells import cell_len

from ..clean import clean_line
from . import axis, legend
from .colors import SERIES_COUNT, ChartColors
from .columns import Points, clip, finite, thin
from .legend import Pen
from .series import Frame, Mark, Series

SMALLEST_WIDTH, SMALLEST_HEIGHT = 10, 4
NO_POINTS = "no points yet: the first comes with step 1"

_LABEL_WIDTH = 6
_LEAST_CANVAS = 3
_BEHIND_LEGEND = 3
_LEAST_WITH_WORDS = 8
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
    x_time: bool

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
    if y_limits is None:
        words = NO_POINTS if len(NO_POINTS) <= frame.width else NO_POINTS.partition(":")[0]
        return [legend.line(frame.title, series, frame.width, pen), pen.paint(words[: frame.width], "text")]
    return _plot(series, frame, y_limits, pen)


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
    canvas = _Canvas(frame.width - left, max(rows - 2, 1), window, y_limits, frame.log_y, frame.x_time)
    marks = [mark for mark in frame.marks if window[0] <= mark.step <= window[1]]
    head = _head(series, frame, _words(marks, canvas, left), pen)
    canvas = replace(canvas, height=canvas.height - len(head) + 1)
    figure = plot_class(parent=plotext.terminal)
    figure.plot_size(frame.width, canvas.height + 2)
    figure.theme(_theme(pen.code("text")))
    _draw_axes(figure, canvas, (y_ticks, y_labels))
    _draw_all(figure, canvas, series, frame, marks, pen)
    text = figure.build().string(colorless=not pen.color)
    return head + (text.translate(_ASCII_FRAME) if pen.ascii else text).split("\n")[: canvas.height + 2]


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
    steps = axis.ticks(low, high, min(max(canvas.width // 12, 1), 10), time=canvas.x_time)
    labels = [axis.time_label(step) for step in steps] if canvas.x_time else axis.labels(steps)
    end = axis.time_label(high, parts=2) if canvas.x_time else axis.label(high)
    room = canvas.width - 1 - (canvas.cell(steps[-1]) if steps else -20)
    if room > len(end) + 2:
        return [*steps, high], [*labels, end]
    return steps, labels


def _head(series: Sequence[Series], frame: Frame, words: str, pen: Pen) -> list[str]:
    """The legend, and the words of marks behind it where there is room, else below it where the chart is high."""
    head = legend.line(frame.title, series, frame.width, pen)
    taken = cell_len(legend.line(frame.title, series, frame.width, replace(pen, color=False)))
    between = len(words) - len(words.lstrip()) - taken
    if words and between >= _BEHIND_LEGEND:
        return [head + " " * between + pen.paint(words.strip(), "mark")]
    return [head, pen.paint(words, "mark")] if words and frame.height > _LEAST_WITH_WORDS else [head]


def _words(marks: Sequence[Mark], canvas: _Canvas, left: int) -> str:
    """Each above its line, or ending with the chart; what would stand on another's word is left out."""
    by_cell: dict[int, list[str]] = {}
    for mark in sorted((mark for mark in marks if mark.word), key=lambda mark: mark.step):
        by_cell.setdefault(canvas.cell(mark.step), []).append(clean_line(mark.word))
    line = " " * left
    for cell, words in by_cell.items():
        word = ", ".join(dict.fromkeys(words))
        column = left + min(cell, canvas.width - len(word))
        if len(line) <= column:
            line = line.ljust(column) + word + " "
    return line.rstrip()


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
    curves = [
        (one, thin(_finite(one, frame), canvas.window, 2 * canvas.width)) for one in series if one.style != "rule"
    ]
    for one, points in curves:
        if len(points):
            _draw_curve(figure, canvas, one, points, pen)
    # Marks last: a later curve must not cover by what an earlier one is known.
    marked = [_marked(one, points, canvas, frame, place) for place, (one, points) in enumerate(curves)]
    for (one, _), points in zip(curves, _in_turn(marked, canvas), strict=True):
        _dots(
            figure, canvas.x(points.steps), canvas.y(points.values), legend.series_glyph(one, pen), pen.code(one.color)
        )


def _in_turn(marked: Sequence[Points], canvas: _Canvas) -> list[Points]:
    """The marks without those that another would cover: a cell goes to the series that has the fewest."""
    cells = [_cells(points, canvas) for points in marked]
    wanted: dict[tuple[int, int], list[int]] = {}
    for place, found in enumerate(cells):
        for cell in dict.fromkeys(found):
            wanted.setdefault(cell, []).append(place)
    owner, owned = dict[tuple[int, int], int](), [0] * len(marked)
    for cell in sorted(wanted):
        owner[cell] = min(wanted[cell], key=lambda place: (owned[place], len(cells[place]), place))
        owned[owner[cell]] += 1
    return [
        _chosen(points, np.array([owner[cell] == place for cell in found], dtype=bool))
        for place, (points, found) in enumerate(zip(marked, cells, strict=True))
    ]


def _cells(points: Points, canvas: _Canvas) -> list[tuple[int, int]]:
    columns = np.rint(canvas.x(points.steps) * (canvas.width - 1)).astype(int).tolist()
    rows = np.rint(canvas.y(points.values) * (canvas.height - 1)).astype(int).tolist()
    return list(zip(columns, rows, strict=True))


def _draw_rule(figure: plot_class, canvas: _Canvas, level: np.ndarray, glyph: str, code: legend.Code) -> None:
    if len(level):
        across = np.linspace(0, 1, 2 * canvas.width + 1)
        _dots(figure, across, np.full_like(across, canvas.y(level)[0]), glyph, code)


def _draw_curve(figure: plot_class, canvas: _Canvas, series: Series, points: Points, pen: Pen) -> None:
    pixel = plotext.pixel(foreground=pen.code(series.color))
    marker = plotext.marker(pen.glyph("line") if pen.ascii else "braille", pixel=pixel)
    signal = figure.signal(canvas.x(points.steps).tolist(), canvas.y(points.values).tolist(), marker=marker).lines()
    for index in np.flatnonzero(points.starts).tolist():
        signal.line(index, False)
    figure.draw(signal)


def _marked(series: Series, points: Points, canvas: _Canvas, frame: Frame, place: int) -> Points:
    """The points that carry the series' mark: all of an evaluation, of a line some, and not those of its neighbour."""
    if series.style == "points":
        known = _finite(series, frame)
        inside = (known.steps >= canvas.window[0]) & (known.steps <= canvas.window[1])
        return thin(_chosen(known, inside), canvas.window, canvas.width)
    shift = place * _CELLS_BETWEEN_LETTERS // SERIES_COUNT
    stretch = ((canvas.x(points.steps) * canvas.width - shift) // _CELLS_BETWEEN_LETTERS).astype(np.int64)
    return _chosen(points, np.flatnonzero(np.diff(stretch, prepend=-1)) if series.marker else np.empty(0, np.int64))


def _chosen(points: Points, which: np.ndarray) -> Points:
    return Points(points.steps[which], points.values[which], points.starts[which])


def _dots(figure: plot_class, x: np.ndarray, y: np.ndarray, glyph: str, code: legend.Code) -> None:
    if len(x):
        marker = plotext.marker(glyph, pixel=plotext.pixel(foreground=code))
        figure.draw(figure.signal(x.tolist(), y.tolist(), marker=marker))
