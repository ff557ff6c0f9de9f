"""A question that is answered in one line, which is checked before it is taken."""

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ...store.errors import UserError
from ..clean import clean, clean_line

Answer = TypeVar("Answer")


class LineAsk(ModalScreen[Answer | None], Generic[Answer]):
    """What `read` makes of the line; None where it was left. What it refuses stays to be mended, with the reason."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", tooltip="Change nothing.")]

    def __init__(self, question: str, examples: str, read: Callable[[str], Answer], line: str = "") -> None:
        super().__init__()
        self._question, self._examples, self._read, self._line = question, examples, read, line

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(Content(clean(self._question)))
            yield Static(Content(clean(self._examples)))
            field = Input(clean_line(self._line), id="line", compact=True, select_on_focus=False)
            field.cursor_blink = False
            yield field
            yield Static("", id="refusal")
            yield Static(Content("enter do it   esc leave"))

    def on_mount(self) -> None:
        self.query_one("#refusal").display = False
        self.query_one(Input).focus()

    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        try:
            answer = self._read(event.value.strip())
        except UserError as error:
            refusal = self.query_one("#refusal", Static)
            refusal.display = True
            refusal.update(Content(clean(str(error))))
        else:
            self.dismiss(answer)
