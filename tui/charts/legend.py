"""The line above a chart: its title, then mark, name and last value of each series."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len, set_cell_size

from ..clean import clean_line
from .axis import label
from .colors import ChartColors
from .series import Series

Code = int | tuple[int, int, int] | None

_GLYPHS = {"line": "─", "points": "◆", "rule": "┄", "mark": "┊"}
_ASCII_GLYPHS = {"line": ".", "points": "o", "rule": "-", "mark": ":"}
_ANSI_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


@dataclass(frozen=True)
class Pen:
    """How things are drawn: in which colours, with which characters, with or without colour codes."""

    colors: ChartColors
    ascii: bool = False
    color: bool = True

    def glyph(self, kind: str) -> str:
        return (_ASCII_GLYPHS if self.ascii else _GLYPHS)[kind]

    def code(self, role: str) -> Code:
        """The colour of a role: one of the terminal's 16 by number, a triple of RGB, or None for the terminal's own."""
        name = self.colors.resolve(role)
        if name.startswith("#") and len(name) in (7, 9):
            return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)
        bright = name.startswith("ansi_bright_")
        plain = name.removeprefix("ansi_").removeprefix("bright_")
        return _ANSI_NAMES.index(plain) + 8 * bright if plain in _ANSI_NAMES else None

    def paint(self, text: str, role: str, *, bold: bool = False) -> str:
        """The text between colour codes, where this pen has colour at all."""
        codes = (["1"] if bold else []) + _foreground(self.code(role))
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.color and codes and text else text


def _foreground(code: Code) -> list[str]:
    if code is None:
        return []
    return ["38", "5", str(code)] if isinstance(code, int) else ["38", "2", *map(str, code)]


def series_glyph(series: Series, pen: Pen) -> str:
    """The one-cell character that stands for the series in the plot and in the legend."""
    glyph = clean_line(series.marker)[:1]
    usable = cell_len(glyph) == 1 and (glyph.isascii() or not pen.ascii)
    return glyph if usable else pen.glyph(series.style)


def line(title: str, series: Sequence[Series], width: int, pen: Pen) -> str:
    """Title and legend in at most `width` cells: where it is narrow, values of named series give way, then the last."""
    title = clean_line(title)
    if pen.ascii:
        title = title.encode("ascii", "replace").decode()
    entries = [_entry(one, pen, value=True) for one in series]
    if _width(title, entries) > width:
        # A curve without a name is the title's own: its value says more than the name of another.
        entries = [_entry(one, pen, value=not one.label) for one in series]
    title = title if cell_len(title) <= width else set_cell_size(title, width)
    while entries and _width(title, entries) > width:
        entries.pop()
    head = pen.paint(title, "ansi_default", bold=True)
    roles = [one.color for one in series]
    parts = [pen.paint(text, role) for text, role in zip(entries, roles, strict=False) if text]
    return "   ".join([head, *parts] if title else parts)


def _width(title: str, entries: Sequence[str]) -> int:
    return sum(cell_len(text) for text in entries) + 3 * len(entries) + cell_len(title)


def _entry(series: Series, pen: Pen, *, value: bool) -> str:
    name = clean_line(series.label)
    if pen.ascii:
        name = name.encode("ascii", "replace").decode()
    values = np.asarray(series.values, dtype=np.float64)
    # Untrimmed: a number that gets shorter would move, and so repaint, everything behind it.
    last = f" {label(float(values[-1]), trim=False)}" if value and len(values) else ""
    # A chart of one curve has its name in the title.
    return f"{series_glyph(series, pen)} {name}{last}" if name else last.strip()
