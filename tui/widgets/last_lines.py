"""A few lines from the end of something, as many as the screen has room for."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from ..clean import clean_line

# Of a screen's lines: of 24 it takes 4, which leaves the charts their height.
_SHARE = 6


class LastLines(Widget):
    """Lines that are cut rather than folded; the first of them give way on a low screen."""

    DEFAULT_CSS = """
    LastLines {
        display: none;
        width: 1fr;
        height: auto;
        padding: 0 1;
        color: $text-muted;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: list[str] = []

    def show(self, lines: Sequence[str]) -> None:
        """These lines; without any it takes no room."""
        self._lines = [clean_line(line) for line in lines]
        self.display = bool(lines)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(len(self._lines), max(viewport.height // _SHARE, 1))

    def render(self) -> Content:
        return Content("\n".join(self._lines[-max(self.size.height, 1) :]))
