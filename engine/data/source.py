"""Where rows come from: a name is found, read, checked and fingerprinted."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Literal, Protocol

from ...store import datasets, paths
from ...store.errors import DataError
from ...store.paths import Home
from ..demo import parts
from ..report import Report, say_nothing
from . import hub, rows_cache
from .faults import BadRow, BadRows, RowFault
from .jsonl import JsonRow
from .lines import Digest
from .row import Row
from .tables import KINDS, Values, is_source, read_rows

OnBadRows = Literal["refuse", "skip"]
# Enough to tell a column of labels from one of texts.
SAMPLE_ROWS = 200


class Shape(Protocol):
    """What a task knows of its rows."""

    def find_columns(self, sample: Sequence[Mapping[str, object]]) -> dict[str, str]: ...

    def row(self, line: int, value: object, columns: Mapping[str, str]) -> Row: ...


@dataclass(frozen=True)
class Rows:
    """The rows of one source, its columns by role, the rows that can't be used, and the sha256 of what was read."""

    name: str
    path: Path
    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    bad_rows: BadRows
    sha256: str


def load_rows(
    name: str,
    shape: Shape,
    *,
    on_bad_rows: OnBadRows = "refuse",
    cache: Path | None = None,
    report: Report = say_nothing,
) -> Rows:
    """Read all rows of a source, whatever kind it is of.

    Raises DataError where the source can't be read, a row is bad and `on_bad_rows` is "refuse", or no row is left;
    FetchError where a demo part can't be fetched.
    """
    path = find(name, cache=cache, report=report)
    digest, bad_rows, rows = hashlib.sha256(), BadRows(path.name), list[Row]()
    columns, values = with_columns(path, shape, digest)
    for row in shaped(values, shape, columns):
        if isinstance(row, BadRow):
            bad_rows.add(row)
        else:
            rows.append(row)
    if bad_rows.count and (on_bad_rows == "refuse" or not rows):
        raise bad_rows.refusal() if rows else DataError(bad_rows.summary(), "No row of the file can be used; mend it.")
    if not rows:
        raise DataError(f"{path.name} is empty.", "Name a file with rows, one JSON object a line, say.")
    return Rows(name, path, tuple(rows), columns, bad_rows, digest.hexdigest())


def find(name: str, *, cache: Path | None = None, report: Report = say_nothing) -> Path:
    """Turn the name of a data source into a local file or folder, fetching what is not here yet.

    Raises DataError for a kind of file that isn't read, and for what the hub doesn't give; FetchError where a demo part
    can't be fetched.
    """
    if name.startswith("demo:"):
        return parts.ensure_data(name, cache or paths.cache_folder(), report)
    if datasets.is_dataset(name):
        return datasets.place(Home.default(), name)
    if hub.is_hub(name):
        return hub.opened(hub.find(name), cache or paths.cache_folder()).path
    path = local(name) or Path(name)
    if not is_source(path):
        raise DataError(
            f"{name[:200]} is not a kind of data that can be read.",
            f"Read are {KINDS}, and the demo parts: tunedeck doctor lists them.",
        )
    return path


def opened(
    name: str, watch: Callable[[Values], Values] = iter, report: Report = say_nothing
) -> tuple[str, rows_cache.Opened]:
    """The name by which the very same source is found from any folder, and its rows file.

    `watch` sees the rows as they come, where the file isn't there yet. Raises as `find`, and DataError where the rows
    can't be read or kept.
    """
    cache = paths.cache_folder()
    if hub.is_hub(name):
        pinned = hub.find(name)
        return str(pinned), hub.opened(pinned, cache, watch)
    path = find(name, cache=cache, report=report)
    whole_name = name if name.startswith("demo:") else str(path.absolute())
    return whole_name, rows_cache.opened(cache, rows_cache.key_of(path), lambda: watch(read_rows(path)))


def local(name: str) -> Path | None:
    """The file or folder of that name, if there is one."""
    try:
        path = Path(name).expanduser()
        return path if path.exists() else None
    except (OSError, RuntimeError):
        return None  # a name longer than any file's, or the home of nobody


def with_columns(path: Path, shape: Shape, digest: Digest | None = None) -> tuple[dict[str, str], Values]:
    """The columns by role, found in the first rows, and all rows as they are in the file.

    Raises DataError, naming the file, where a role can't be filled.
    """
    values = read_rows(path, digest)
    head = list(islice(values, SAMPLE_ROWS))
    sample = [row.value for row in head if isinstance(row, JsonRow) and isinstance(row.value, dict)]
    try:
        return shape.find_columns(sample) if sample else {}, chain(head, values)
    except DataError as error:
        raise DataError(f"{path.name}: {error.what}", error.next_step) from error


def shaped(values: Values, shape: Shape, columns: Mapping[str, str]) -> Iterator[Row | BadRow]:
    """Each row as the task understands it, or with what is wrong with it, in order."""
    for row in values:
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            yield shape.row(row.line, row.value, columns)
        except RowFault as fault:
            yield BadRow(row.line, str(fault), row.place)
