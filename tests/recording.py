"""A session of the app as one animated SVG: each line of the terminal is drawn once for each time that it changes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual.strip import Strip

_CELL_WIDTH, _LINE_HEIGHT, _FONT_SIZE = 9.6, 20, 16
_INK, _PAPER = "#d0d0d0", "#121212"


class Piece(NamedTuple):
    """Text in one colour on one ground; `column` is the cell where it begins."""

    column: int
    text: str
    ink: str
    paper: str
    bold: bool

    def drawn(self, y: int) -> Iterator[str]:
        """The ground where it is not the picture's, then the text, as wide as its cells whatever the font."""
        x, width = self.column * _CELL_WIDTH, len(self.text) * _CELL_WIDTH
        if self.paper != _PAPER:
            yield f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_LINE_HEIGHT}" fill="{self.paper}"/>'
        if self.text.strip():
            weight = ' font-weight="bold"' if self.bold else ""
            yield (
                f'<text x="{x:.1f}" y="{y + _FONT_SIZE - 1}" textLength="{width:.1f}" fill="{self.ink}"{weight}>'
                f"{escape(self.text, quote=False)}</text>"
            )


Line = tuple[Piece, ...]


@dataclass
class Recording:
    """Frames, each with the seconds for which it stands."""

    width: int
    height: int
    frames: list[tuple[list[Line], float]] = field(default_factory=list)

    def add(self, rows: Iterable[Sequence[Strip]], seconds: float) -> None:
        """What stands on the screen now, for so long."""
        lines = [_line(segment for strip in row for segment in strip) for row in rows]
        self.frames.append((lines, seconds))

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds in self.frames)

    def svg(self) -> str:
        """The whole session, played again and again."""
        width, height = self.width * _CELL_WIDTH, self.height * _LINE_HEIGHT
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" font-size="{_FONT_SIZE}"'
            ' font-family="\'DejaVu Sans Mono\',Menlo,Consolas,monospace" xml:space="preserve">'
        )
        paper = f'<rect width="100%" height="100%" fill="{_PAPER}"/>'
        states = (self._group(row, *state) for row in range(self.height) for state in self._states(row))
        return "\n".join([head, paper, *filter(None, states), "</svg>\n"])

    def _states(self, row: int) -> Iterator[tuple[Line, float, float]]:
        """What stands in the row, from when, until when."""
        start = end = 0.0
        before: Line = ()
        for lines, seconds in self.frames:
            if lines[row] != before:
                yield before, start, end
                before, start = lines[row], end
            end += seconds
        yield before, start, end

    def _group(self, row: int, line: Line, start: float, end: float) -> str:
        drawn = "".join(part for piece in line for part in piece.drawn(row * _LINE_HEIGHT))
        return f"<g>{self._in_sight(start, end)}{drawn}</g>" if drawn and end > start else ""

    def _in_sight(self, start: float, end: float) -> str:
        """The animation of what is not always in sight."""
        turns = [(0.0, "hidden")] if start else []
        turns += [(start / self.seconds, "visible")]
        turns += [(end / self.seconds, "hidden")] if end < self.seconds else []
        if len(turns) == 1:
            return ""
        times, values = ";".join(f"{at:.4f}" for at, _ in turns), ";".join(value for _, value in turns)
        return (
            f'<animate attributeName="visibility" calcMode="discrete" dur="{self.seconds:.1f}s"'
            f' repeatCount="indefinite" keyTimes="{times}" values="{values}"/>'
        )


def _line(segments: Iterable[Segment]) -> Line:
    """The segments as pieces, neighbours of one look in one piece; blanks at the end left out."""
    pieces: list[Piece] = []
    column = 0
    for text, style, control in segments:
        if control or not text:
            continue
        look = _look(style or Style())
        if pieces and tuple(pieces[-1][2:]) == look:
            pieces[-1] = pieces[-1]._replace(text=pieces[-1].text + text)
        else:
            pieces.append(Piece(column, text, *look))
        column += len(text)
    while pieces and not pieces[-1].text.strip() and pieces[-1].paper == _PAPER:
        pieces.pop()
    return tuple(pieces)


def _look(style: Style) -> tuple[str, str, bool]:
    ink, paper = _hex(style.color, _INK), _hex(style.bgcolor, _PAPER)
    return (paper, ink, bool(style.bold)) if style.reverse else (ink, paper, bool(style.bold))


def _hex(color: Color | None, fallback: str) -> str:
    return fallback if color is None or color.is_default else color.get_truecolor(DEFAULT_TERMINAL_THEME).hex
