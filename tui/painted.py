"""What stands on the terminal, cell by cell, so that only what has changed is written, as curses does."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

# A jump of the cursor, and a style begun anew, take about as many bytes as so many cells that are written again.
_JUMP_CELLS = 24


class Cell(NamedTuple):
    """What one cell shows, after which codes; characters of another width than one cell stand in one, as a text."""

    text: str
    codes: str


_UNKNOWN = Cell("", "unknown")
_SECOND = Cell("", "second cell of a text")


class Painted:
    """The terminal's cells as they were written last."""

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._lines: list[list[Cell]] = []

    def forget(self) -> None:
        """The terminal may show anything: each cell is written when it comes next."""
        self._lines = [[_UNKNOWN] * self._size.width for _ in range(self._size.height)]

    def whole(self, update: LayoutUpdate, console: Console) -> str:
        """What is to be written so that the terminal shows the picture."""
        if self._size != update.region.size:
            self._size = update.region.size
            self.forget()
        lines = ([cell for strip in strips for cell in _cells(strip, console)] for strips in update.strips)
        return "".join(self._changed(y, 0, cells) for y, cells in enumerate(lines))

    def part(self, update: ChopsUpdate, console: Console) -> str:
        """The same for some stretches of the picture."""
        written = []
        for y, left, right in update.spans:
            for end, (start, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is not None and start < right and end > left:
                    written.append(self._changed(y, start, _cells(strip, console)[: min(end, right) - start]))
        return "".join(written)

    def _changed(self, y: int, x: int, cells: list[Cell]) -> str:
        """What to write of the cells from x on, which the terminal is taken to show from now on."""
        line = self._lines[y]
        before, line[x : x + len(cells)] = line[x : x + len(cells)], cells
        if cells == before:
            return ""
        # Terminals don't agree on how wide some characters are: beside those no place on the line is certain.
        is_certain = len(before) == len(cells) and _SECOND not in before and _SECOND not in cells
        spans = _spans(before, cells) if is_certain else [(0, len(cells))]
        return "".join(
            f"{Control.move_to(x + start, y).segment.text}{_written(cells[start:end])}" for start, end in spans
        )


class Difference(CompositorUpdate):
    """An update of the screen that is held against what stands there at the moment when it is written."""

    def __init__(self, painted: Painted, update: LayoutUpdate | ChopsUpdate) -> None:
        self._painted, self._update = painted, update

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self._update

    def render_segments(self, console: Console) -> str:
        if isinstance(self._update, LayoutUpdate):
            return self._painted.whole(self._update, console)
        return self._painted.part(self._update, console)


def _cells(strip: Strip, console: Console) -> list[Cell]:
    colors = console._color_system or ColorSystem.TRUECOLOR
    cells: list[Cell] = []
    for text, style, _ in strip:
        codes = "" if style is None else strip.render_style(style, "\0", color_system=colors).partition("\0")[0]
        if (width := cell_len(text)) == len(text):
            cells += [Cell(character, codes) for character in text]
        elif width:
            cells += [Cell(text, codes), *[_SECOND] * (width - 1)]
    return cells


def _spans(before: Sequence[Cell], cells: Sequence[Cell]) -> list[tuple[int, int]]:
    """From where to where they differ; over what is alike for a few cells it is written on."""
    spans: list[tuple[int, int]] = []
    for place, (old, new) in enumerate(zip(before, cells, strict=True)):
        if old != new:
            if spans and place - spans[-1][1] < _JUMP_CELLS:
                spans[-1] = spans[-1][0], place + 1
            else:
                spans.append((place, place + 1))
    return spans


def _written(cells: Sequence[Cell]) -> str:
    shown = (cell for cell in cells if cell is not _SECOND)
    return "".join(map(_run, groupby(shown, key=lambda cell: cell.codes)))


def _run(alike: tuple[str, Iterator[Cell]]) -> str:
    codes, cells = alike
    text = "".join(cell.text for cell in cells)
    return f"{codes}{text}\x1b[0m" if codes else text
