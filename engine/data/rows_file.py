"""The rows file: rows of any source as a Parquet file that can be read by pages, each as it was, with its line."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
from pyarrow import parquet

from ...store import checkpoints
from ...store.errors import DataError
from .faults import BadRow
from .jsonl import JsonRow
from .lines import Digest, opened

# A page is a row group, and what a screen asks for at a time: it ends at so many rows, or sooner where they are long.
PAGE_ROWS = 1000
PAGE_CHARACTERS = 4 * 2**20
BUFFER_BYTES = 2**20
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_MARK = {b"tunedeck": b"rows-1"}
_SCHEMA = pa.schema(
    {"line": pa.int64(), "row": pa.string(), "fault": pa.string(), "origin": pa.int64(), "generator": pa.string()},
    metadata=_MARK,
)
_FILLED = ("line", "row", "fault", "generator")


class RowRecord(NamedTuple):
    """A row: its line in the source, by which it is known for good, and its value as JSON, or what is wrong with it.

    A synthetic row has the line of the row that it was made from, and what made it.
    """

    line: int
    row: str
    fault: str = ""
    origin: int | None = None
    generator: str = ""

    @property
    def value(self) -> object:
        return json.loads(self.row)


class Written(NamedTuple):
    """How many rows a file has, how many of them can't be used, and the sha256 of all that they say."""

    rows: int
    bad_rows: int
    sha256: str


def record(row: JsonRow | BadRow) -> RowRecord:
    """A row as it was read, to be written."""
    if isinstance(row, BadRow):
        return RowRecord(row.line, "", _whole(row.told))
    return RowRecord(row.line, _whole(_ENCODER.encode(row.value)))


def _whole(text: str) -> str:
    """Half of a surrogate pair can't be written in UTF-8; as the escape of JSON it means the same."""
    return text.encode("utf-8", "backslashreplace").decode()


def write(path: Path, records: Iterable[RowRecord]) -> Written:
    """Write a rows file and have it on the disk; the caller moves it to where it is looked for.

    Raises:
        OSError: it can't be written; then what there is of it is gone.
    """
    digest, rows, bad_rows = hashlib.sha256(), 0, 0
    try:
        with parquet.ParquetWriter(path, _SCHEMA, compression="zstd", write_statistics=False) as writer:
            for page in _pages(records):
                digest.update(json.dumps(page).encode())
                rows, bad_rows = rows + len(page), bad_rows + sum(bool(item.fault) for item in page)
                columns = map(pa.array, zip(*page, strict=True), _SCHEMA.types)
                writer.write_batch(pa.RecordBatch.from_arrays(list(columns), schema=_SCHEMA))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    checkpoints.sync(path)
    return Written(rows, bad_rows, digest.hexdigest())


def _pages(records: Iterable[RowRecord]) -> Iterator[list[RowRecord]]:
    page: list[RowRecord] = []
    characters = 0
    for item in records:
        page.append(item)
        characters += len(item.row)
        if len(page) == PAGE_ROWS or characters >= PAGE_CHARACTERS:
            yield page
            page, characters = [], 0
    if page:
        yield page


def is_rows_file(path: Path) -> bool:
    """Whether the file is one of ours, and not just any Parquet."""
    if path.suffix != ".parquet" or not path.is_file():
        return False
    try:
        return parquet.read_schema(path).equals(_SCHEMA, check_metadata=True)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        return False


def read(path: Path) -> Iterator[RowRecord]:
    """Every row in order, a page in memory at a time.

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        with parquet.ParquetFile(path, memory_map=True) as file:
            for batch in file.iter_batches(PAGE_ROWS, columns=_SCHEMA.names, use_threads=False):
                if any(batch[name].null_count for name in _FILLED):
                    raise DataError(f"{path.name} has rows without a line or a value.", "Make it again.")
                yield from map(RowRecord, *(column.to_pylist() for column in batch.columns))
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0][:200].rstrip(".")
        raise DataError(f"{path.name} can't be read as rows: {reason}.", "It may be cut off; make it again.") from error


def read_values(path: Path, digest: Digest | None = None) -> Iterator[JsonRow | BadRow]:
    """The rows as any other kind of file has them; `digest` is fed with the bytes of the file."""
    if digest:
        with opened(path) as file:
            while content := file.read(BUFFER_BYTES):
                digest.update(content)
    for item in read(path):
        yield BadRow(item.line, item.fault) if item.fault else _read_back(item)


def _read_back(item: RowRecord) -> JsonRow | BadRow:
    try:
        return JsonRow(item.line, item.value)
    except (ValueError, RecursionError):
        return BadRow(item.line, "not valid JSON")  # not written by us, whatever its mark says
