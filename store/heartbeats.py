"""What the engine does now, and by when it promised to say so again."""

import sqlite3
import time

from .records import Heartbeat, one


def beat(
    db: sqlite3.Connection,
    run_id: str,
    phase: str,
    step: int,
    expect_next_s: float,
    steps_per_second: float | None = None,
) -> None:
    db.execute(
        "INSERT INTO heartbeat (run_id, phase, step, at, expect_next_s, steps_per_second) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (run_id) DO UPDATE SET phase = excluded.phase, step = excluded.step, at = excluded.at,"
        " expect_next_s = excluded.expect_next_s,"
        " steps_per_second = COALESCE(excluded.steps_per_second, steps_per_second)",
        (run_id, phase, step, time.time(), expect_next_s, steps_per_second),
    )


def of_run(db: sqlite3.Connection, run_id: str) -> Heartbeat | None:
    return one(Heartbeat, db.execute("SELECT * FROM heartbeat WHERE run_id = ?", (run_id,)).fetchone())
