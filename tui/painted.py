"""What stands on the terminal, so that only what has changed is written, as curses does."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

# A jump of the cursor, and a style begun anew, take about as many bytes as so many cells that are written again.
_JUMP_CELLS = 24


class Cell(NamedTuple):
    """What one cell shows, between which codes; characters of another width than one cell stand in one, as a text."""

    text: str
    codes: tuple[str, str] = ("", "")


_UNKNOWN = Cell("unknown")
_SECOND = Cell("second cell of a text")


class Row:
    """A line of the terminal, by the segments that were written or, once only a part was, by its cells.

    Most lines stay as they are: to compare segments takes 1 ms for a screen of 160x48, to part all of them into cells
    takes 10.
    """

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self._cells: list[Cell] = []

    @property
    def is_known(self) -> bool:
        return bool(self.segments or self._cells)

    def cells(self, console: Console) -> list[Cell]:
        if not self._cells:
            self._cells = _cells(self.segments, console)
        return self._cells

    def take(self, segments: list[Segment], cells: list[Cell]) -> None:
        """From now on it shows these segments; `cells` are theirs, or none yet."""
        self.segments, self._cells = segments, cells

    def patch(self, x: int, cells: list[Cell], width: int, console: Console) -> list[Cell]:
        """From now on it shows these cells from x on; those that it showed there."""
        line = self.cells(console) if self.is_known else [_UNKNOWN] * width
        before, line[x : x + len(cells)] = line[x : x + len(cells)], cells
        self.take([], line)
        return before


class Painted:
    """The terminal as it was written last."""

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._rows: list[Row] = []

    def forget(self) -> None:
        """The terminal may show anything: each line is written when it comes next."""
        self._rows = [Row() for _ in range(self._size.height)]

    def whole(self, update: LayoutUpdate, console: Console) -> str:
        """What is to be written so that the terminal shows the picture."""
        if self._size != update.region.size:
            self._size = update.region.size
            self.forget()
        return "".join(self._line(y, list(strips), console) for y, strips in enumerate(update.strips))

    def _line(self, y: int, strips: Sequence[Strip], console: Console) -> str:
        row, segments = self._rows[y], [segment for strip in strips for segment in strip]
        if row.segments == segments:
            return ""
        if not row.is_known:
            row.take(segments, [])
            return f"{Control.move_to(0, y).segment.text}{''.join(strip.render(console) for strip in strips)}"
        before, cells = row.cells(console), _cells(segments, console)
        row.take(segments, cells)
        return _difference(0, y, before, cells)

    def part(self, update: ChopsUpdate, console: Console) -> str:
        """The same for some stretches of the picture; in the way of Textual, should it be no part of the one before."""
        if len(update.chops) != self._size.height:
            return update.render_segments(console)
        written = []
        for y, left, right in update.spans:
            for end, (start, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is not None and start < right and end > left:
                    cells = _cells(strip, console)[: min(end, right) - start]
                    before = self._rows[y].patch(start, cells, self._size.width, console)
                    written.append(_difference(start, y, before, cells))
        return "".join(written)


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


def _difference(x: int, y: int, before: Sequence[Cell], cells: Sequence[Cell]) -> str:
    """What to write so that a line shows these cells from x on, where it showed those before."""
    if cells == before:
        return ""
    # Terminals don't agree on how wide some characters are: beside those no place on the line is certain.
    is_certain = len(before) == len(cells) and _SECOND not in before and _SECOND not in cells
    spans = _spans(before, cells) if is_certain else [(0, len(cells))]
    return "".join(f"{Control.move_to(x + start, y).segment.text}{_written(cells[start:end])}" for start, end in spans)


def _cells(segments: Iterable[Segment], console: Console) -> list[Cell]:
    colors = console._color_system or ColorSystem.TRUECOLOR
    cells: list[Cell] = []
    for text, style, _ in segments:
        around = "\0" if style is None else Strip.render_style(style, "\0", color_system=colors)
        before, _, after = around.partition("\0")
        codes = before, after
        # A wide character beside one of no width would be as many cells as characters, and none in its place.
        if text.isascii() or all(get_character_cell_size(character) == 1 for character in text):
            cells += [Cell(character, codes) for character in text]
        elif width := cell_len(text):
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


def _run(alike: tuple[tuple[str, str], Iterator[Cell]]) -> str:
    (before, after), cells = alike
    return f"{before}{''.join(cell.text for cell in cells)}{after}"
