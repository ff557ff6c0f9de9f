"""What lists and texts share: how they look under their scrollbar, and by which keys one moves in them."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView

from .one_look import OneLook


class Scrolled(OneLook, ScrollView, can_focus=True):
    """Who draws it sets `virtual_size`, and has the actions `move`, `pages`, `first` and `last`."""

    DEFAULT_CSS = """
    Scrolled {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        background: $background;
        color: $foreground;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False),
        Binding("k,up", "move(-1)", "Up", show=False),
        Binding("ctrl+d", "pages(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "pages(-0.5)", "Half a page up", show=False),
        Binding("pagedown", "pages(1)", "A page down", show=False),
        Binding("pageup", "pages(-1)", "A page up", show=False),
        Binding("g,home", "first", "To the first", show=False),
        Binding("G,end", "last", "To the last", show=False),
    ]
