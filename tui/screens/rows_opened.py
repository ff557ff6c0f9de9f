"""The rows of a source on a screen: opened, filtered, sorted and read in threads, the one under the cursor in full."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from ..asking import Asking
from ..data import sources
from ..data.sources import Head, Opened, Progress
from ..rows import row_order, row_text
from ..rows.row_filter import Rows
from ..rows.row_order import Order
from ..rows.row_window import RowWindow, shown_row
from ..rows.rows_file import DataRow, RowFacts, RowsFile
from ..widgets.cells import Column
from ..widgets.resting_pane import RestingPane
from ..widgets.table import Table
from .deck import DeckScreen

if TYPE_CHECKING:
    import numpy as np

_MARK, _LINE, _ROW = Column("", 1), Column("line", 7, align="right"), Column("row", 20, flex=1)
_LENGTH = Column("length", 6, align="right", drop=1)
_MEASURED = (Column("label", 12, drop=3), Column("tokens", 6, align="right", drop=2))
_READING = "The rows are being read..."


@dataclass(frozen=True)
class Ready:
    """All that is known of a source's rows."""

    opened: Opened
    rows: Rows


class OpenedRows(DeckScreen):
    """What is shown of one source; `only` narrows it to the places that a finding of a report names, in its `words`."""

    def __init__(
        self, source: str, *, only: Sequence[int] | None = None, words: str = "", facts: str | Path = ""
    ) -> None:
        super().__init__()
        self.source = source
        self.tasks: tuple[str, ...] = ()
        self._order = Order(only=only)
        self._words, self._facts_path = words, str(facts)
        self._filter_text = ""
        self._head: list[DataRow] = []
        self._rows: Rows | None = None
        self._doing = _READING
        self._asked = 0

    def body(self) -> list[Widget]:
        editor = Input(id="editor", compact=True, select_on_focus=False)
        editor.cursor_blink = False
        table = Table((_MARK, _LINE, _ROW, _LENGTH), empty=_READING, id="rows")
        return [Horizontal(table, RestingPane(id="row"), id="rows-body"), editor]

    def on_mount(self) -> None:
        # Each is asked one thing at a time: a newer filter silences the one before, but not the row in full.
        asking = partial(Asking, self.deck, self._fail)
        self._opening, self._ordering, self._filling, self._telling = asking(), asking(), asking(), asking()
        self.query_one("#editor").display = False
        self._table.focus()
        self.open_source(self.source)

    def on_unmount(self) -> None:
        # Whoever evaluates a filter gives up.
        self._asked += 1

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

    # opening

    def open_source(self, source: str, *, keep_marks: bool = False) -> None:
        """Shows the rows of another source in place of these; the filter and the sort stay."""
        marked = self._rows.marked if self._rows and keep_marks else None
        if source != self.source:
            self._facts_path = ""
        self.source, self._rows, self._doing = source, None, _READING
        self._show_title()
        self._opening.of(self._opened(source, marked, self._facts_path), self._show_opened)

    def _opened(self, source: str, marked: "np.ndarray | None", facts: str) -> Iterator[Head | Progress | Ready]:
        import numpy as np

        for found in sources.opened(self.deck.home, source):
            if isinstance(found, Opened):
                file = found.file
                kept = marked if marked is not None and len(marked) == len(file) else np.zeros(len(file), dtype=bool)
                yield Ready(found, Rows(file, kept, _facts_for(file, facts)))
            else:
                yield found

    def _show_opened(self, found: Head | Progress | Ready) -> None:
        if isinstance(found, Head):
            self._head = found.rows
            self._table.update_rows([shown_row(row) for row in found.rows])
        elif isinstance(found, Progress):
            self._doing = f"{found.rows:,} rows read so far..."
        else:
            self.source, self.tasks = found.opened.source, found.opened.tasks
            self._rows, self._head = found.rows, []
            none_fit = f"No row fits. {self.key_of('filter')} changes the filter; an empty one shows all rows."
            self._table.empty = none_fit if len(found.rows.file) else "There are no rows in it."
            self._arrange(self._order)
        self._show_title()

    def _fail(self, sentence: str) -> None:
        self._doing = ""
        if self._rows is None:
            self._table.empty = "Nothing could be read."
            self._table.refresh()
        self._show_title()
        self.keys_changed()
        self.say(sentence, "error")

    def know(self, facts: str | Path) -> None:
        """A report has measured the rows: labels and tokens are shown, and can be filtered and sorted by."""
        self._facts_path = str(facts)
        if self._rows is not None:
            self._opening.of(_measured(self._rows, self._facts_path), self._show_measured)

    def _show_measured(self, rows: Rows) -> None:
        self._rows = rows
        self._arrange(self._order)

    # filter and sort

    def _arrange(self, order: Order, then: Callable[[], None] = lambda: None) -> None:
        """Works out in a thread which rows are shown; they stay as they are where that can't be done."""
        assert self._rows is not None
        self._asked += 1
        asked, rows = self._asked, self._rows
        self._doing = "looking through the rows..."

        def found() -> "Iterator[np.ndarray]":
            yield row_order.of(order, rows, lambda: asked == self._asked)

        def show(places: "np.ndarray") -> None:
            self._show_order(order, places)
            then()

        self._ordering.of(found(), show)
        self._show_title()

    def _show_order(self, order: Order, places: "np.ndarray") -> None:
        assert self._rows is not None
        self._order, self._doing = order, ""
        window = RowWindow(self._rows, places, self._fill)
        self._table.change_columns((_MARK, _LINE, _ROW, *(_MEASURED if self._rows.facts else ()), _LENGTH))
        self._table.update_rows(window)
        self._show_title()
        self._show_row_soon()

    def _fill(self) -> None:
        """Reads the rows that the table asked for, and has them shown as they come."""
        window = self._table.rows
        assert isinstance(window, RowWindow)
        self._filling.of(window.read_wanted(), lambda _: self._show_filled(window))

    def _show_filled(self, window: RowWindow) -> None:
        if window is self._table.rows:
            self._table.update_rows(window)

    def _show_title(self) -> None:
        told = [f"ROWS {sources.name_of(self.source)}", self._words]
        if self._rows is not None:
            shown, count = len(self._table.rows), len(self._rows.file)
            told.append(f"{shown:,} of {count:,} rows" if self.is_narrowed else f"{count:,} rows")
            marks = int(self._rows.marked.sum())
            told += [f"{marks:,} marked"] if marks else []
            told += [f"by {self._order.sort}"] if self._order.sort != "line" else []
            told += [f"/ {self._filter_text}"] if self._filter_text else []
        self.title_line("   ".join(filter(None, [*told, self._doing])))

    # the row in full

    @on(Table.Highlighted)
    def _show_row_soon(self) -> None:
        self.keys_changed()
        self.query_one(RestingPane).rest(self._show_row)

    def _show_row(self) -> None:
        index, rows = self.chosen, self._rows
        pane = self.query_one(RestingPane)
        if index is None or not pane.display:
            pane.show_text("")
        elif rows is None:
            pane.show_text(row_text.told(self._head[index]))
        else:
            self._telling.of(_told(rows, index), partial(self._show_told, index))

    def _show_told(self, index: int, text: str) -> None:
        if index == self.chosen:
            self.query_one(RestingPane).show_whole(text)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._show_row_soon)

    # what the keys mean

    @property
    def is_narrowed(self) -> bool:
        """Whether not all rows are shown."""
        return self._order.only is not None or bool(self._filter_text)

    @property
    def _window(self) -> RowWindow | None:
        """The rows shown; None until all are read, when the first of them may stand there."""
        rows = self._table.rows
        return rows if isinstance(rows, RowWindow) else None

    @property
    def chosen(self) -> int | None:
        """The place in the file of the row under the cursor."""
        key = self._table.cursor_key
        return None if key is None else int(key)

    @property
    def marked(self) -> "np.ndarray":
        """The places of the marked rows, shown or not."""
        assert self._rows is not None
        return self._rows.marked.nonzero()[0]


def _told(rows: Rows, index: int) -> Iterator[str]:
    yield row_text.told(rows.file.take([index])[0], rows.facts)


def _measured(rows: Rows, facts: str) -> Iterator[Rows]:
    yield replace(rows, facts=_facts_for(rows.file, facts))


def _facts_for(file: RowsFile, path: str) -> RowFacts | None:
    """What a report has measured of this very file; of another it would be said of the wrong rows."""
    facts = RowFacts(Path(path)) if path else None
    return facts if facts and len(facts) == len(file) else None
