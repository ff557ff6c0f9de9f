"""Attempts: one that was killed while it started hides nothing of those before it (FAULTS 3)."""

import sqlite3

import seeds
from tunedeck.store import attempts, metrics
from tunedeck.store.paths import Home


def test_an_attempt_that_never_came_to_a_step_hides_no_point(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    first = attempts.start(db, run.id)
    assert first.start_step == 0
    metrics.write(db, first.id, [("loss", step, 1.0 / step) for step in range(1, 8)])
    attempts.start(db, run.id)
    assert metrics.series(db, run.id, "loss")[0] == [1, 2, 3, 4, 5, 6, 7]
    third = attempts.start(db, run.id)
    attempts.set_start_step(db, third.id, 4)
    metrics.write(db, third.id, [("loss", 5, 0.2)])
    assert metrics.series(db, run.id, "loss")[0] == [1, 2, 3, 4, 5]
