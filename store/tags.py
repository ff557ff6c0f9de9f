"""Tags: words that people put on runs, by which they find them again."""

import re
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from .database import transaction
from .errors import ConfigError

PINNED = "pinned"
"""The tag that keeps a run at the head of every list."""
_TAG = re.compile(r"[a-z0-9_.][a-z0-9_.-]{0,23}")


class Change(NamedTuple):
    """The tags that are put on, and those that are taken off."""

    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


def read(words: Iterable[str]) -> Change:
    """What words such as `good`, `+good` and `-bad` ask for.

    Raises:
        ConfigError: one is no tag, or stands on both sides.
    """
    on, off = list[str](), list[str]()
    for word in words:
        (off if word.startswith("-") else on).append(checked(word.removeprefix("-").removeprefix("+")))
    if both := sorted({*on} & {*off}):
        raise ConfigError(f"{both[0]} is to be put on and to be taken off.", "Write it once.", field="tag")
    return Change(tuple(dict.fromkeys(on)), tuple(dict.fromkeys(off)))


def checked(word: str) -> str:
    """The tag that the word means: in lower case.

    Raises:
        ConfigError: it is no tag.
    """
    tag = word.lower()
    if not _TAG.fullmatch(tag):
        raise ConfigError(
            f"{word[:40]!r} is no tag.",
            "A tag is one word of at most 24 characters: a to z, digits, - _ and dots.",
            field="tag",
        )
    return tag


def of_run(db: sqlite3.Connection, run_id: str) -> tuple[str, ...]:
    """The run's tags, by the alphabet."""
    return tuple(row[0] for row in db.execute("SELECT name FROM tag WHERE run_id = ? ORDER BY name", (run_id,)))


def of_all(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The tags of every run that has one, by its id."""
    found: dict[str, tuple[str, ...]] = {}
    for run_id, name in db.execute("SELECT run_id, name FROM tag ORDER BY name"):
        found[run_id] = (*found.get(run_id, ()), name)
    return found


def any_on_runs(db: sqlite3.Connection) -> bool:
    """Whether a run outside the trash carries a tag."""
    query = "SELECT 1 FROM tag JOIN run ON run.id = tag.run_id WHERE run.deleted_at IS NULL LIMIT 1"
    return db.execute(query).fetchone() is not None


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Every tag, with the number of runs outside the trash that carry it; the most used one first."""
    rows = db.execute(
        "SELECT tag.name, COUNT(*) AS runs FROM tag JOIN run ON run.id = tag.run_id WHERE run.deleted_at IS NULL"
        " GROUP BY tag.name ORDER BY runs DESC, tag.name"
    )
    return {row[0]: row[1] for row in rows}


def change(db: sqlite3.Connection, run_ids: Iterable[str], wanted: Change) -> None:
    """Put tags on each of these runs and take others off; what is so already stays."""
    run_ids = list(run_ids)
    with transaction(db):
        db.executemany("INSERT OR IGNORE INTO tag (run_id, name) VALUES (?, ?)", _pairs(run_ids, wanted.on))
        db.executemany("DELETE FROM tag WHERE run_id = ? AND name = ?", _pairs(run_ids, wanted.off))


def _pairs(run_ids: Iterable[str], names: Iterable[str]) -> list[tuple[str, str]]:
    return [(run_id, name) for run_id in run_ids for name in names]
