"""The line of keys at the foot of a screen: what can be done now, and dim what can't."""

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.binding import Binding
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from ..screens.deck import DeckScreen


class KeyLine(Widget):
    """Key and word of each binding that is to be shown, as many as fit; `?` lists them all."""

    DEFAULT_CSS = """
    KeyLine { height: 1; width: 1fr; background: $footer-background; color: $footer-description-foreground; }
    KeyLine > .keys--key { color: $footer-key-foreground; text-style: bold; background: $footer-background; }
    KeyLine > .keys--off { color: $text-disabled; background: $footer-background; text-style: dim; }
    """
    COMPONENT_CLASSES = {"keys--key", "keys--off"}  # noqa: RUF012 - as Textual declares it
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: list[tuple[str, str, bool]] = []

    def show_keys(self, screen: "DeckScreen") -> None:
        entries = [
            (binding.key_display or binding.key.split(",")[0], binding.description, not screen.why_not(binding.action))
            for binding in bindings_of(screen)
            if binding.show
        ]
        if entries != self._entries:
            self._entries = entries
            self.refresh()

    def render_line(self, y: int) -> Strip:
        key, off = self.get_component_rich_style("keys--key"), self.get_component_rich_style("keys--off")
        segments, room = [], self.size.width
        for shown, word, possible in self._entries:
            needed = len(shown) + len(word) + 4
            if needed > room:
                break
            room -= needed
            segments += [
                Segment(f" {shown}", key if possible else off),
                Segment(f" {word}  ", self.rich_style if possible else off),
            ]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)


def bindings_of(screen: "DeckScreen") -> list[Binding]:
    """The keys of a screen, its own before those that all screens have; each action once."""
    ours = [kind for kind in type(screen).__mro__ if kind.__module__.startswith("tunedeck.")]
    by_action: dict[str, Binding] = {}
    for binding in (binding for kind in ours for binding in declared_by(kind)):
        by_action.setdefault(binding.action, binding)
    return list(by_action.values())


def declared_by(screen: type) -> list[Binding]:
    """The bindings that stand in this very class."""
    return list(vars(screen).get("BINDINGS", ()))
