"""The palette: a line to type what is wanted, and below it what that may mean; enter does it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ...store.lazy import LazySequence
from ..asking import Asking
from ..clean import clean_line
from ..palette.command import Command, matching
from ..palette.commands import of_screen, of_store
from ..widgets.cells import Column, Row
from ..widgets.table import Table

if TYPE_CHECKING:
    from .deck import DeckScreen

_COLUMNS = (Column("Command", 22, flex=1), Column("Keys", 8), Column("What it does", 30, flex=2, drop=1))
_NOTHING = "Nothing is called so. Fewer words find more; esc leaves."
_HINT = "an action, a place, a run, a data set, a theme"


class PaletteScreen(ModalScreen[Command | None]):
    """The command that was chosen, to be done once the screen is in front again; None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", tooltip="Do nothing."),
        Binding("down,ctrl+n", "move(1)", "Down", tooltip="The next command."),
        Binding("up,ctrl+p", "move(-1)", "Up", tooltip="The command before."),
        Binding("pagedown", "pages(1)", "A page down", tooltip="A page down."),
        Binding("pageup", "pages(-1)", "A page up", tooltip="A page up."),
    ]

    def __init__(self, front: "DeckScreen") -> None:
        super().__init__()
        self._front = front
        self._commands = of_screen(front)
        self._found: Sequence[Command] = ()

    def compose(self) -> ComposeResult:
        field = Input(id="command", compact=True, placeholder=_HINT, select_on_focus=False)
        field.cursor_blink = False
        table = Table(_COLUMNS, empty=_NOTHING, id="commands")
        table.can_focus = False
        with Vertical(id="palette"):
            yield field
            yield table
            yield Static("", id="command-told")

    def on_mount(self) -> None:
        self._show("")
        deck = self._front.deck
        self._asking = Asking(deck, lambda sentence: self._tell(sentence))
        self._asking.of(of_store(deck), self._know)

    def _know(self, more: list[Command]) -> None:
        self._commands = [*self._commands, *more]
        # One that is being left has lost its widgets already.
        for typed in self.query(Input):
            self._show(typed.value)

    def _show(self, typed: str) -> None:
        self._found = matching(self._commands, typed)
        for table in self.query(Table):
            table.update_rows(CommandRows(self._found))

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

    @property
    def _chosen(self) -> Command | None:
        return next((command for command in self._found if command.key == self._table.cursor_key), None)

    def _tell(self, sentence: str) -> None:
        self.query_one("#command-told", Static).update(Content(clean_line(sentence)))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)
        self._table.action_first()

    @on(Table.Highlighted)
    def _on_highlighted(self) -> None:
        chosen = self._chosen
        self._tell(f"Not now: {chosen.why_not}" if chosen and chosen.why_not else chosen.told if chosen else "")

    @on(Input.Submitted)
    @on(Table.Opened)
    def _do(self) -> None:
        chosen = self._chosen
        if chosen is not None and not chosen.why_not:
            self.dismiss(chosen)

    def action_move(self, by: int) -> None:
        self._table.action_move(by)

    def action_pages(self, pages: float) -> None:
        self._table.action_pages(pages)

    def action_leave(self) -> None:
        self.dismiss(None)


class CommandRows(LazySequence[Row]):
    """The rows of commands, made as they come in sight."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._commands = commands

    def __len__(self) -> int:
        return len(self._commands)

    def at(self, place: int) -> Row:
        return _row(self._commands[place])

    def index_of(self, key: str) -> int | None:
        return next((at for at, command in enumerate(self._commands) if command.key == key), None)


def _row(command: Command) -> Row:
    if command.why_not:
        return Row(command.key, [(command.words, "dim"), (command.keys, "dim"), (f"Not now: {command.why_not}", "dim")])
    return Row(command.key, [command.words, command.keys, command.told])
