"""The rows of a source as a report looks at them: each by its index, as its task understands it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from .. import formats, tasks
from ..data import source
from ..data.faults import BadRow
from ..data.row import Row, key
from ..report import Report
from ..tasks.task import Task
from .options import Options
from .texts import RawRows

PROGRESS_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A row by its index among all rows, bad ones too; its digests are equal where only case and white space differ."""

    index: int
    row: Row
    identity: bytes
    question: bytes


@dataclass(frozen=True)
class Material:
    """What was read of a source; no task where the rows suit none."""

    name: str
    count: int
    entries: Sequence[Entry]
    bad: Mapping[int, BadRow]
    format: str
    task: Task | None
    columns: dict[str, str]

    def entry(self, index: int) -> Entry | None:
        """The row of that index; None for a bad one."""
        place = bisect_left(self.entries, index, key=attrgetter("index"))
        return self.entries[place] if place < len(self.entries) and self.entries[place].index == index else None

    def line(self, index: int) -> int:
        entry = self.entry(index)
        return entry.row.line if entry else self.bad[index].line


def read(name: str, path: Path, options: Options, say: Report) -> Material:
    """Read all rows by the task that is asked for, else by the one that they suit best.

    Raises DataError where the source can't be read, or the task that is asked for finds no columns in it.
    """
    found = formats.of_source(path, options.task, options.columns)
    task = tasks.of(options.config(name, found.tasks[0])) if found.tasks else None
    return _read(name, path, task, found.words, say)


def read_alike(name: str, path: Path, material: Material, say: Report) -> Material:
    """Read the rows of another source by the same task."""
    return _read(name, path, material.task, material.format, say)


def _read(name: str, path: Path, task: Task | None, words: str, say: Report) -> Material:
    shape: Any = task or RawRows()
    columns, values = source.with_columns(path, shape)
    entries: list[Entry] = []
    bad: dict[int, BadRow] = {}
    for index, row in enumerate(_watched(source.shaped(values, shape, columns), name, say)):
        if isinstance(row, BadRow):
            bad[index] = row
        else:
            entries.append(Entry(index, row, key(row.identity), key(row.question)))
    return Material(name, len(entries) + len(bad), entries, bad, words, task, columns)


def _watched(rows: Iterator[Row | BadRow], name: str, say: Report) -> Iterator[Row | BadRow]:
    for number, row in enumerate(rows):
        if number % PROGRESS_ROWS == 0:
            say(f"reading {name}: {number:,} rows")
        yield row
