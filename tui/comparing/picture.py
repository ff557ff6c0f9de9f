"""The curves of a comparison as a picture: SVG 1.1, readable on a light page and on a dark one."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np

from ..charts import axis
from ..charts.columns import Points, finite, thin
from ..charts.series import Series
from ..charts.smoothing import smoothed
from ..clean import clean_line
from .curves import Curves

Place = tuple[float, float]

# Contrast of at least 3 to 1 with white and with black paper, of words 4.5 to 1; each has a mark besides.
COLORS = ("#2f7fc1", "#d0601a", "#0f8f64", "#a55aa0", "#8a7d12", "#c23b4e")
WORDS = "#757575"
_WIDTH, _LEFT, _RIGHT = 880, 62, 16
_TITLE_Y, _LEGEND_Y, _LEGEND_STEP, _PLOT_HEIGHT, _BELOW = 26, 50, 20, 340, 52
_A_LINE = 3
_NAME_LETTERS = 36
_PIXELS_BETWEEN_MARKS = 70
_STROKE = {"stroke-width": "1.6", "stroke-linejoin": "round"}
_NO_XML = re.compile("[\ufffe\uffff]")
_AXIS_WORDS = {"steps": "step", "tokens": "tokens seen", "time": "time spent on updates"}
# Around (0, 0), 10 pixels high: circle, square, triangle, diamond, triangle on its tip, star of four points.
_SHAPES = (
    "m-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
    "m-4,-4h8v8h-8z",
    "m0,-5l5,9h-10z",
    "m0,-5l5,5l-5,5l-5,-5z",
    "m0,5l5,-9h-10z",
    "m0,-6l1.5,4.5l4.5,1.5l-4.5,1.5l-1.5,4.5l-1.5,-4.5l-4.5,-1.5l4.5,-1.5z",
)


@dataclass(frozen=True)
class _Plot:
    """The rectangle that curves are drawn in, in pixels, and the way from data to it."""

    top: float
    end: float
    y_limits: axis.Limits
    log_y: bool

    @property
    def bottom(self) -> float:
        return self.top + _PLOT_HEIGHT

    def x(self, place: float) -> float:
        return _LEFT + place / self.end * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        low, high = (math.log10(limit) for limit in self.y_limits) if self.log_y else self.y_limits
        return self.bottom - ((math.log10(value) if self.log_y else value) - low) / (high - low) * _PLOT_HEIGHT


def svg(curves: Curves, names: Sequence[str], *, span: int = 1, log_y: bool = False) -> str:
    """The picture: a curve a run with its own colour and mark, noisy ones as means of `span` points.

    Names are shown as text whatever they hold. A curve has at most two points for each pixel, so that no spike is lost.
    """
    series = smoothed(curves.series(names, span))
    drawn = [_thinned(one, curves.end, log_y) for one in series]
    lines = -(-len(series) // _A_LINE)
    plot = _Plot(_LEGEND_Y + lines * _LEGEND_STEP, curves.end, _limits(drawn, log_y), log_y)
    root = _sheet(plot.bottom + _BELOW)
    title = curves.title + (f", means of {span} points" if series[0].span > 1 else "")
    _child(root, "title", title)
    _text(root, title, (_LEFT, _TITLE_Y), size=16)
    _draw_axes(root, plot, curves)
    for place, (one, points) in enumerate(zip(series, drawn, strict=True)):
        _draw_legend(root, place, one.label)
        _draw_curve(root, plot, place, one, points)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _sheet(height: float) -> Element:
    size = {"viewBox": f"0 0 {_WIDTH} {height:g}", "width": str(_WIDTH), "height": f"{height:g}"}
    version = {"xmlns": "http://www.w3.org/2000/svg", "version": "1.1"}
    return Element("svg", version | size | {"font-family": "system-ui, sans-serif"})


def _thinned(series: Series, end: float, log_y: bool) -> Points:
    points = finite(np.asarray(series.steps), np.asarray(series.values), positive=log_y)
    return thin(points, (0.0, end), _WIDTH - _LEFT - _RIGHT)


def _limits(drawn: Sequence[Points], log_y: bool) -> axis.Limits:
    values = np.concatenate([points.values for points in drawn])
    low, high = (float(values.min()), float(values.max())) if len(values) else (1.0, 2.0)
    return axis.limits(low, high, count=6, log=log_y)


def _draw_axes(root: Element, plot: _Plot, curves: Curves) -> None:
    levels = (axis.log_ticks if plot.log_y else axis.ticks)(*plot.y_limits, 6)
    for level, label in zip(levels, axis.labels(levels), strict=True):
        y = plot.y(level)
        _line(root, (_LEFT, y), (_WIDTH - _RIGHT, y), WORDS, **{"stroke-opacity": "0.3"})
        _text(root, label, (_LEFT - 8, y + 4), anchor="end")
    is_time = curves.alignment.is_time
    places = axis.ticks(0, plot.end, 8, time=is_time)
    labels = [axis.time_label(place) for place in places] if is_time else axis.labels(places)
    for place, label in zip(places, labels, strict=True):
        x = plot.x(place)
        _line(root, (x, plot.bottom), (x, plot.bottom + 5), WORDS)
        _text(root, label, (x, plot.bottom + 18), anchor="middle")
    _line(root, (_LEFT, plot.bottom), (_WIDTH - _RIGHT, plot.bottom), WORDS)
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    _text(root, _AXIS_WORDS[curves.alignment.name], (middle, plot.bottom + 40), anchor="middle")


def _draw_legend(root: Element, place: int, name: str) -> None:
    line, column = divmod(place, _A_LINE)
    x, y = _LEFT + column * (_WIDTH - _LEFT - _RIGHT) / _A_LINE, _LEGEND_Y + line * _LEGEND_STEP
    entry = _child(root, "g")
    _child(entry, "title", name)
    _line(entry, (x, y - 4), (x + 28, y - 4), COLORS[place], **_STROKE)
    _mark(entry, place, (x + 14, y - 4))
    name = clean_line(name)
    _text(entry, name if len(name) <= _NAME_LETTERS else f"{name[: _NAME_LETTERS - 1]}…", (x + 36, y))


def _draw_curve(root: Element, plot: _Plot, place: int, series: Series, points: Points) -> None:
    curve = _child(root, "g")
    _child(curve, "title", series.label)
    where = [(plot.x(step), plot.y(value)) for step, value in zip(points.steps, points.values, strict=True)]
    for first, last in pairwise([*np.flatnonzero(points.starts).tolist(), len(where)]):
        told = " ".join(f"{x:.1f},{y:.1f}" for x, y in where[first:last])
        _child(curve, "polyline", points=told, fill="none", stroke=COLORS[place], **_STROKE)
    next_x = 0.0
    for x, y in where:
        if series.style == "points" or x >= next_x:
            _mark(curve, place, (x, y))
            next_x = x + _PIXELS_BETWEEN_MARKS


def _mark(root: Element, place: int, at: Place) -> None:
    _child(root, "path", d=f"M{at[0]:.1f},{at[1]:.1f}{_SHAPES[place]}", fill=COLORS[place])


def _line(root: Element, start: Place, end: Place, color: str, **attributes: str) -> None:
    names = ("x1", "y1", "x2", "y2")
    places = {name: f"{value:.1f}" for name, value in zip(names, (*start, *end), strict=True)}
    _child(root, "line", **places, stroke=color, **attributes)


def _text(root: Element, text: str, at: Place, *, anchor: str = "start", size: int = 12) -> None:
    attributes = {"x": f"{at[0]:.1f}", "y": f"{at[1]:.1f}", "text-anchor": anchor, "font-size": str(size)}
    _child(root, "text", text, fill=WORDS, **attributes)


def _child(root: Element, name: str, text: str = "", **attributes: str) -> Element:
    child = ElementTree.SubElement(root, name, attributes)
    child.text = _NO_XML.sub("", clean_line(text)) or None
    return child
