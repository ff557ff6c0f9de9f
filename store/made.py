"""The synthetic rows of an augmentation as its run's folder has them, and what a person said of them."""

import json
import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, Self

from . import checkpoints
from .errors import StateError
from .lazy import LazySequence
from .paths import RunFolder

Verdict = Literal[
    "kept", "duplicate", "near-evaluation", "near-duplicate", "label-changed", "perplexity", "length", "unreadable"
]
KEPT: Verdict = "kept"
# What a run that makes them is called.
KIND = "augment"


class MadeRow(NamedTuple):
    """A synthetic row: its number from 1, the line of its source, its JSON value, what made it, and how it was judged.

    `row` is None where none could be made; `note` says in words why it was not kept.
    """

    number: int
    origin: int
    row: object
    generator: str
    verdict: Verdict
    note: str = ""

    @classmethod
    def of(cls, line: bytes) -> Self:
        """Raises StateError where something else has written there."""
        try:
            return cls(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise StateError("A line of made.jsonl is damaged.", "Make the rows anew.") from error

    @property
    def line(self) -> bytes:
        # Half of a surrogate pair can't be written in UTF-8; as the escape of JSON it means the same.
        return (json.dumps(self._asdict(), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def place(folder: RunFolder) -> Path:
    """Where they lie, one a line, in the order of their numbers."""
    return folder.root / "made.jsonl"


def append(folder: RunFolder, rows: Iterable[MadeRow]) -> None:
    """Write the rows behind those before them, and have them on the disk."""
    with place(folder).open("ab") as file:
        file.write(b"".join(row.line for row in rows))
        file.flush()
        os.fsync(file.fileno())


def mend(folder: RunFolder) -> None:
    """Cut off a last line that a kill has left unfinished."""
    path = place(folder)
    if not path.exists():
        return
    with path.open("r+b") as file:
        end = 0
        for line in file:
            end += len(line) if line.endswith(b"\n") else 0
        file.truncate(end)


def read(folder: RunFolder) -> Iterator[MadeRow]:
    """Every row that is written whole; none where nothing was made yet."""
    if not place(folder).exists():
        return
    with place(folder).open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield MadeRow.of(line)


class MadeRows(LazySequence[MadeRow]):
    """The rows by position, each read from the disk when it is asked for; `look` finds what was written since."""

    def __init__(self, folder: RunFolder) -> None:
        self._path = place(folder)
        self._ends = array("Q", [0])
        self.look()

    def look(self) -> bool:
        """Whether there are more rows than before."""
        before = len(self)
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._ends[-1])
                for line in file:
                    if line.endswith(b"\n"):
                        self._ends.append(self._ends[-1] + len(line))
        return len(self) > before

    def behind(self, count: int) -> Iterator[MadeRow]:
        """All rows but so many first ones, in one go."""
        if count < len(self):
            with self._path.open("rb") as file:
                file.seek(self._ends[count])
                for _ in range(count, len(self)):
                    yield MadeRow.of(file.readline())

    def __len__(self) -> int:
        return len(self._ends) - 1

    def at(self, place: int) -> MadeRow:
        with self._path.open("rb") as file:
            file.seek(self._ends[place])
            return MadeRow.of(file.read(self._ends[place + 1] - self._ends[place]))


@dataclass
class Review:
    """Which rows a person has rejected, and which accepted, by number; a kept row is accepted without a word."""

    rejected: set[int] = field(default_factory=set)
    accepted: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, folder: RunFolder) -> Self:
        """What was said so far.

        Raises:
            StateError: the file is damaged.
        """
        path = _review(folder)
        if not path.exists():
            return cls()
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return cls(set(map(int, said["rejected"])), set(map(int, said["accepted"])))
        except (ValueError, KeyError, TypeError) as error:
            raise StateError(f"{path} is damaged.", "Delete it, and review the rows again.") from error

    def save(self, folder: RunFolder) -> None:
        """Write it whole or not at all."""
        temporary = _review(folder).with_suffix(".tmp")
        said = {"rejected": sorted(self.rejected), "accepted": sorted(self.accepted)}
        temporary.write_text(json.dumps(said), encoding="utf-8")
        checkpoints.sync(temporary)
        temporary.replace(_review(folder))

    def accepts(self, row: MadeRow) -> bool:
        """Whether the row goes into the new version: kept by the filters, and not rejected."""
        return row.verdict == KEPT and row.number not in self.rejected


def _review(folder: RunFolder) -> Path:
    return folder.root / "review.json"


def accepted(folder: RunFolder) -> Iterator[MadeRow]:
    """The rows that go into the new version."""
    review = Review.of(folder)
    return (row for row in read(folder) if review.accepts(row))
