"""A pane of text of which some parts are marked, for what a model says: it grows, and only new lines are painted."""

from collections.abc import Sequence
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip

from ..playing.answer_text import Part
from .lines_pane import LinesPane

# No colour alone: it has to be seen under NO_COLOR too.
_MARK = Style(bold=True, underline=True)
_TAB = 4


class MarkedPane(LinesPane):
    """Folded at the pane's width; as it grows its end stays in sight, unless somebody scrolled up."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts: tuple[Part, ...] = ()
        self._lines: list[tuple[Segment, ...]] = []

    @property
    def text(self) -> str:
        return "".join(part.text for part in self._parts)

    def show(self, parts: Sequence[Part], *, from_start: bool = False) -> None:
        """Shows these parts, which hold no controls; of a text that has grown the rest is painted alone."""
        if tuple(parts) == self._parts:
            return
        follows = self.scroll_offset.y >= len(self._lines) - self.size.height
        self._parts = tuple(parts)
        self._fold()
        if from_start:
            self.action_first()
        elif follows:
            self.action_last()

    def on_resize(self, event: events.Resize) -> None:
        self._fold()

    def _fold(self) -> None:
        before, self._lines = self._lines, self._folded(self.scrollable_content_region.width)
        if len(before) != len(self._lines):
            self.virtual_size = Size(0, len(self._lines))
        top, width = self.scroll_offset.y, self.size.width
        pairs = zip_longest(before, self._lines)
        changed = [Region(0, at - top, width, 1) for at, (old, new) in enumerate(pairs) if old != new]
        if changed:
            self.refresh(*changed)

    def _folded(self, width: int) -> list[tuple[Segment, ...]]:
        text = Text(end="", tab_size=_TAB)
        for part in self._parts:
            text.append(part.text, _MARK if part.is_marked else None)
        if not width or not self._parts:
            return []
        return [tuple(line.render(self.app.console)) for line in text.wrap(self.app.console, width, overflow="fold")]

    def render_line(self, y: int) -> Strip:
        at, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        line = self._lines[at] if at < len(self._lines) else ()
        strip = Strip([Segment(text, self.rich_style + (style or Style.null())) for text, style, _ in line])
        return strip.adjust_cell_length(width, self.rich_style)
