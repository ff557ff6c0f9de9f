"""What the model answered to the run's fixed prompts; step 0 is the base model."""

import sqlite3

from .records import Sample


def write(db: sqlite3.Connection, run_id: str, attempt_id: int, step: int, prompt: str, answer: str) -> None:
    db.execute(
        "INSERT INTO sample (run_id, attempt_id, step, prompt, answer) VALUES (?, ?, ?, ?, ?)",
        (run_id, attempt_id, step, prompt, answer),
    )


def of_run(db: sqlite3.Connection, run_id: str, *, after_id: int = 0) -> list[Sample]:
    """The run's samples after the one of that id, oldest first."""
    rows = db.execute("SELECT * FROM sample WHERE run_id = ? AND id > ? ORDER BY id", (run_id, after_id))
    return [Sample.of(row) for row in rows]
