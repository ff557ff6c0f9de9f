"""Help of a screen, drawn from its own keys: what it is for, what each key does, and why one can't be used now."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ..clean import clean
from ..widgets.cells import Column, Row
from ..widgets.keys import declared_by, key_names
from ..widgets.table import Table
from .deck import DeckScreen

_COLUMNS = (Column("Key", 14), Column("What it does", 30, flex=1))
_MOVES = {
    "j k ↓ ↑": "One line down, up.",
    "ctrl+d ctrl+u": "Half a page down, up.",
    "g G": "The first, the last line.",
    "enter": "Open what is under the cursor, in lists.",
}


class HelpScreen(DeckScreen):
    """All the keys of the screen behind it; enter does there what the key under the cursor does."""

    heading = "HELP"
    about = "Every key of the screen that you came from. Those that do nothing now are dim, and say why."
    WITHOUT = frozenset({"help"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "use", "Do it", tooltip="Go back, and do what the key under the cursor does."),
        Binding("q,escape,question_mark", "back", "Back", key_display="q", tooltip="Leave the help."),
    ]

    def __init__(self, of: DeckScreen) -> None:
        super().__init__()
        self._of = of
        self._by_action: dict[str, Binding] = {}

    def body(self) -> list[Widget]:
        return [
            Static(Content(self._of.about), id="subject"),
            Table(_COLUMNS, id="help"),
            Static("", id="help-told"),
        ]

    def on_mount(self) -> None:
        self.title_line(f"HELP   the keys of {self._of.heading}")
        self._by_action = {binding.action: binding for binding in self._of.key_bindings}
        table = self.query_one(Table)
        table.update_rows(self._rows())
        table.focus()

    def _rows(self) -> list[Row]:
        shared = {binding.action for binding in declared_by(DeckScreen)}
        own = [binding for action, binding in self._by_action.items() if action not in shared]
        others = [binding for action, binding in self._by_action.items() if action in shared]
        moves = [Row(keys, [keys, told]) for keys, told in _MOVES.items()]
        return [
            *map(self._row, own),
            *(_section("Everywhere") if own else []), *map(self._row, others),
            *_section("In lists and texts"), *moves,
        ]  # fmt: skip

    def _row(self, binding: Binding) -> Row:
        style = "dim" if self._of.why_dead(binding) else ""
        return Row(binding.action, [(key_names(binding), style), (self._told(binding), style)])

    def _told(self, binding: Binding) -> str:
        reason = self._of.why_dead(binding)
        return f"{binding.tooltip}{f' Not now: {reason}' if reason else ''}"

    @on(Table.Highlighted)
    def _on_highlighted(self, event: Table.Highlighted) -> None:
        binding = self._by_action.get(event.key or "")
        reason = self._of.why_dead(binding) if binding else ""
        told = f"Not now: {reason}" if reason else binding.tooltip if binding else ""
        self.query_one("#help-told", Static).update(Content(clean(told)))
        self.keys_changed()

    def why_not(self, action: str) -> str:
        if action != "use":
            return ""
        binding = self._by_action.get(self.query_one(Table).cursor_key or "")
        if binding is None:
            return "That is no key of the screen: it moves in any list or text."
        return self._of.why_dead(binding)

    @on(Table.Opened)
    def action_use(self) -> None:
        action = self.query_one(Table).cursor_key
        if not self.refused("use") and action:
            self.app.pop_screen()
            self._of.do(action)


def _section(title: str) -> list[Row]:
    return [Row(f"above {title}", ["", ""]), Row(title, ["", (title, "strong")])]
