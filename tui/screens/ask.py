"""A question that is answered with y, or by typing a word where the act can't be undone."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ..clean import clean


class Ask(ModalScreen[bool]):
    """True only for `y`, or for the word; anything else changes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "Yes", tooltip="Do it."),
        Binding("n,q,escape", "no", "No", tooltip="Change nothing."),
    ]

    def __init__(self, question: str, *, word: str = "") -> None:
        super().__init__()
        self._question, self._word = question, word

    def compose(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(Content(clean(self._question)))
            if self._word:
                yield Static(Content(clean(f'Type "{self._word}" and Enter to do it, Esc to leave it.')))
                field = Input(id="word", compact=True, select_on_focus=False)
                field.cursor_blink = False
                yield field
            else:
                yield Static(Content("y yes    n no"))

    def action_yes(self) -> None:
        if not self._word:
            self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() == self._word)
