"""The question of a sweep: which knobs of the form are to vary, over what."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

_EXAMPLES = """\
 learning_rate=1e-4,3e-4 r=8,32         all combinations
 12 learning_rate=1e-5..1e-3 r=8..64    12 by chance"""


class VaryAsk(ModalScreen[str]):
    """What was typed; empty where nothing is to be queued."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", tooltip="Queue nothing.")]

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(Content("Queue runs of this form that differ in these knobs, and rank them:"))
            yield Static(Content(_EXAMPLES))
            field = Input(id="varied", compact=True)
            field.cursor_blink = False
            yield field
            yield Static(Content("enter queue   esc leave"))

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def action_leave(self) -> None:
        self.dismiss("")

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())
