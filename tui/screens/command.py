"""The command that does what the form would, to be read and copied."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ..clean import clean


class CommandShown(ModalScreen[None]):
    """A command in full, however many lines it takes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", tooltip="Copy the command."),
        Binding("escape,q,C,enter", "leave", "Leave", tooltip="Go back to the form."),
    ]

    def __init__(self, command: str, copy: Callable[[], None]) -> None:
        super().__init__()
        self._command, self._copy = command, copy

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(Content("The same run from the command line:"))
            yield Static(Content(clean(self._command)), id="command")
            yield Static(Content("y copy   esc leave"))

    def action_copy(self) -> None:
        self.dismiss(None)
        self._copy()

    def action_leave(self) -> None:
        self.dismiss(None)
