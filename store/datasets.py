"""Versions of data sets: immutable files of rows, what made each of them, and how they are named: `data:reviews@v3`."""

import re
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from . import checkpoints
from .database import connect, transaction
from .errors import ConfigError, NotFoundError
from .paths import Home
from .records import Record

PREFIX = "data:"
TRAIN, EVALUATION = "train", "evaluation"
# A folder's name, so no longer and no wilder than all file systems allow.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_REFERENCE = re.compile(rf"(?:{PREFIX})?({_NAME.pattern})(?:@v([1-9][0-9]{{0,8}}))?")


@dataclass(frozen=True)
class Dataset(Record):
    """One version; `operation` is JSON with a `sentence`, `parent` a label such as `reviews@v2`, times are seconds."""

    number: int
    name: str
    version: int
    role: str
    parent: str | None
    operation: str
    source: str
    rows: int
    bad_rows: int
    sha256: str
    created_at: float
    deleted_at: float | None

    @property
    def label(self) -> str:
        return f"{self.name}@v{self.version}"

    @property
    def reference(self) -> str:
        """As the knobs `data`, `eval_data` and `mix_data` name it."""
        return PREFIX + self.label

    def path(self, home: Home) -> Path:
        return _file(home, self.name, self.version)


@dataclass(frozen=True)
class NewDataset:
    """What is known of a version before it has a number; `role` is train, evaluation or empty."""

    name: str
    role: str
    parent: str | None
    operation: str
    source: str
    rows: int
    bad_rows: int
    sha256: str


def is_dataset(name: str) -> bool:
    return name.startswith(PREFIX)


def slug(text: str) -> str:
    """A name for a data set made of any text: lower case, and only what every file system takes."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", text.casefold()).strip(".-_")[:60].rstrip(".-_")
    return plain or "data"


def find(db: sqlite3.Connection, reference: str) -> Dataset:
    """The version that `reviews@v3` or `data:reviews@v3` names; without a number the newest.

    Raises:
        NotFoundError: there is none, or it is in the trash.
    """
    name, version = _parted(reference)
    condition, values = ("AND version = ?", (name, version)) if version else ("", (name,))
    row = db.execute(
        f"SELECT * FROM dataset WHERE name = ? {condition} AND deleted_at IS NULL ORDER BY version DESC LIMIT 1",
        values,
    ).fetchone()
    if row is None:
        raise _missing(reference)
    return Dataset.of(row)


def of_all(db: sqlite3.Connection) -> list[Dataset]:
    """Every version that is not in the trash, the newest first."""
    rows = db.execute("SELECT * FROM dataset WHERE deleted_at IS NULL ORDER BY number DESC")
    return [Dataset.of(row) for row in rows]


def of_source(db: sqlite3.Connection, source: str) -> list[Dataset]:
    """Every version that stems from the source, also those in the trash, which may come back."""
    return [Dataset.of(row) for row in db.execute("SELECT * FROM dataset WHERE source = ?", (source,))]


def add(db: sqlite3.Connection, home: Home, new: NewDataset, made: Path) -> Dataset:
    """Give the finished file its place and its number; until that is done it is nowhere listed.

    Raises:
        ConfigError: the name can't be one of a data set.
    """
    return add_all(db, home, [(new, made)])[0]


def add_all(db: sqlite3.Connection, home: Home, made: Sequence[tuple[NewDataset, Path]]) -> list[Dataset]:
    """Several versions that belong together, such as both sides of a split: all of them are listed, or none."""
    for new, file in made:
        if not _NAME.fullmatch(new.name):
            raise ConfigError(f"{new.name[:60]!r} can't name a data set.", f"Try {slug(new.name)}.", field="name")
        checkpoints.sync(file)
    with transaction(db, durable=True):
        return [_placed(db, home, new, file) for new, file in made]


def _placed(db: sqlite3.Connection, home: Home, new: NewDataset, made: Path) -> Dataset:
    dataset = _insert(db, new)
    place = dataset.path(home)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A file without a row is what a kill before the commit leaves: its number is given again, and it is replaced.
    made.replace(place)
    checkpoints.sync(place.parent)
    return dataset


def _insert(db: sqlite3.Connection, new: NewDataset) -> Dataset:
    newest = db.execute("SELECT max(version) FROM dataset WHERE name = ?", (new.name,)).fetchone()[0]
    row = db.execute(
        "INSERT INTO dataset (name, version, role, parent, operation, source, rows, bad_rows, sha256, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (
            new.name, (newest or 0) + 1, new.role, new.parent, new.operation, new.source, new.rows, new.bad_rows,
            new.sha256, time.time(),
        ),
    ).fetchone()  # fmt: skip
    return Dataset.of(row)


def place(home: Home, reference: str) -> Path:
    """Where the rows of a version lie. One with a number is not asked of the store: a run finds it in the trash too.

    Raises:
        NotFoundError: they don't.
    """
    name, version = _parted(reference)
    if version is None:
        with closing(connect(home)) as db:
            return find(db, reference).path(home)
    path = _file(home, name, version)
    if not path.is_file():
        raise _missing(reference)
    return path


def delete(db: sqlite3.Connection, dataset: Dataset) -> None:
    """Put a version into the trash; its rows stay where they are."""
    db.execute("UPDATE dataset SET deleted_at = ? WHERE number = ?", (time.time(), dataset.number))


def restore(db: sqlite3.Connection, label: str) -> Dataset:
    """Take a version out of the trash again.

    Raises:
        NotFoundError: it is not in there.
    """
    name, version = _parted(label)
    row = db.execute(
        "UPDATE dataset SET deleted_at = NULL WHERE name = ? AND version = ? AND deleted_at IS NOT NULL RETURNING *",
        (name, version),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no version {label[:80]} in the trash.", "tunedeck data versions lists them.")
    return Dataset.of(row)


def _file(home: Home, name: str, version: int) -> Path:
    return home.datasets / name / f"v{version}.parquet"


def _parted(reference: str) -> tuple[str, int | None]:
    """The name and the number, if one is given."""
    match = _REFERENCE.fullmatch(reference.strip())
    if match is None:
        raise _missing(reference)
    return match[1], int(match[2]) if match[2] else None


def _missing(reference: str) -> NotFoundError:
    return NotFoundError(
        f"There is no data set {reference[:80]}.", "tunedeck data versions lists them; tunedeck data import makes one."
    )
