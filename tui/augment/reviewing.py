"""The synthetic rows of an augmentation as a person judges them: in memory what is counted, on the disk all else."""

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from ...store import datasets
from ...store.datasets import Dataset
from ...store.errors import NotFoundError
from ...store.lazy import LazySequence
from ...store.made import KEPT, MadeRow, MadeRows, Review
from ...store.paths import Home, RunFolder
from ...store.records import Run
from ..data import sources
from ..rows import row_text
from ..rows.rows_file import DataRow, RowsFile
from ..widgets.cells import Row
from . import row_difference

# What the list can be narrowed to, in the order of the key; the filters' verdicts come behind.
ALL, REJECTED = "all", "rejected"

Kind = tuple[str, str]
"""The generator and the verdict of a row: those that are alike are judged together."""


class Reviewed:
    """Every row's kind, and what was said of it; `look` reads what was written since, in a thread."""

    def __init__(self, folder: RunFolder) -> None:
        """Raises StateError where what was said before can't be read."""
        self.folder = folder
        self.rows = MadeRows(folder)
        self.review = Review.of(folder)
        self.kinds: list[Kind] = []
        self._number_of: dict[Kind, int] = {}
        self._codes = array("I")
        self._counts: Counter[Kind] = Counter()
        self._written, self._saved = 0, 0
        self._lock = Lock()

    def look(self) -> int:
        """How many rows there are now."""
        self.rows.look()
        counts = self._counts.copy()
        for row in self.rows.behind(len(self._codes)):
            kind = (row.generator, row.verdict)
            if kind not in self._number_of:
                self._number_of[kind] = len(self.kinds)
                self.kinds.append(kind)
            counts[kind] += 1
            self._codes.append(self._number_of[kind])
        # The event loop may be going through the counts before.
        self._counts = counts
        return len(self._codes)

    def kind(self, place: int) -> Kind:
        return self.kinds[self._codes[place]]

    @property
    def verdicts(self) -> dict[str, int]:
        """How many rows have each verdict, the kept ones first."""
        counts = Counter[str]()
        for (_, verdict), count in self._counts.items():
            counts[verdict] += count
        return dict(sorted(counts.items(), key=lambda one: (one[0] != KEPT, -one[1])))

    @property
    def accepted(self) -> int:
        """How many rows go into the new version."""
        return self.verdicts.get(KEPT, 0) - len(self.review.rejected)

    def places(self, wanted: str) -> Sequence[int]:
        """The places of the rows to show."""
        count = len(self._codes)
        if wanted == ALL:
            return range(count)
        if wanted == REJECTED:
            return [number - 1 for number in sorted(self.review.rejected)]
        codes = {code for code, kind in enumerate(self.kinds) if kind[1] == wanted}
        return [place for place in range(count) if self._codes[place] in codes]

    def alike(self, place: int) -> list[int]:
        """The places of all rows of the same generator and verdict."""
        code = self._codes[place]
        return [other for other, its in enumerate(self._codes) if its == code]

    def judge(self, places: Sequence[int], *, accept: bool) -> None:
        """Say it of these kept rows; `save` writes it down. A row's number is its place and one."""
        numbers = {place + 1 for place in places}
        put, take = self.review.accepted, self.review.rejected
        if not accept:
            put, take = take, put
        put |= numbers
        take -= numbers

    def save(self) -> "Saving":
        """What is to be written down now; to be done in a thread."""
        self._written += 1
        return Saving(self, self._written, Review(set(self.review.rejected), set(self.review.accepted)))


@dataclass(frozen=True)
class Saving:
    """What was said until a moment; a newer one makes an older one needless."""

    of: Reviewed
    number: int
    review: Review

    def done(self) -> None:
        """Write it, whole or not at all. Raises OSError."""
        with self.of._lock:
            if self.number > self.of._saved:
                self.review.save(self.of.folder)
                self.of._saved = self.number


class ReviewRows(LazySequence[Row]):
    """Some rows as a table shows them, each read when it comes in sight."""

    def __init__(self, reviewed: Reviewed, places: Sequence[int], marks: dict[str, str]) -> None:
        self._reviewed, self.places, self._marks = reviewed, places, marks

    def __len__(self) -> int:
        return len(self.places)

    def at(self, place: int) -> Row:
        number = self.places[place]
        return self._shown(number, self._reviewed.rows[number])

    def _shown(self, place: int, row: MadeRow) -> Row:
        state = state_of(self._reviewed.review, row)
        style = {"rejected": "state-failed", "accepted": "state-done", "kept": ""}.get(state, "dim")
        text = row.note if row.row is None else _summary(row.row)
        mark = self._marks.get(state, self._marks[""])
        return Row(str(place), ((f"{mark} {state}", style), str(row.origin), (text, style), (row.generator, "dim")))


def _summary(value: Any) -> str:
    return row_text.summary(DataRow(0, 0, json.dumps(value, ensure_ascii=False)))


def state_of(review: Review, row: MadeRow) -> str:
    """What becomes of the row, in a word: a person's, or the filters'."""
    if row.verdict != KEPT:
        return row.verdict
    if row.number in review.rejected:
        return "rejected"
    return "accepted" if row.number in review.accepted else "kept"


class Sources:
    """The rows that others were made from, by their lines; opened when the first one is asked for, in a thread."""

    def __init__(self, home: Home, data: str) -> None:
        self._home, self._data = home, data
        self._file: RowsFile | None = None

    def value(self, line: int) -> Any:
        """The row's JSON value. Raises UserError where the source can't be read, or has no such line."""
        import numpy as np

        if self._file is None:
            *_, last = sources.opened(self._home, self._data)
            assert isinstance(last, sources.Opened)
            self._file, self._lines = last.file, last.file.column("line").to_numpy()
        found = np.flatnonzero(self._lines == line)
        row = self._file.take([int(found[0])])[0] if len(found) else None
        if row is None or row.fault:
            raise NotFoundError(f"{sources.name_of(self._data)} has no row at line {line} any more.")
        return json.loads(row.row)


def told(row: MadeRow, source: Any) -> str:
    """A synthetic row in full beside its source, under what is known of it."""
    head = [f"row {row.number}", f"from line {row.origin}", row.generator, row.verdict]
    why = f"{row.note}\n" if row.note else ""
    if row.row is None:
        return f"{'   '.join(head)}\n{why}\n{row_difference.told(source, source)}"
    return f"{'   '.join(head)}\n{why}\n{row_difference.told(source, row.row)}"


def written(db: sqlite3.Connection, run: Run) -> Dataset | None:
    """The newest version that the accepted rows of the run were written to."""
    reason = f"run {run.id}"
    return next((each for each in datasets.of_all(db) if json.loads(each.operation).get("reason") == reason), None)
