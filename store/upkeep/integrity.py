"""Whether the store itself is whole: its pages, and that no row refers to one that is gone."""

import sqlite3
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from ..database import transaction
from ..paths import Home
from .fault import Fault

# The first say enough; a torn file has a thousand.
_MOST_LINES = 3
_REFERENCES = """
SELECT t.name, f."from", f."table", f."to", c."notnull" OR c.pk > 0 AS needed
FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f JOIN pragma_table_info(t.name) c ON c.name = f."from"
WHERE t.type = 'table'
"""


class _Reference(NamedTuple):
    """A column whose values name rows of another table; without it a row may have a meaning, or none."""

    table: str
    column: str
    target: str
    target_column: str
    needed: int

    @property
    def dangling(self) -> str:
        """The condition of a row whose value names nothing."""
        found = f"SELECT 1 FROM {self.target} other WHERE other.{self.target_column} = {self.table}.{self.column}"
        return f"{self.column} IS NOT NULL AND NOT EXISTS ({found})"


def faults(db: sqlite3.Connection, home: Home) -> Iterator[Fault]:
    """What is wrong with the store's file; every page of it is read."""
    if told := damage(db):
        yield Fault(
            f"{home.store} is damaged: {told}.",
            f"Copy the newest file of {home.backups} over it, or let `tunedeck doctor --reindex` begin a new one.",
        )
        return
    for reference in _references(db):
        yield from _dangling(db, reference)


def _references(db: sqlite3.Connection) -> list[_Reference]:
    return [_Reference(*row) for row in db.execute(_REFERENCES)]


def damage(db: sqlite3.Connection) -> str:
    """What SQLite finds wrong with the file itself; empty when it is whole."""
    try:
        lines = [row[0] for row in db.execute(f"PRAGMA integrity_check({_MOST_LINES})")]
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if lines == ["ok"] else "; ".join(lines)


def _dangling(db: sqlite3.Connection, reference: _Reference) -> Iterator[Fault]:
    table, dangling = reference.table, reference.dangling
    count = db.execute(f"SELECT COUNT(*) FROM {table} WHERE {dangling}").fetchone()[0]
    if count:
        yield Fault(
            f"{count:,} rows of the store's table {table} name a {reference.target} that is gone ({reference.column}).",
            "They can be dropped." if reference.needed else "The name can be taken out.",
            partial(_mend, db),
        )


def _mend(db: sqlite3.Connection) -> None:
    """Until every row names what is there: with a row that is dropped go those that name it, a run's points, say."""
    # Else SQLite refuses to drop a row that others name, though these go next; inside a transaction it can't be set.
    db.execute("PRAGMA foreign_keys=OFF")
    try:
        with transaction(db, durable=True):
            while any(_mended(db, reference) for reference in _references(db)):
                pass
    finally:
        db.execute("PRAGMA foreign_keys=ON")


def _mended(db: sqlite3.Connection, reference: _Reference) -> int:
    change = "DELETE FROM {table}" if reference.needed else "UPDATE {table} SET {column} = NULL"
    return db.execute(f"{change.format(**reference._asdict())} WHERE {reference.dangling}").rowcount
