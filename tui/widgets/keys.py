"""The line of keys at the foot of a screen: what can be done now, and dim what can't."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from textual.binding import Binding
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from ..screens.deck import DeckScreen


_ALWAYS = ("help", "back")
_PRINTED = {
    "question_mark": "?", "escape": "esc", "left_square_bracket": "[", "right_square_bracket": "]", "colon": ":",
    "left": "←", "right": "→", "slash": "/", "number_sign": "#", "asterisk": "*", "plus": "+", "minus": "-",
    "tilde": "~", "comma": ",", "full_stop": ".", "semicolon": ";", "exclamation_mark": "!", "at": "@",
    "less_than_sign": "<", "greater_than_sign": ">", "equals_sign": "=", "underscore": "_", "vertical_line": "|",
    "backslash": "\\", "apostrophe": "'", "quotation_mark": '"', "grave_accent": "`", "dollar_sign": "$",
    "percent_sign": "%", "ampersand": "&", "left_parenthesis": "(", "right_parenthesis": ")", "circumflex_accent": "^",
    "left_curly_bracket": "{", "right_curly_bracket": "}",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A key and its word; whether it can be used now, and whether it stays where others must go."""

    key: str
    word: str
    possible: bool = True
    always: bool = False

    @property
    def width(self) -> int:
        return len(self.key) + len(self.word) + 4


class KeyLine(Widget):
    """Key and word of each binding that is to be shown; where room is short, help and the way out stay."""

    DEFAULT_CSS = """
    KeyLine { height: 1; width: 1fr; background: $footer-background; color: $footer-description-foreground; }
    KeyLine > .keys--key { color: $footer-key-foreground; text-style: bold; background: $footer-background; }
    KeyLine > .keys--off { color: $text-disabled; background: $footer-background; }
    /* Beside a colour of its own it would halve the contrast, to 1.7. */
    KeyLine:ansi > .keys--off { text-style: dim; }
    """
    COMPONENT_CLASSES = {"keys--key", "keys--off"}  # noqa: RUF012 - as Textual declares it
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: list[Entry] = []

    def show_keys(self, screen: "DeckScreen") -> None:
        shown = [binding for binding in screen.key_bindings if binding.show]
        shown.sort(key=lambda binding: _ALWAYS.index(binding.action) if binding.action in _ALWAYS else -1)
        entries = [
            Entry(
                binding.key_display or printed(binding.key.split(",")[0]),
                binding.description,
                possible=not screen.why_dead(binding),
                always=binding.action in _ALWAYS,
            )
            for binding in shown
        ]
        if entries != self._entries:
            self._entries = entries
            self.refresh()

    def render_line(self, y: int) -> Strip:
        key, off = self.get_component_rich_style("keys--key"), self.get_component_rich_style("keys--off")
        segments = []
        for entry in fitting(self._entries, self.size.width):
            segments += [
                Segment(f" {entry.key}", key if entry.possible else off),
                Segment(f" {entry.word}  ", self.rich_style if entry.possible else off),
            ]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)


def fitting(entries: Sequence[Entry], width: int) -> list[Entry]:
    """The entries that fit, in their order: those that always stay, then what can be used now, then what can't."""
    room, kept = width, list[Entry]()
    for entry in sorted(entries, key=lambda entry: (not entry.always, not entry.possible)):
        if entry.width <= room:
            room -= entry.width
            kept.append(entry)
    return sorted(kept, key=entries.index)


@cache
def bindings_of(screen: type[Screen[Any]]) -> tuple[Binding, ...]:
    """The keys of a kind of screen, its own before those that all screens have; each action once, each key too."""
    ours = [kind for kind in screen.__mro__ if kind.__module__.startswith("tunedeck.")]
    without = getattr(screen, "WITHOUT", frozenset())
    found: list[Binding] = []
    for binding in (binding for kind in ours for binding in declared_by(kind)):
        taken = {key for one in found for key in one.key.split(",")}
        keys = [key for key in binding.key.split(",") if key not in taken]
        if keys and binding.action not in {one.action for one in found} | without:
            found.append(replace(binding, key=",".join(keys)))
    return tuple(found)


def declared_by(screen: type) -> list[Binding]:
    """The bindings that stand in this very class."""
    return list(vars(screen).get("BINDINGS", ()))


def printed(key: str) -> str:
    """The key as it is printed on the keyboard."""
    *modifiers, name = key.split("+")
    return "+".join([*modifiers, _PRINTED.get(name, name)])


def key_names(binding: Binding) -> str:
    """The keys of a binding as they are printed on the keyboard."""
    return " ".join(map(printed, binding.key.split(",")))
