"""Speed: how fast this machine trains with Tunedeck, beside other trainers on the same work."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ...store import benches
from ...store.paths import Home
from ..asking import Asking
from ..clean import clean_line
from ..comparison import WORKS, cells, compared, sentences
from ..engine_process import Ending
from ..widgets.cells import Column, Row
from ..widgets.table import Table
from .deck import DeckScreen

Compare = Callable[[Home, list[str], Ending], Iterator[dict[str, Any]]]

_BAR_CELLS = 12
COLUMNS = (
    Column("trainer", 11),
    Column("examples/s", 10, align="right"),
    Column("tokens/s", 8, align="right", drop=4),
    Column("", _BAR_CELLS),
    Column("times", 7, align="right"),
    Column("first", 8, align="right", drop=3),
    Column("last update", 11, align="right", drop=5),
    Column("memory", 8, align="right", drop=2),
    Column("loss", 7, align="right"),
    Column("MFU", 4, align="right", drop=1),
    Column("evaluating", 10, align="right", drop=6),
)
_UNDER_WAY = "It is under way, for half an hour or so; leaving the screen ends it."


class SpeedScreen(DeckScreen):
    """What was found last for each work, and a new comparison on demand."""

    heading = "SPEED"
    about = (
        "Tunedeck, transformers' Trainer and TRL's train the same rows from the same weights, in turns: examples a"
        " second, the loss they end with, and what each needs. `tunedeck bench` does the same."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "begin", "Begin", tooltip="Train it by all trainers, some half an hour; leaving ends it."),
        Binding("w", "work", "Work", tooltip="The next work: another model, task or length."),
    ]

    def __init__(self, compare: Compare = compared) -> None:
        """`compare` gives words of progress, and last the facts of a comparison."""
        super().__init__()
        self._compare = compare
        self._work = next(iter(WORKS))
        self._found: dict[str, dict[str, Any]] = {}
        self._asking: Asking | None = None

    def body(self) -> list[Widget]:
        return [Table(COLUMNS, empty="", id="speed"), Static("", id="speed-told")]

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        self._past = Asking(self.deck, lambda sentence: self.say(sentence, "error"))
        self._past.of(self._kept(), self._know)
        self._show()

    def _kept(self) -> Iterator[dict[str, dict[str, Any]]]:
        """In a thread: the newest comparison of each work."""
        yield {facts["work"]: facts for facts in reversed(benches.past(self.deck.home))}

    def _know(self, found: dict[str, dict[str, Any]]) -> None:
        self._found = found | self._found
        self._show()

    def why_not(self, action: str) -> str:
        return _UNDER_WAY if self._asking is not None and self._asking.is_open else ""

    def action_work(self) -> None:
        if not self.refused("work"):
            works = list(WORKS)
            self._work = works[(works.index(self._work) + 1) % len(works)]
            self._show()

    def action_begin(self) -> None:
        if self.refused("begin"):
            return
        ending = Ending()
        self._asking = Asking(self.deck, lambda sentence: self.say(sentence, "error"), ended=self.keys_changed)
        self._asking.of(self._compare(self.deck.home, [f"--work={self._work}"], ending), self._take, ending)
        self.keys_changed()
        self.say(_UNDER_WAY)

    def _take(self, told: dict[str, Any]) -> None:
        if "progress" in told:
            self.say(str(told["progress"]))
            return
        self._found[self._work] = told
        self._show()
        self.say(told["kept"])

    def _show(self) -> None:
        table, facts = self.query_one(Table), self._found.get(self._work)
        self.title_line(f"{self.heading}   {self._work}: {WORKS[self._work]}")
        table.empty = f"Not compared yet: {self.key_of('begin')} begins, {self.key_of('work')} takes another work."
        table.update_rows(_rows(facts, self.deck.ascii_only) if facts else [])
        self.query_one("#speed-told", Static).update(Content("\n".join(_told(facts) if facts else [])))


def _rows(facts: dict[str, Any], ascii_only: bool) -> list[Row]:
    return [Row(line[0], line) for line in cells(facts, _BAR_CELLS, ascii_only=ascii_only)]


def _told(facts: dict[str, Any]) -> list[str]:
    """When and what was trained, what each trainer chose, and on which machine."""
    when = datetime.fromtimestamp(facts["at"]).strftime("%Y-%m-%d") if "at" in facts else "just now"
    trained, *rest = map(clean_line, sentences(facts))
    return [f"{when}: {trained.removesuffix(':')}", *rest]
