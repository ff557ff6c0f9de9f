"""The rows of a version as far as a split is concerned: what each asks, its label, and its value in a column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from ...store.errors import ConfigError
from ..data.row import Row, key
from ..data.rows_file import RowRecord
from ..data.source import SAMPLE_ROWS
from . import reading
from .operation import Parent
from .options import Options
from .reading import Entry, Material


@dataclass(frozen=True)
class Subject(Row):
    """A row by its index: a digest of what it asks, its label, its value in a column, and where it comes from."""

    index: int
    asked: bytes
    layer: str = ""
    value: object = None
    origin: int | None = None

    @property
    def question(self) -> tuple[str, ...]:
        return (self.asked.hex(),)

    @property
    def stratum(self) -> str:
        return self.layer


@dataclass(frozen=True)
class Pool:
    """The rows that can be split, the synthetic ones that follow them, how many can't be used, and the texts of all."""

    genuine: Sequence[Subject]
    synthetic: Sequence[Subject]
    bad_rows: int
    material: Material


def read_pool(parent: Parent, column: str, options: Options) -> Pool:
    """Every row of a version; `column` is where values are taken from, and may be empty.

    Raises:
        ConfigError: there is no such column. DataError: the task that is asked for can't read the rows.
    """
    material = reading.read(parent.label, parent.path, options, parent.report)
    entries = {entry.index: entry for entry in material.entries}
    rows = [
        _subject(index, record, column, entries.get(index))
        for index, record in enumerate(parent.records())
        if not record.fault
    ]
    if column and not any(subject.value is not None for subject in rows):
        raise _no_column(parent, column)
    return Pool(
        [subject for subject in rows if subject.origin is None],
        [subject for subject in rows if subject.origin is not None],
        len(parent.lines) - len(rows),
        material,
    )


def _subject(index: int, record: RowRecord, column: str, entry: Entry | None) -> Subject:
    # What the task can't read is known by all that it says.
    asked, layer = (entry.question, entry.row.stratum) if entry else (key((record.row,)), "")
    row = record.value if column else None
    value = row.get(column) if isinstance(row, dict) else None
    return Subject(record.line, index, asked, layer, value, record.origin)


def _no_column(parent: Parent, column: str) -> ConfigError:
    names = list(dict.fromkeys(_names(parent)))
    near = get_close_matches(column, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There is {', '.join(names[:12]) or 'none'}."
    return ConfigError(f"{parent.label} has no values in a column {column[:40]}.", hint, field="by")


def _names(parent: Parent) -> Iterator[str]:
    for record in islice(parent.records(), SAMPLE_ROWS):
        if not record.fault and isinstance(value := record.value, dict):
            yield from value
