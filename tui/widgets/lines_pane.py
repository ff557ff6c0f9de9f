"""A pane of lines to read: what the panes of text and of tokens share is how it looks and how keys scroll it."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView


class LinesPane(ScrollView, can_focus=True):
    """Lines under a scrollbar; who draws them sets `virtual_size` to their number."""

    DEFAULT_CSS = """
    LinesPane {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        background: $background;
        color: $foreground;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "lines(1)", "Down", show=False),
        Binding("k,up", "lines(-1)", "Up", show=False),
        Binding("ctrl+d", "pages(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "pages(-0.5)", "Half a page up", show=False),
        Binding("pagedown", "pages(1)", "A page down", show=False),
        Binding("pageup", "pages(-1)", "A page up", show=False),
        Binding("g,home", "top", "Start", show=False),
        Binding("G,end", "bottom", "End", show=False),
    ]

    def action_lines(self, lines: int) -> None:
        self._scroll_to_line(self.scroll_offset.y + lines)

    def action_pages(self, pages: float) -> None:
        self.action_lines(round(pages * self.size.height))

    def action_top(self) -> None:
        self._scroll_to_line(0)

    def action_bottom(self) -> None:
        self._scroll_to_line(self.virtual_size.height)

    def _scroll_to_line(self, line: int) -> None:
        # By force: until the next layout there is no scrollbar, and without one nothing would be scrolled.
        self.scroll_to(y=line, animate=False, force=True)
