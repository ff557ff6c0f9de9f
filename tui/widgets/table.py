"""A list that may grow: a table that draws only the rows in sight and repaints only the cells that changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from .cells import GAP, Cell, Column, Row, fit_columns, fit_text, split_cell
from .scrolled import Scrolled

STYLES = ("dim", "strong", "state-running", "state-done", "state-failed", "state-warning", "state-waiting")


@runtime_checkable
class Indexed(Protocol):
    """A sequence of rows that finds one by its key, without reading the others."""

    def index_of(self, key: str) -> int | None: ...


class Table(Scrolled):
    """Rows under a line of titles, with a cursor that stays on its row's key whatever happens around it.

    `rows` may be any sequence, a window on a database too: only the rows in sight are read, and, where the row under
    the cursor has moved, the others once to find it, unless the sequence is `Indexed`. A cell is a text, or a text
    with one of `STYLES`.
    """

    DEFAULT_CSS = """
    Table {
        & > .table--header { color: $text-muted; text-style: bold; }
        & > .table--cursor { background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground; }
        &:focus > .table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & > .dim { color: $text-muted; }
        & > .strong { text-style: bold; }
        & > .state-running { color: $primary; }
        & > .state-done { color: $success; }
        & > .state-failed { color: $error; }
        & > .state-warning { color: $warning; }
        & > .state-waiting { color: $text-muted; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--header", "table--cursor", *STYLES}
    ALLOW_SELECT: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", show=False),
    ]

    @dataclass
    class Opened(Message):
        """Enter was pressed on the row with this key, or it was clicked twice."""

        table: "Table"
        key: str

        @property
        def control(self) -> "Table":
            return self.table

    @dataclass
    class Highlighted(Message):
        """The cursor is now on the row with this key; None where there is no row."""

        table: "Table"
        key: str | None

        @property
        def control(self) -> "Table":
            return self.table

        def can_replace(self, message: Message) -> bool:
            # A key held down passes many rows, and whoever shows a preview needs the last one only.
            return isinstance(message, Table.Highlighted) and message.table is self.table

    def __init__(
        self, columns: Sequence[Column], *, empty: str = "", id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self.empty = empty
        self._rows: Sequence[Row] = ()
        self._cursor = 0
        self._cursor_key: str | None = None
        self._drawn: dict[int, Row | None] = {}

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor, None in an empty table."""
        return self._cursor_key

    def change_columns(self, columns: Sequence[Column]) -> None:
        """From now on the rows have these columns; new rows must follow."""
        if self._columns != tuple(columns):
            self._columns = tuple(columns)
            self._drawn.clear()
            self.refresh()

    def update_rows(self, rows: Sequence[Row]) -> None:
        """Shows these rows; the cursor stays on its key, or on its line where that key is gone."""
        before, count = self._cursor, len(self._rows)
        self._rows = rows
        self._cursor = self._find(self._cursor_key)
        if len(rows) != count:
            self.virtual_size = Size(0, len(rows) + 1)
        self._repaint_changes()
        if self._cursor != before:
            self._refresh_row(before)
            self._refresh_row(self._cursor)
            self._scroll_to_cursor()
        self._announce()

    def move_to(self, key: str) -> None:
        """Puts the cursor on the row with this key, if there is one."""
        self._move_cursor(self._find(key))

    def action_move(self, rows: int) -> None:
        self._move_cursor(self._cursor + rows)

    def action_pages(self, pages: float) -> None:
        self._move_cursor(self._cursor + round(pages * max(self.size.height - 1, 1)))

    def action_first(self) -> None:
        self._move_cursor(0)

    def action_last(self) -> None:
        self._move_cursor(len(self._rows) - 1)

    def action_open(self) -> None:
        if self._cursor_key is not None:
            self.post_message(self.Opened(self, self._cursor_key))

    def on_click(self, event: events.Click) -> None:
        index = self.scroll_offset.y + event.y - 1
        if event.y >= 1 and index < len(self._rows):
            self._move_cursor(index)
            if event.chain == 2:
                self.action_open()

    def on_resize(self, event: events.Resize) -> None:
        self._scroll_to_cursor()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y == 0:
            header = self.get_component_rich_style("table--header")
            return self._line([column.title for column in self._columns], header, width, plain=True)
        index = self.scroll_offset.y + y - 1
        if index >= len(self._rows):
            self._drawn[y] = None
            text = self.empty if y == 1 and not self._rows else ""
            return self._strip([Segment(fit_text(text, width), self.get_component_rich_style("dim"))], width)
        row = self._drawn[y] = self._rows[index]
        if index == self._cursor:
            return self._line(row.cells, self._cursor_style(), width, plain=True)
        return self._line(row.cells, self.rich_style, width)

    def _cursor_style(self) -> Style:
        # With no colour, or 16 of them, a background of another colour may not show: reverse video always does.
        if self.app.no_color or self.app.native_ansi_color:
            return self.rich_style + Style(reverse=True, bold=self.has_focus)
        return self.get_component_rich_style("table--cursor")

    def _line(self, cells: Sequence[Cell], base: Style, width: int, *, plain: bool = False) -> Strip:
        segments = []
        for at, size in fit_columns(self._columns, width):
            text, style = split_cell(cells[at])
            look = base if plain or not style else self.get_component_rich_style(style)
            segments += [Segment(fit_text(text, size, self._columns[at].align), look), Segment(" " * GAP, base)]
        return self._strip(segments[:-1], width, base)

    def _strip(self, segments: list[Segment], width: int, base: Style | None = None) -> Strip:
        return Strip(segments).adjust_cell_length(width, base).simplify().apply_style(self.rich_style)

    def _repaint_changes(self) -> None:
        """Refreshes the cells in sight that differ from what was last drawn there."""
        for y, before in list(self._drawn.items()):
            index = self.scroll_offset.y + y - 1
            after = self._rows[index] if index < len(self._rows) else None
            if before == after or y >= self.size.height:
                continue
            self._drawn[y] = after
            start, end = self._changed_span(before, after)
            if end > start:
                self.refresh(Region(start, y, end - start, 1))
        if not self._rows or not self._drawn:
            self.refresh()

    def _changed_span(self, before: Row | None, after: Row | None) -> tuple[int, int]:
        if before is None or after is None:
            return 0, self.size.width
        start, spans = 0, []
        for at, size in fit_columns(self._columns, self.scrollable_content_region.width):
            if before.cells[at] != after.cells[at]:
                spans.append((start, start + size))
            start += size + GAP
        return (spans[0][0], spans[-1][1]) if spans else (0, 0)

    def _refresh_row(self, index: int) -> None:
        y = index - self.scroll_offset.y + 1
        if 1 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _find(self, key: str | None) -> int:
        last = max(len(self._rows) - 1, 0)
        here = min(self._cursor, last)
        if not self._rows or key is None or self._rows[here].key == key:
            return here
        if isinstance(self._rows, Indexed):
            found = self._rows.index_of(key)
            return here if found is None else found
        return next((index for index, row in enumerate(self._rows) if row.key == key), here)

    def _move_cursor(self, index: int) -> None:
        index = min(max(index, 0), max(len(self._rows) - 1, 0))
        if index != self._cursor:
            self._refresh_row(self._cursor)
            self._cursor = index
            self._refresh_row(index)
            self._scroll_to_cursor()
            self._announce()

    def _scroll_to_cursor(self) -> None:
        if not self.size:
            return  # before the first layout nothing is in sight or out of it
        top, height = self.scroll_offset.y, max(self.size.height - 1, 1)
        target = min(max(top, self._cursor - height + 1), self._cursor)
        if target != top:
            self.scroll_to(y=target, animate=False, force=True)

    def _announce(self) -> None:
        key = self._rows[self._cursor].key if self._rows else None
        if key != self._cursor_key:
            self._cursor_key = key
            self.post_message(self.Highlighted(self, key))
