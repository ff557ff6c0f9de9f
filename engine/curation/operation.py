"""What every operation on a version is given, and what it gives: the rows of a new version, and how they came about."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet

from ...store.datasets import EVALUATION, Dataset
from ...store.errors import DataError
from ..data import rows_file
from ..data.rows_file import RowRecord
from ..report import Report, say_nothing
from .wording import counted

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Parent:
    """The version that new ones are made of, and the files of all that stem from the same source."""

    dataset: Dataset
    path: Path
    kin: Sequence[Path] = ()
    report: Report = field(default=say_nothing)

    @property
    def label(self) -> str:
        return self.dataset.label

    @cached_property
    def lines(self) -> NDArray[np.int64]:
        """The line of each row, by index."""
        return lines_of(self.path)

    @cached_property
    def highest_line(self) -> int:
        """Rows that are added go above it, so that no line stands for two rows in versions of one source."""
        return max(int(lines_of(path).max(initial=0)) for path in (self.path, *self.kin))

    def records(self) -> Iterator[RowRecord]:
        return rows_file.read(self.path)

    def only(self, kept: Mask) -> Iterator[RowRecord]:
        """The rows whose index is marked."""
        return compress(self.records(), kept)

    def indices_of_lines(self, spans: Iterable[Sequence[int]]) -> NDArray[np.int64]:
        """The indices of the rows on lines from the first to the last of each span.

        Raises:
            DataError: there is no row on any line of a span.
        """
        found = np.zeros(len(self.lines), bool)
        for first, last in spans:
            inside = (self.lines >= first) & (self.lines <= last)
            if not inside.any():
                where = f"row on line {first:,}" if first == last else f"rows on lines {first:,} to {last:,}"
                raise DataError(f"{self.label} has no {where}.", "Nothing was changed; look at the lines it has.")
            found |= inside
        return np.flatnonzero(found)

    def checked_indices(self, indices: Iterable[int]) -> NDArray[np.int64]:
        """The indices as an array. Raises DataError where there is no such row."""
        checked, count = sorted({*indices}), len(self.lines)
        if missing := [index for index in (*checked[:1], *checked[-1:]) if not 0 <= index < count]:
            raise DataError(
                f"{self.label} has {counted(count)}, and row {missing[0] + 1:,} is asked for.", "Nothing was changed."
            )
        return np.array(checked, np.int64)


@dataclass(frozen=True)
class Derived:
    """The rows of a new version, what was done in a sentence and to how many; of the parent's role unless told."""

    records: Iterable[RowRecord]
    sentence: str
    counts: Mapping[str, int]
    role: str | None = None

    @property
    def is_set_aside(self) -> bool:
        """Whether these rows go to a data set of their own, beside the one that they come from."""
        return self.role == EVALUATION


class Operation(ABC):
    """One way to make versions; a dataclass whose fields are what the operation file may say."""

    name: ClassVar[str]
    # What is kept of the fields with the version: all but rows, which the version has.
    parameters: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def derive(self, parent: Parent) -> Sequence[Derived]:
        """The rows of the new versions. Raises UserError where it can't be done; then nothing is made."""

    def told(self, derived: Derived) -> dict[str, Any]:
        """What the version remembers of how it was made."""
        values = {name: getattr(self, name) for name in self.parameters}
        said = {name: value for name, value in values.items() if value}
        return {"op": self.name, **said, "sentence": derived.sentence, "counts": dict(derived.counts)}


def lines_of(path: Path) -> NDArray[np.int64]:
    """The line of each row of a rows file, by index."""
    return parquet.read_table(path, columns=["line"])["line"].to_numpy()
