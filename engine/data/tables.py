"""The rows of a local file of any kind that is read, told apart by its suffix."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ...store.errors import DataError
from .delimited import read_delimited_rows
from .faults import BadRow
from .jsonl import JsonRow, read_json_rows
from .lines import Digest
from .plain_text import read_paragraphs
from .squad import is_squad, read_squad_rows

Reader = Callable[[Path, Digest | None], Iterator[JsonRow | BadRow]]


def read_rows(path: Path, digest: Digest | None = None) -> Iterator[JsonRow | BadRow]:
    """Yield every row of a file in order, with the line where it starts; rows of Parquet and SQuAD are counted instead.

    A row of a table is a dict by column. What CSV and TSV hold stays text, numbers too. `digest` is fed with all bytes
    of the file.

    Raises DataError for a folder, a kind of file that isn't read, and a file that can't be read as a whole.
    """
    if path.is_dir():
        raise DataError(f"{path} is a folder, expected a file.", "Name one of the files in it.")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path} is not a kind of data that can be read.", f"Read are {', '.join(SUFFIXES)} files.")
    return reader(path, digest)


def _read_json_or_squad(path: Path, digest: Digest | None) -> Iterator[JsonRow | BadRow]:
    return read_squad_rows(path, digest) if is_squad(path) else read_json_rows(path, digest)


def _read_parquet(path: Path, digest: Digest | None) -> Iterator[JsonRow | BadRow]:
    # pyarrow takes half a second to import, and most files do without.
    from . import parquet, rows_file

    return (
        rows_file.read_values(path, digest) if rows_file.is_rows_file(path) else parquet.read_parquet_rows(path, digest)
    )


READERS: dict[str, Reader] = {
    ".jsonl": read_json_rows,
    ".json": _read_json_or_squad,
    ".csv": read_delimited_rows,
    ".tsv": read_delimited_rows,
    ".parquet": _read_parquet,
    ".txt": read_paragraphs,
}
SUFFIXES = tuple(READERS)
