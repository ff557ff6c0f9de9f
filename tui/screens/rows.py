"""Rows: the rows of a source in a list that does not feel its length, filtered, sorted and marked by keys."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from ...store.errors import UserError
from ..rows import row_filter, row_order
from ..rows.row_filter import Rows
from ..rows.row_order import Order
from ..rows.row_window import RowWindow
from ..widgets.table import Table
from .row_keys import RowKeys

_TYPED = {
    "filter": 'words, !not, "two words", line= length> tokens> label= is:bad is:synthetic is:marked',
    "line": "the line to go to",
}


class RowsScreen(RowKeys):
    """All rows of one source; `only` narrows it to the places that a finding of a report names, in its `words`."""

    heading = "ROWS"
    about = (
        "The rows as they are. Half an hour of reading them finds what no figure shows; what is dropped or "
        "edited makes a new version."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", tooltip="Show only rows that fit: words, label=x, ..."),
        Binding("o", "sort", "Sort", tooltip="Sort by length, by tokens, and by line again."),
        Binding("number_sign", "line", "Line", key_display="#", tooltip="Go to a line by its number."),
        Binding("space", "mark", "Mark", tooltip="Mark the row, or take its mark away, and go on to the next."),
        Binding("asterisk", "mark_all", "Mark all", key_display="*", tooltip="Mark all rows shown, or none."),
        Binding("v,enter", "view", "View", key_display="v", tooltip="Give the row the whole screen, and back."),
        Binding("tab", "pane", "Pane", tooltip="To the row in full, to scroll it, and back.", show=False),
        Binding("right_square_bracket", "step(1)", "Next row", tooltip="The next row.", show=False),
        Binding("left_square_bracket", "step(-1)", "Row before", tooltip="The row before.", show=False),
    ]  # fmt: skip

    def why_not(self, action: str) -> str:
        if action.startswith(("view", "pane", "step")):
            return ""
        if self._rows is None:
            return "The rows are still being read." if self._doing else "No rows were read."
        if not len(self._table.rows) and action not in ("filter", "report", "sort"):
            return f"No row is shown: {self.key_of('filter')} changes the filter."
        return super().why_not(action)

    def action_view(self) -> None:
        whole = not self.has_class("-whole")
        self.set_class(whole, "-whole")
        (self.query_one("#row") if whole else self._table).focus()
        self.call_after_refresh(self._show_row)

    @on(Table.Opened)
    def _on_opened(self) -> None:
        self.action_view()

    def action_pane(self) -> None:
        if not self.has_class("-whole"):
            (self.query_one("#row") if self._table.has_focus else self._table).focus()

    def action_step(self, by: int) -> None:
        self._table.action_move(by)

    def action_mark(self) -> None:
        if not self.refused("mark") and self._rows and self.chosen is not None:
            self._rows.marked[self.chosen] ^= True
            self._table.update_rows(self._table.rows)
            self._table.action_move(1)
            self._show_title()

    def action_mark_all(self) -> None:
        window = self._window
        if not self.refused("mark_all") and self._rows and window:
            self._rows.marked[window.order] = not self._rows.marked[window.order].all()
            self._table.update_rows(window)
            self._show_title()

    def action_sort(self) -> None:
        if not self.refused("sort") and self._rows:
            sorts = [sort for sort in row_order.SORTS if sort != "tokens" or self._rows.facts]
            chosen = sorts[(sorts.index(self._order.sort) + 1) % len(sorts)]
            self._arrange(Order(self._order.wanted, chosen, self._order.only))
            longest = "" if chosen == "line" else ", the longest first"
            self.say(f"Sorted by {chosen}{longest}.")

    # what is typed

    def action_filter(self) -> None:
        if not self.refused("filter"):
            self._type("filter", self._filter_text)

    def action_line(self) -> None:
        if not self.refused("line"):
            self._type("line", "")

    def _type(self, what: str, value: str) -> None:
        editor = self.query_one("#editor", Input)
        editor.display, self._typing = True, what
        editor.placeholder, editor.value = _TYPED[what], value
        editor.cursor_position = len(value)
        self.give_keys(editor)
        self.say(_TYPED[what] if what == "filter" else "Enter goes there, Esc stays here.")

    @on(Input.Submitted, "#editor")
    def _typed(self, event: Input.Submitted) -> None:
        self._leave_editor()
        if self._typing == "line":
            self._go_to_line(event.value.strip())
            return
        try:
            wanted = row_filter.parse(event.value)
        except UserError as error:
            self._type("filter", event.value)
            self.say(str(error), "error")
        else:
            self._narrow(Order(wanted, self._order.sort, self._order.only), event.value.strip())

    def _narrow(self, order: Order, text: str) -> None:
        def then() -> None:
            self._filter_text = text
            self._show_title()

        self._arrange(order, then)

    def _go_to_line(self, typed: str) -> None:
        if not typed.isdecimal():
            self.say(f"A line is a whole number, not {typed[:20]!r}.", "error")
        elif self._rows and self._window:
            self._ordering.of(_key_of_line(self._rows, self._window, int(typed)), partial(self._show_line, int(typed)))

    def _show_line(self, line: int, key: str | None) -> None:
        if key is None:
            self.say(f"Line {line} is not among the rows shown.", "warning")
        else:
            self._table.move_to(key)

    def _leave_editor(self) -> None:
        self.query_one("#editor").display = False
        self.give_keys(self._table)
        self.say("")

    def action_back(self) -> None:
        """One layer out: what is typed, the row in full, the filter, the screen."""
        if self.query_one("#editor").display:
            self._leave_editor()
        elif self.has_class("-whole"):
            self.action_view()
        elif self._filter_text and self._rows:
            self._narrow(Order(sort=self._order.sort, only=self._order.only), "")
        else:
            self.app.pop_screen()


def _key_of_line(rows: Rows, window: RowWindow, line: int) -> Iterator[str | None]:
    """In a thread: the key of the row on that line, None where it isn't shown."""
    import numpy as np

    found = np.flatnonzero(rows.file.column("line").to_numpy()[window.order] == line)
    yield str(window.order[found[0]]) if len(found) else None
