"""Attempts: each start or resume of a run, with the process that made it."""

import sqlite3
import time

from .database import transaction
from .processes import Identity
from .records import Attempt

# The last step of any metric: one look per key and attempt, where a scan would take as long as the run is.
_LAST_STEP = """
COALESCE((SELECT MAX((SELECT MAX(m.step) FROM metric m WHERE m.attempt_id = a.id AND m.key_id = k.id))
FROM attempt a CROSS JOIN metric_key k WHERE a.run_id = :run_id), 0)
"""


def start(db: sqlite3.Connection, run_id: str) -> Attempt:
    """A new attempt, whose process and start step are told later; until then it repeats nothing of those before.

    One that is killed while it starts would else hide all their points for good.
    """
    with transaction(db, durable=True):
        cursor = db.execute(
            f"INSERT INTO attempt (run_id, start_step, started_at) VALUES (:run_id, {_LAST_STEP}, :now)",
            {"run_id": run_id, "now": time.time()},
        )
    return Attempt.of(db.execute("SELECT * FROM attempt WHERE id = ?", (cursor.lastrowid,)).fetchone())


def set_process(db: sqlite3.Connection, attempt_id: int, process: Identity) -> None:
    db.execute(
        "UPDATE attempt SET pid = ?, process_start = ?, boot_id = ? WHERE id = ?",
        (process.pid, process.start, process.boot_id, attempt_id),
    )


def set_start_step(db: sqlite3.Connection, attempt_id: int, step: int) -> None:
    db.execute("UPDATE attempt SET start_step = ? WHERE id = ?", (step, attempt_id))


def end(db: sqlite3.Connection, attempt_id: int, exit_code: int | None) -> None:
    db.execute("UPDATE attempt SET ended_at = ?, exit_code = ? WHERE id = ?", (time.time(), exit_code, attempt_id))


def of_run(db: sqlite3.Connection, run_id: str) -> list[Attempt]:
    """The run's attempts, oldest first."""
    return [Attempt.of(row) for row in db.execute("SELECT * FROM attempt WHERE run_id = ? ORDER BY id", (run_id,))]


def span(db: sqlite3.Connection, run_id: str) -> tuple[float | None, float | None]:
    """When the run's first attempt started and its last one ended, in seconds since 1970; None where none has."""
    row = db.execute("SELECT MIN(started_at), MAX(ended_at) FROM attempt WHERE run_id = ?", (run_id,)).fetchone()
    return row[0], row[1]


def process(db: sqlite3.Connection, run_id: str) -> Identity | None:
    """The process of the run's last attempt, which may have ended."""
    row = db.execute(
        "SELECT pid, process_start, boot_id FROM attempt WHERE run_id = ? AND pid IS NOT NULL AND ended_at IS NULL"
        " ORDER BY id DESC LIMIT 1",
        (run_id,),
    ).fetchone()
    return None if row is None else Identity(row["pid"], row["process_start"], row["boot_id"])
