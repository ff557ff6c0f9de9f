"""The question of an export: as what, and to which folder."""

from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ..clean import clean

# What each kind is good for; the kinds are those of `tunedeck export --as`.
_KINDS = {
    "adapter": "small, for peft, and needs its base",
    "merged": "a whole model, for transformers",
    "ollama": "a whole model with a Modelfile",
    "gguf": "one file, for llama.cpp; needs its converter",
}


class Wish(NamedTuple):
    """As what, and to which folder; an empty one is made beside where the app was started."""

    kind: str
    to: str


class ExportAsk(ModalScreen[Wish | None]):
    """None where nothing is to be exported; tab goes on to the next kind, enter exports."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the field of the folder gets to see them: tab would leave it.
        Binding("tab", "kind(1)", "Next kind", tooltip="Go on to the next kind.", priority=True),
        Binding("shift+tab", "kind(-1)", "Kind before", tooltip="Go back to the kind before.", priority=True),
        Binding("escape", "leave", "Leave", tooltip="Export nothing."),
    ]

    def __init__(self, name: str, *, has_adapter: bool) -> None:
        super().__init__()
        self._name = name
        self._kinds = [kind for kind in _KINDS if has_adapter or kind != "adapter"]
        self._chosen = 0

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(Content(clean(f"Export the newest weights of {self._name}, or its result, as")))
            yield Static("", id="kinds")
            yield Static(Content("into the folder (empty: a new one where tunedeck was opened)"))
            field = Input(id="folder", compact=True, select_on_focus=False)
            field.cursor_blink = False
            yield field
            yield Static(Content("tab another kind   enter export   esc leave"))

    def on_mount(self) -> None:
        self._show_kinds()
        self.query_one(Input).focus()

    def _show_kinds(self) -> None:
        lines = [
            f"{'>' if at == self._chosen else ' '} {kind:<8} {_KINDS[kind]}" for at, kind in enumerate(self._kinds)
        ]
        self.query_one("#kinds", Static).update(Content("\n".join(lines)))

    def action_kind(self, by: int) -> None:
        self._chosen = (self._chosen + by) % len(self._kinds)
        self._show_kinds()

    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self.dismiss(Wish(self._kinds[self._chosen], event.value.strip()))
