"""What has a widget work out its own style once a drawing, not once a line."""

from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.widget import Widget as Base
else:
    # No widget by itself: of several that a class is made from, Textual reads the style sheet of the first alone.
    Base = object


class OneLook(Base):
    """Stands before the kind of widget; whoever draws a line asks for `rich_style` as often as it likes.

    Textual puts that together anew each time, from all that the widget stands in: 50 us, a sixth of a page's time.
    """

    _look: Style | None = None

    @property
    def rich_style(self) -> Style:
        return super().rich_style if self._look is None else self._look

    def render_lines(self, crop: Region) -> list[Strip]:
        self._look = super().rich_style
        try:
            return super().render_lines(crop)
        finally:
            self._look = None
