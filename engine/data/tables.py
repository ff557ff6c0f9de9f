"""The rows of a local source: a file of any kind that is read, packed or not, a folder of them, or a zip archive."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ...store.errors import DataError
from . import folders, packed
from .delimited import read_delimited_rows
from .faults import BadRow
from .jsonl import JsonRow, read_json_rows
from .lines import DataFile, Digest
from .plain_text import read_paragraphs
from .squad import is_squad, read_squad_rows

Values = Iterator[JsonRow | BadRow]
Reader = Callable[[DataFile, Digest | None], Values]


def read_rows(path: Path, digest: Digest | None = None) -> Values:
    """Yield every row of a source in order, with the line where it starts; rows of Parquet and SQuAD are counted.

    A row of a table is a dict by column. What CSV and TSV hold stays text, numbers too. `digest` is fed with all bytes
    as they are once unpacked. In a folder or an archive the lines count on from one file to the next, so that each row
    has its own, and its `place` says where it stands.

    Raises DataError for a kind of file that isn't read, a source without any, and one that can't be read as a whole.
    """
    if path.is_dir():
        return _all_rows(path, folders.files_in(path, is_read), digest)
    if path.suffix.lower() == packed.ZIP:
        return _all_rows(path, packed.members(path, is_read), digest)
    if not is_read(path.name):
        raise DataError(f"{path} is not a kind of data that can be read.", f"Read are {KINDS}.")
    return _rows(packed.unpacked(path), digest)


def is_read(name: str) -> bool:
    """Whether a file of that name is of a kind that is read, by itself or packed by gzip."""
    return packed.inner_suffix(name).lower() in READERS


def is_source(path: Path) -> bool:
    """Whether rows are looked for in it."""
    try:
        return is_read(path.name) or path.suffix.lower() == packed.ZIP or path.is_dir()
    except OSError:
        return False  # a name longer than any file's


def _all_rows(source: Path, files: Sequence[DataFile], digest: Digest | None) -> Values:
    # Beside tables, text is what a README or a licence says.
    files = [file for file in files if file.suffix.lower() != ".txt"] or files
    if not files:
        raise DataError(f"{source} has no file of rows in it.", f"Read are {', '.join(SUFFIXES)} files, also as .gz.")
    return _counted_on(files, digest)


def _counted_on(files: Sequence[DataFile], digest: Digest | None) -> Values:
    before = 0
    for file in files:
        last = 0
        for row in _rows(file, digest):
            last = row.line
            place = row.place or f"{file.name} line {last:,}"
            if isinstance(row, BadRow):
                yield BadRow(before + last, row.sentence, place)
            else:
                yield JsonRow(before + last, row.value, place)
        before += last


def _rows(file: DataFile, digest: Digest | None) -> Values:
    return READERS[file.suffix.lower()](file, digest)


def _read_json_or_squad(file: DataFile, digest: Digest | None) -> Values:
    return read_squad_rows(file, digest) if is_squad(file) else read_json_rows(file, digest)


def _read_parquet(file: DataFile, digest: Digest | None) -> Values:
    # pyarrow takes half a second to import, and most files do without.
    from . import parquet, rows_file

    if isinstance(file, Path) and rows_file.is_rows_file(file):
        return rows_file.read_values(file, digest)
    return parquet.read_parquet_rows(file, digest)


READERS: dict[str, Reader] = {
    ".jsonl": read_json_rows,
    ".json": _read_json_or_squad,
    ".csv": read_delimited_rows,
    ".tsv": read_delimited_rows,
    ".parquet": _read_parquet,
    ".txt": read_paragraphs,
}
SUFFIXES = tuple(READERS)
KINDS = f"{', '.join(SUFFIXES)} files, each also as .gz, folders of them and .zip"
