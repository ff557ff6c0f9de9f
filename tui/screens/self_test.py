"""Self-test: faults injected on this machine into runs made for that, and what was lost by each kind."""

import time
from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ..asking import Asking
from ..engine_process import Ending
from ..self_test import ADVICE, Trial, trials
from ..widgets.cells import Column, Row
from ..widgets.table import Table
from .deck import DeckScreen

COLUMNS = (Column("fault", 30, flex=1), Column("tried", 7, align="right"), Column("lost", 7, align="right"))
_BEFORE = "{key} begins: it takes a minute or two, and touches nothing of yours."
_UNDER_WAY = "It is under way; leaving the screen ends it."


class SelfTestScreen(DeckScreen):
    """The table grows as each kind of fault is done."""

    heading = "SELF-TEST"
    about = (
        "Real runs, made small, are killed, robbed of their disk and their store, and given broken files: what is lost"
        " by that on this machine, which is to be nothing."
        " `tunedeck doctor --self-test` does the same."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "begin", "Begin", tooltip="Inject the faults, which takes a minute or two; leaving ends it."),
    ]

    def __init__(self, inject: Callable[[Ending], Iterator[Trial]] = trials) -> None:
        """`inject` gives each kind of fault as it is done."""
        super().__init__()
        self._inject = inject
        self._done: list[Trial] = []
        self._asking: Asking | None = None
        self._began = 0.0
        self._failure = ""

    def body(self) -> list[Widget]:
        return [Table(COLUMNS, empty=_BEFORE.format(key=self.key_of("begin")), id="self-test")]

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def why_not(self, action: str) -> str:
        return _UNDER_WAY if action == "begin" and self._asking is not None and self._asking.is_open else ""

    def action_begin(self) -> None:
        if self.refused("begin"):
            return
        self._done, self._began, self._failure, ending = [], time.monotonic(), "", Ending()
        self._asking = Asking(self.deck, self._fail, ended=self._end)
        self._asking.of(self._inject(ending), self._take, ending)
        self._show()
        self.say(_UNDER_WAY)

    def _take(self, trial: Trial) -> None:
        self._done.append(trial)
        self._show()

    def _show(self) -> None:
        self.query_one(Table).update_rows([row for trial in self._done for row in _rows(trial)])
        self.keys_changed()

    def _fail(self, sentence: str) -> None:
        self._failure = sentence

    def _end(self) -> None:
        seconds = time.monotonic() - self._began
        if self._failure or any(trial.lost for trial in self._done):
            self.say(self._failure or ADVICE, "error")
        else:
            self.say(f"Nothing was lost. ({seconds:.0f} s)")
        self.keys_changed()


def _rows(trial: Trial) -> list[Row]:
    """The kind of fault, and below it what was lost."""
    lost = (str(trial.lost), "state-failed") if trial.lost else str(trial.lost)
    first = Row(trial.fault, (trial.fault, f"{trial.tried:,}", lost))
    below = [Row(f"{trial.fault} {place}", (f"  {loss}", "", "")) for place, loss in enumerate(trial.losses)]
    return [first, *below]
