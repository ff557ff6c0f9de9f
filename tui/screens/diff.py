"""Diff: the rows that two versions of a data set do not share, and what differs in those that were changed."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from ..asking import Asking
from ..data import datasets, difference_text
from ..data.sources import name_of
from ..widgets.cells import Column, Row
from ..widgets.line import Line
from ..widgets.resting_pane import RestingPane
from ..widgets.table import Table
from .deck import DeckScreen

_COLUMNS = (Column("", 9), Column("line", 7, align="right"), Column("row, or what it says now", 20, flex=1))
_STYLES = {"added": "state-done", "removed": "state-failed", "changed": "state-warning"}
# Of a cure that drops a million rows the first tell enough; `tunedeck data diff --rows` tells more.
_MOST_ROWS = 500

Difference = Mapping[str, Any]


class DiffScreen(DeckScreen):
    """What the second version has that the first has not, and the other way round."""

    heading = "DIFF"
    about = "What differs between two versions, row by row."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "pane", "Pane", tooltip="Go to the row in full, to scroll it, and back to the list."),
    ]

    def __init__(self, first: str, second: str) -> None:
        super().__init__()
        self._first, self._second = first, second
        self._differences: dict[str, Difference] = {}

    def body(self) -> list[Widget]:
        table = Table(_COLUMNS, empty="The rows are being compared...", id="differences")
        return [Line("", id="facts"), Horizontal(table, RestingPane(id="difference"), id="diff-body")]

    def on_mount(self) -> None:
        self.title_line(f"DIFF {name_of(self._first)} > {name_of(self._second)}")
        self._table.focus()
        self._asking = Asking(self.deck, self._fail)
        self._asking.of(_compared(self._first, self._second), self._show)

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

    def _show(self, answers: list[Difference]) -> None:
        counts, *differences = answers
        self._differences = {str(place): difference for place, difference in enumerate(differences)}
        self._table.empty = "Both have the same rows."
        self._table.update_rows([_row(key, difference) for key, difference in self._differences.items()])
        self._table.refresh()
        self.query_one("#facts", Line).show(_facts(counts, len(differences)))

    def _fail(self, sentence: str) -> None:
        self._table.empty = "Nothing was compared."
        self._table.refresh()
        self.say(sentence, "error")

    @on(Table.Highlighted)
    def _show_difference_soon(self) -> None:
        self.query_one(RestingPane).rest(self._show_difference)

    def _show_difference(self) -> None:
        difference = self._differences.get(self._table.cursor_key or "")
        self.query_one(RestingPane).show_whole(difference_text.text(difference) if difference else "")

    def action_pane(self) -> None:
        (self.query_one("#difference") if self._table.has_focus else self._table).focus()


def _compared(first: str, second: str) -> Iterator[list[Difference]]:
    """In a thread, and all at once: a table that grows row by row would be painted 500 times."""
    yield list(datasets.ask_diff(first, second, rows=_MOST_ROWS))


def _row(key: str, difference: Difference) -> Row:
    kind = difference_text.kind_of(difference)
    mark = f"{difference_text.KINDS[kind]} {kind}"
    return Row(key, ((mark, _STYLES[kind]), str(difference["line"]), difference_text.summary(difference)))


def _facts(counts: Mapping[str, Any], listed: int) -> str:
    kinds = ", ".join(f"{len(counts[kind]):,} {kind}" for kind in difference_text.KINDS)
    differ = sum(len(counts[kind]) for kind in difference_text.KINDS)
    more = f"   the first {listed:,} are listed" if listed < differ else ""
    by = "" if counts["by"] == "line" else "   compared by what the rows say"
    return f"{kinds}, {counts['same']:,} the same{by}{more}"
