"""The filters that look for copies: of any row, of evaluation rows, and of the source itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ..editable import Editable
from ..shingles import Neighbours, shingles, similarity
from .filter import Candidate, Objection


def short_key(row: Editable) -> int:
    """Eight bytes of the row's key: among ten million rows two differing ones agree with a probability of 3e-6."""
    return int.from_bytes(row.key[:8])


class Known:
    """The keys of many rows and their lines; 16 bytes a row."""

    def __init__(self, rows: Iterable[Editable]) -> None:
        pairs = chain.from_iterable((short_key(row), row.line) for row in rows)
        found = np.fromiter(pairs, dtype=np.uint64).reshape(-1, 2)
        found = found[found[:, 0].argsort(kind="stable")]
        self._keys: NDArray[np.uint64] = found[:, 0]
        self._lines: NDArray[np.uint64] = found[:, 1]

    def line_of(self, key: int) -> int | None:
        """The first line that says the same."""
        place = int(np.searchsorted(self._keys, np.uint64(key)))
        is_there = place < len(self._keys) and int(self._keys[place]) == key
        return int(self._lines[place]) if is_there else None


@dataclass
class Duplicates:
    """Objects to what a row of the data, or one made before, says already."""

    rows: Known
    made: dict[int, int] = field(default_factory=dict)

    def add(self, number: int, row: Editable) -> None:
        """Remember a synthetic row."""
        self.made.setdefault(short_key(row), number)

    def objections(self, candidates: Sequence[Candidate]) -> list[Objection | None]:
        return [self._objection(candidate) for candidate in candidates]

    def _objection(self, candidate: Candidate) -> Objection | None:
        key = short_key(candidate.made)
        line, before = self.rows.line_of(key), self.made.get(key)
        self.add(candidate.number, candidate.made)
        if line is not None:
            return Objection("duplicate", f"line {line:,} of the data says the same")
        return None if before is None else Objection("duplicate", f"synthetic row {before:,} says the same")


class NearEvaluation:
    """Objects to rows that say what an evaluation row says, or nearly: a score on these would measure a copy."""

    def __init__(self, rows: Sequence[Editable], threshold: float) -> None:
        self._lines = [row.line for row in rows]
        self._keys = {row.key: row.line for row in rows}
        self._neighbours = Neighbours(["\n".join(row.texts) for row in rows])
        self._threshold = threshold

    def holds(self, row: Editable) -> bool:
        """Whether the row says the same as an evaluation row."""
        return row.key in self._keys

    def objections(self, candidates: Sequence[Candidate]) -> list[Objection | None]:
        return [self._objection(candidate) for candidate in candidates]

    def _objection(self, candidate: Candidate) -> Objection | None:
        if (line := self._keys.get(candidate.made.key)) is not None:
            return Objection("near-evaluation", f"evaluation row {line:,} says the same")
        nearest = self._neighbours.nearest(shingles(candidate.texts[0]))
        if nearest is None or nearest[1] < self._threshold:
            return None
        return Objection("near-evaluation", f"it is {nearest[1]:.0%} like evaluation row {self._lines[nearest[0]]:,}")


@dataclass(frozen=True)
class NearSource:
    """Objects to rows that are too near to their source to teach anything."""

    threshold: float

    def objections(self, candidates: Sequence[Candidate]) -> list[Objection | None]:
        likeness = [similarity(*map(shingles, candidate.texts)) for candidate in candidates]
        return [
            Objection("near-duplicate", f"it is {share:.0%} like its source") if share > self.threshold else None
            for share in likeness
        ]
