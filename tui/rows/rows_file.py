"""Rows files as the app reads them: memory-mapped, a few pages at a time in memory; read in threads only."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from ...store.errors import NotFoundError

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_MARK = b"rows-1"
_COLUMNS = ["line", "row", "fault", "origin", "generator"]
# A page is a row group of 1,000 rows, or of 4 MB where they are long: 8 of them are 32 MB at most.
_PAGES_KEPT = 8


class DataRow(NamedTuple):
    """A row with its place in the file, from 0; otherwise as the engine wrote it, the value as JSON."""

    place: int
    line: int
    row: str
    fault: str = ""
    origin: int | None = None
    generator: str = ""


class RowsFile:
    """The rows of a source or version, by their places."""

    def __init__(self, path: Path) -> None:
        """Raises NotFoundError where the file can't be read, or is none of ours."""
        import numpy as np
        from pyarrow import parquet

        self.path = path
        with _told(path):
            self._file = parquet.ParquetFile(path, memory_map=True)
            metadata = self._file.metadata
            if (metadata.metadata or {}).get(b"tunedeck") != _MARK:
                raise ValueError("it is no rows file")
        sizes = [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)]
        self._starts = np.cumsum([0, *sizes])
        self._pages: OrderedDict[int, pa.Table] = OrderedDict()
        # One thread may fill the screen while another evaluates a filter; Parquet's reader takes one at a time.
        self._lock = Lock()

    def __len__(self) -> int:
        return int(self._starts[-1])

    def take(self, indices: "Sequence[int] | np.ndarray") -> list[DataRow]:
        """The rows at these places, in this order."""
        import numpy as np

        wanted = np.asarray(indices, dtype=np.int64)
        pages = np.searchsorted(self._starts, wanted, side="right") - 1
        found: dict[int, DataRow] = {}
        for page in np.unique(pages).tolist():
            places = wanted[pages == page]
            rows = self._page(page).take(places - self._starts[page])
            found |= {row.place: row for row in map(DataRow, places.tolist(), *rows.to_pydict().values())}
        return [found[index] for index in wanted.tolist()]

    def _page(self, page: int) -> "pa.Table":
        with self._lock, _told(self.path):
            if page not in self._pages:
                self._pages[page] = self._file.read_row_group(page, columns=_COLUMNS, use_threads=False)
            self._pages.move_to_end(page)
            while len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
            return self._pages[page]

    def column(self, name: str) -> "pa.ChunkedArray":
        """A whole column; only for the short ones: a million lines take 8 MB, a million rows may take any amount."""
        with self._lock, _told(self.path):
            return self._file.read(columns=[name], use_threads=False).column(0).combine_chunks()

    def pages(self, name: str, chosen: "np.ndarray | None" = None) -> "Iterator[tuple[slice, pa.ChunkedArray]]":
        """A column page by page with the places of its rows; only pages that hold one of the chosen, a mask of rows."""
        for page, (start, end) in enumerate(zip(self._starts[:-1].tolist(), self._starts[1:].tolist(), strict=True)):
            if chosen is None or chosen[start:end].any():
                with self._lock, _told(self.path):
                    column = self._file.read_row_group(page, columns=[name], use_threads=False).column(0)
                yield slice(start, end), column


class RowFacts:
    """What a report has measured of each row, by its place; `tokens` is -1 where it isn't known."""

    def __init__(self, path: Path) -> None:
        """Raises NotFoundError where the file can't be read."""
        from pyarrow import parquet

        with _told(path), parquet.ParquetFile(path) as file:
            table = file.read(columns=["tokens", "label"])
        self.tokens: np.ndarray = table.column("tokens").to_numpy()
        self.labels: pa.ChunkedArray = table.column("label").combine_chunks().dictionary_encode()

    def __len__(self) -> int:
        return len(self.tokens)

    def of(self, index: int) -> tuple[int, str]:
        """The number of tokens and the label of a row."""
        return int(self.tokens[index]), self.labels[index].as_py() or ""


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what Parquet and the disk say into a sentence about this file."""
    import pyarrow as pa

    try:
        yield
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0][:200].rstrip(".")
        raise NotFoundError(f"{path} can't be read: {reason}.", "Open its source again.") from error
