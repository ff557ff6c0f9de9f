"""A pane of lines to read, which keys scroll: what the panes of text and of tokens share."""

from .scrolled import Scrolled


class LinesPane(Scrolled):
    """Lines under a scrollbar; who draws them sets `virtual_size` to their number."""

    def action_move(self, rows: int) -> None:
        self._scroll_to_line(self.scroll_offset.y + rows)

    def action_pages(self, pages: float) -> None:
        self.action_move(round(pages * self.size.height))

    def action_first(self) -> None:
        self._scroll_to_line(0)

    def action_last(self) -> None:
        self._scroll_to_line(self.virtual_size.height)

    def _scroll_to_line(self, line: int) -> None:
        # By force: until the next layout there is no scrollbar, and without one nothing would be scrolled.
        self.scroll_to(y=line, animate=False, force=True)
