"""Rows for a store, made by the same functions as real ones."""

import sqlite3
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from tunedeck.store import attempts, checkpoints, database, runs
from tunedeck.store.config import checked
from tunedeck.store.paths import Home
from tunedeck.store.records import Run


def queue(db: sqlite3.Connection, home: Home, name: str = "first", **changes: object) -> Run:
    config = checked({"data": "demo:chat", "model": "demo:smollm2", "name": name, **changes})
    return runs.queue(
        db, home, name=name, config=config.model_dump_json(), versions={"torch": "2"}, fingerprint="sha256:00"
    )


def ended(db: sqlite3.Connection, home: Home, name: str = "first", state: str = "stopped", **changes: object) -> Run:
    """A run with one attempt and a checkpoint listed at step 4."""
    run = queue(db, home, name, **changes)
    claimed = runs.claim(db)
    assert claimed is not None and claimed.id == run.id
    attempt = attempts.start(db, run.id)
    checkpoints.begin(db, run.id, attempt.id, 4)
    checkpoints.complete(db, run.id, 4, "hash", 10, 2.0, 2.0)
    attempts.end(db, attempt.id, 0)
    runs.finish(db, run.id, state)
    return runs.get(db, run.id)


def connect_and_queue(folder: Path, barrier: Barrier) -> None:
    """What each of several processes does, at the same moment."""
    barrier.wait(30)
    home = Home(folder)
    db = database.connect(home)
    queue(db, home)
    db.close()


def claim_all(folder: Path, barrier: Barrier, claimed: "Queue[str]") -> None:
    """Claim runs until there is none, and tell which."""
    db = database.connect(Home(folder))
    barrier.wait(30)
    while (run := runs.claim(db)) is not None:
        claimed.put(run.id)
    db.close()
