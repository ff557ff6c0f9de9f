"""Exports: which weights were taken out of a run, as what and to where; kept among the run's events."""

import sqlite3
from dataclasses import dataclass

from . import database, events

_WORDS = "exported as "


@dataclass(frozen=True)
class Export:
    """One export; `words` say it all: `merged, of step 40, in /srv/mine`."""

    id: int
    run_id: str
    at: float
    step: int | None
    words: str

    @property
    def folder(self) -> str:
        return self.words.partition(" in ")[2]


def note(db: sqlite3.Connection, run_id: str, kind: str, folder: str, step: int | None = None) -> None:
    """Remember that the weights of the run, of this step, now lie in the folder too; not where it can't be written."""
    if not database.is_read_only(db):
        events.write(db, run_id, f"{_WORDS}{kind} in {folder}", step=step)


def of_all(db: sqlite3.Connection, run_id: str | None = None) -> list[Export]:
    """Every export, or those of one run, the newest first."""
    rows = db.execute(
        "SELECT id, run_id, at, step, text FROM event WHERE text LIKE ? AND run_id = COALESCE(?, run_id)"
        " ORDER BY id DESC",
        (f"{_WORDS}% in %", run_id),
    )
    return [Export(row["id"], row["run_id"], row["at"], row["step"], row["text"].removeprefix(_WORDS)) for row in rows]
