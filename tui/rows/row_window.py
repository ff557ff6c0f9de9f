"""The rows of a file in the order in which they are shown, as a table asks for them: those not read yet as `...`."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from ...store.lazy import LazySequence
from ..widgets.cells import Row
from .row_filter import Rows
from .row_text import summary
from .rows_file import DataRow

if TYPE_CHECKING:
    import numpy as np

# Sorted rows lie all over the file: a block of these may take 100 pages to read (0.2 s), one in the file's order one.
_BLOCK_ROWS = 100
_BLOCKS_KEPT = 100
_BLOCKS_WANTED = 4


class _Shown(NamedTuple):
    """What a line of the table tells of a row, whether or not it is marked."""

    line: str
    summary: str
    style: str
    length: str


_UNREAD = _Shown("", "...", "dim", "")


class RowWindow(LazySequence[Row]):
    """A sequence for `Table`: `wanted` is called, in the event loop, when rows were asked for that must be read.

    Keys are the rows' places in the file. `order` holds the places of the rows shown.
    """

    def __init__(self, rows: Rows, order: "np.ndarray", wanted: Callable[[], None]) -> None:
        self.order = order
        self._rows, self._wanted_call = rows, wanted
        self._blocks: OrderedDict[int, list[_Shown]] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.order)

    def at(self, place: int) -> Row:
        index = int(self.order[place])
        block, place_in_block = divmod(place, _BLOCK_ROWS)
        shown = self._blocks.get(block)
        if shown is None:
            self._want(block)
        return _row(
            index,
            shown[place_in_block] if shown else _UNREAD,
            marked=bool(self._rows.marked[index]),
            measured=self._measured(index),
        )

    def _measured(self, index: int) -> tuple[str, ...]:
        if self._rows.facts is None:
            return ()
        tokens, label = self._rows.facts.of(index)
        return label, str(tokens) if tokens >= 0 else ""

    def index_of(self, key: str) -> int | None:
        """At which place the row with this key is shown; of a million rows in 1 ms."""
        import numpy as np

        found = np.flatnonzero(self.order == int(key))
        return int(found[0]) if len(found) else None

    def _want(self, block: int) -> None:
        with self._lock:
            asked = bool(self._wanted)
            self._wanted.pop(block, None)
            self._wanted[block] = None
            # What was scrolled past need not be read; a page of the screen may need three.
            for stale in list(self._wanted)[:-_BLOCKS_WANTED]:
                del self._wanted[stale]
        if not asked:
            self._wanted_call()

    def read_wanted(self) -> Iterator[None]:
        """In a thread: read the rows that were asked for, the last first, a step each time that some are there.

        Raises:
            NotFoundError: the file can't be read any more.
        """
        while (block := self._next_wanted()) is not None:
            try:
                start = block * _BLOCK_ROWS
                rows = self._rows.file.take(self.order[start : start + _BLOCK_ROWS])
                self._keep(block, [_shown(row) for row in rows])
            finally:
                with self._lock:
                    self._wanted.pop(block, None)
            yield

    def _next_wanted(self) -> int | None:
        with self._lock:
            return next(reversed(self._wanted), None)

    def _keep(self, block: int, shown: list[_Shown]) -> None:
        self._blocks[block] = shown
        while len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)


def shown_row(row: DataRow) -> Row:
    """A row of the head, as it is shown until the whole file is there."""
    return _row(row.place, _shown(row))


def _row(index: int, shown: _Shown, *, marked: bool = False, measured: tuple[str, ...] = ()) -> Row:
    mark = ("*" if marked else "", "strong")
    return Row(str(index), (mark, (shown.line, "dim"), (shown.summary, shown.style), *measured, shown.length))


def _shown(row: DataRow) -> _Shown:
    style = "state-failed" if row.fault else "state-running" if row.generator else ""
    return _Shown(str(row.line), summary(row), style, str(len(row.row)))
