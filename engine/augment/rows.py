"""The rows of a source as they can be rewritten, read from the disk each time they are gone through."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ..data import rows_file, source
from ..data.faults import RowFault
from ..data.jsonl import JsonRow
from ..report import Report
from ..tasks.task import Task
from .editable import Columns, Editable, taken_apart


@dataclass(frozen=True)
class Rows:
    """A file of rows as its task reads them."""

    path: Path
    task: Task
    columns: Columns

    @classmethod
    def of(cls, name: str, task: Task, report: Report) -> Self:
        """Find the source and its columns. Raises DataError, FetchError."""
        path = source.find(name, report=report)
        return cls(path, task, source.with_columns(path, task)[0])

    def __iter__(self) -> Iterator[Editable]:
        """Those that can be rewritten, in the order of the file; bad ones are passed over."""
        for row in source.with_columns(self.path, self.task)[1]:
            if isinstance(row, JsonRow) and (editable := self.editable(row.line, row.value)):
                yield editable

    def editable(self, line: int, value: object) -> Editable | None:
        """The value of a row taken apart; None where it can't be read as a row of the task, or not be rewritten."""
        try:
            return taken_apart(self.task.row(line, value, self.columns), value, self.columns)
        except RowFault:
            return None

    def synthetic_lines(self) -> set[int]:
        """The lines of rows that were made, and are no sources of others."""
        if not rows_file.is_rows_file(self.path):
            return set()
        return {record.line for record in rows_file.read(self.path) if record.generator}
