"""A pane of tokens: trained ones in reverse video, special ones bold and underlined, folded at the pane's width."""

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from ..data.token_text import Line, Look, TokenRow, folded
from .lines_pane import LinesPane

# No look is a colour alone: what is trained is also reversed, what is special underlined.
_LOOKS: dict[Look, Style] = {
    "plain": Style(),
    "trained": Style(reverse=True),
    "special": Style(underline=True, bold=True),
    "trained-special": Style(reverse=True, underline=True, bold=True),
    "note": Style(bold=True),
}


class TokenPane(LinesPane):
    """One row as tokens; where there is no colour, what is trained also stands in brackets."""

    def __init__(self, *, plain: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plain = plain
        self._rows: tuple[TokenRow, ...] = ()
        self._apart = False
        self._lines: list[Line] = []

    def show(self, rows: tuple[TokenRow, ...], *, apart: bool = False) -> None:
        """Shows these examples of one row from their start; with `apart` a bar between any two tokens."""
        if rows != self._rows:
            self.action_first()
        self._rows, self._apart = rows, apart
        self._fold()

    def prepare(self, rows: tuple[TokenRow, ...], *, apart: bool) -> None:
        """Fold rows that may be shown next; called in a thread, so that the event loop finds them folded."""
        for row in rows:
            self._folded(row, apart=apart)

    def _folded(self, row: TokenRow, *, apart: bool) -> tuple[Line, ...]:
        width = self.scrollable_content_region.width
        return folded(row, width, plain=self._plain, apart=apart) if width else ()

    def _fold(self) -> None:
        parts = [self._folded(row, apart=self._apart) for row in self._rows]
        # An empty line between the windows on one row.
        self._lines = [line for part in parts for line in ((), *part)][1:]
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        self._fold()

    def render_line(self, y: int) -> Strip:
        at, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        line = self._lines[at] if at < len(self._lines) else ()
        strip = Strip([Segment(text, self.rich_style + _LOOKS[look]) for text, look in line])
        return strip.adjust_cell_length(width, self.rich_style)
