"""Help of a screen, drawn from its own keys: what each does, and why one can't be used now."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ..widgets.keys import bindings_of
from ..widgets.log import TextPane
from .deck import DeckScreen

_LISTS = """\
  j k ↓ ↑         One line down, up.
  ctrl+d ctrl+u   Half a page down, up.
  g G             The first, the last line.
"""
_NAMES = {
    "question_mark": "?", "escape": "esc", "left_square_bracket": "[", "right_square_bracket": "]",
    "left": "←", "right": "→", "slash": "/", "number_sign": "#", "asterisk": "*", "plus": "+", "minus": "-",
    "tilde": "~",
}  # fmt: skip


class HelpScreen(DeckScreen):
    """All the keys of the screen behind it."""

    heading = "HELP"
    WITHOUT = frozenset({"help"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,question_mark", "back", "Back", key_display="q", tooltip="Leave the help."),
    ]

    def __init__(self, of: DeckScreen) -> None:
        super().__init__()
        self._of = of

    def body(self) -> list[Widget]:
        return [TextPane(id="help")]

    def on_mount(self) -> None:
        self.title_line(f"HELP   the keys of {self._of.heading}")
        pane = self.query_one(TextPane)
        pane.show_text(self._text())
        pane.focus()

    def _text(self) -> str:
        lines = []
        for binding in bindings_of(type(self._of)):
            reason = self._of.why_not(binding.action)
            lines.append(f"  {key_names(binding):<14}  {binding.tooltip}{f' Not now: {reason}' if reason else ''}")
        return "\n".join([*lines, "", "In lists and texts", "", _LISTS])


def key_names(binding: Binding) -> str:
    """The keys of a binding as they are printed on the keyboard."""
    return " ".join(_NAMES.get(key, key) for key in binding.key.split(","))
