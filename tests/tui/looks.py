"""What a screen looks like in each kind of terminal, as text: which cells have which colours and attributes."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from string import ascii_letters, digits

from cockpit import Cockpit
from contrast import contrast
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Mixed
from textual.filter import NoColor
from textual.strip import Strip

NO_COLOR = "NO_COLOR"
LOOKS = ("deck-dark", "deck-light", NO_COLOR)
_ATTRIBUTES = ("bold", "dim", "italic", "underline", "strike", "reverse")
_VISIBLE_ON_BLANKS = ("underline", "strike", "reverse")
_LETTERS = ascii_letters + digits
# How much of its colour a dim letter keeps: terminals differ, and half is the least.
_DIM = 0.5


class Look:
    """The cells of a screen in one terminal."""

    def __init__(self, name: str, lines: Iterable[Sequence[Strip]]) -> None:
        self.name = name
        self._styles: dict[str, str] = {}
        self.least_contrast: dict[str, float] = {}
        """Of the words that stand there in each style, the contrast with their ground; 1 is none."""
        self._runs = [" ".join(self._line(segment for strip in line for segment in strip)) for line in lines]

    def _line(self, segments: Iterable[Segment]) -> Iterator[str]:
        """Runs of cells that look alike: a letter for the style, and how many."""
        drawn = [(self._letter(text, style or Style()), Segment(text).cell_length) for text, style, _ in segments]
        for letter, run in groupby(drawn, key=lambda piece: piece[0]):
            if width := sum(cells for _, cells in run):
                yield f"{letter}{width}"

    def _letter(self, text: str, style: Style) -> str:
        attributes = [name for name in _ATTRIBUTES if getattr(style, name)]
        is_blank = not text.strip() and not {*attributes} & {*_VISIBLE_ON_BLANKS}
        ink = "" if is_blank else _named(style.color)
        told = f"{ink} on {_named(style.bgcolor)} {'' if is_blank else ' '.join(attributes)}".strip()
        if any(character.isalnum() for character in text) and (contrast := _contrast(style)):
            self.least_contrast[told] = contrast
        return self._styles.setdefault(told, _LETTERS[len(self._styles)])

    def __str__(self) -> str:
        palette = [f"{letter} {told}{self._told_contrast(told)}" for told, letter in self._styles.items()]
        rows, first = [], 1
        for run, same in groupby(self._runs):
            last = first + len(list(same)) - 1
            rows.append(f"{first if first == last else f'{first}-{last}'}: {run}")
            first = last + 1
        return "\n".join([f"[{self.name}]", *palette, *rows, ""])

    def _told_contrast(self, told: str) -> str:
        return f"  {self.least_contrast[told]:.1f}" if told in self.least_contrast else ""


def has_colour(lines: Iterable[Sequence[Strip]]) -> bool:
    styles = [style for line in lines for strip in line for _, style, _ in strip if style]
    return not all(color is None or color.is_default for style in styles for color in (style.color, style.bgcolor))


@asynccontextmanager
async def worn(cockpit: Cockpit, name: str) -> AsyncIterator[None]:
    """The app as it is in a terminal of this look; NO_COLOR is what the app does where it is set when it starts."""
    app, before = cockpit.app, (cockpit.app.theme, cockpit.app.ansi_color, cockpit.app.no_color)
    filters = [*app._filters]
    if name == NO_COLOR:
        app.ansi_color, app.no_color = True, True
        app._filters.append(NoColor())
        app.theme = "ansi-dark"
    else:
        app.theme = name
    await cockpit.until_still()
    yield
    app._filters[:] = filters
    app.theme, app.ansi_color, app.no_color = before
    await cockpit.until_still()


def _named(color: Color | None) -> str:
    if color is None or color.is_default:
        return "default"
    return color.triplet.hex if color.triplet else color.name


def _contrast(style: Style) -> float:
    """By the formula of WCAG 2.1; 0 where the terminal's own colours decide."""
    if not (style.color and style.bgcolor and style.color.triplet and style.bgcolor.triplet):
        return 0.0
    ink, paper = (Mixed(*color.triplet) for color in (style.color, style.bgcolor) if color.triplet)
    if style.reverse:
        ink, paper = paper, ink
    return contrast((paper.blend(ink, _DIM) if style.dim else ink).hex, paper.hex)
