"""What happened to a run, in words."""

import sqlite3
import time

from .records import Event


def write(db: sqlite3.Connection, run_id: str, text: str, *, level: str = "info", step: int | None = None) -> None:
    db.execute(
        "INSERT INTO event (run_id, at, step, level, text) VALUES (?, ?, ?, ?, ?)",
        (run_id, time.time(), step, level, text),
    )


def of_run(db: sqlite3.Connection, run_id: str, *, after_id: int = 0) -> list[Event]:
    """The run's events after the one of that id, oldest first."""
    rows = db.execute("SELECT * FROM event WHERE run_id = ? AND id > ? ORDER BY id", (run_id, after_id))
    return [Event.of(row) for row in rows]
