"""What people ask of a running engine: rows that it reads at every step and inside every long phase."""

import sqlite3
import time
from typing import Literal

Verb = Literal["stop", "save", "evaluate", "kill"]


def ask(db: sqlite3.Connection, run_id: str, verb: Verb) -> None:
    """Leave the request once, however often it is asked before it is taken."""
    db.execute(
        "INSERT INTO command (run_id, verb, created_at) SELECT ?, ?, ? WHERE NOT EXISTS"
        " (SELECT 1 FROM command WHERE run_id = ? AND verb = ? AND taken_at IS NULL)",
        (run_id, verb, time.time(), run_id, verb),
    )


def pending(db: sqlite3.Connection, run_id: str) -> list[str]:
    """The verbs not taken yet, oldest first."""
    rows = db.execute("SELECT verb FROM command WHERE run_id = ? AND taken_at IS NULL ORDER BY id", (run_id,))
    return [row["verb"] for row in rows]


def take(db: sqlite3.Connection, run_id: str, verb: str) -> None:
    """Mark the verb as done with."""
    db.execute(
        "UPDATE command SET taken_at = ? WHERE run_id = ? AND verb = ? AND taken_at IS NULL",
        (time.time(), run_id, verb),
    )
