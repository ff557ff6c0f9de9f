"""How runs ended since a moment."""

import sqlite3
import time

import pytest
import seeds
from tunedeck.store import endings, runs, trash
from tunedeck.store.paths import Home


@pytest.mark.parametrize(
    ("state", "cause", "way"),
    [
        ("completed", "", "completed"),
        ("completed", "stopped early at step 200: loss was not better than 1.2 for 3 evaluations", "stopped early"),
        ("stopped", "you stopped it at step 3; its state is saved", "stopped"),
        ("stopped", "pruned at step 20: eval_loss 2.1, worse than the median", "pruned"),
        ("failed", "out of memory while training (0.1 of 80.0 GiB free). Take a smaller model", "out of memory"),
        ("killed", "signal 9, possibly out of memory", "out of memory"),
        ("killed", "signal 15", "killed"),
        ("failed", "the engine ended with exit code 1 and no result; its log says more", "failed"),
        ("interrupted", "engine and runner ended without a word", "interrupted"),
    ],
)
def test_ways_are_told_apart(db: sqlite3.Connection, home: Home, state: str, cause: str, way: str) -> None:
    run = seeds.ended(db, home)
    runs.finish(db, run.id, state, cause=cause)
    assert endings.way(runs.get(db, run.id)) == way


def test_only_what_ended_later_and_is_not_in_the_trash_counts(db: sqlite3.Connection, home: Home) -> None:
    early, late, deleted, resumed = (seeds.ended(db, home, name) for name in ("early", "late", "deleted", "resumed"))
    now = time.time()
    for run, ago in ((early, 600), (late, 60), (deleted, 60), (resumed, 60)):
        db.execute("UPDATE attempt SET ended_at = ? WHERE run_id = ?", (now - ago, run.id))
    trash.delete(db, home, deleted)
    runs.requeue(db, resumed)
    assert [ending.run.name for ending in endings.since(db, now - 300)] == ["late"]
    assert [ending.run.name for ending in endings.since(db, now - 900)] == ["late", "early"]
