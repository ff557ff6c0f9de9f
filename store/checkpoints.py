"""Checkpoint rows, and the manifest by which a folder is known to be whole."""

import hashlib
import json
import os
import sqlite3
import time
from pathlib import Path

from .database import transaction
from .records import Checkpoint

MANIFEST = "MANIFEST.json"


def begin(db: sqlite3.Connection, run_id: str, attempt_id: int, step: int) -> None:
    """Announce a checkpoint that is being written; one left from an earlier attempt is replaced."""
    with transaction(db):
        db.execute("DELETE FROM checkpoint WHERE run_id = ? AND step = ?", (run_id, step))
        db.execute(
            "INSERT INTO checkpoint (run_id, attempt_id, step, state, created_at) VALUES (?, ?, ?, 'writing', ?)",
            (run_id, attempt_id, step, time.time()),
        )


def complete(
    db: sqlite3.Connection,
    run_id: str,
    step: int,
    manifest_hash: str,
    size_bytes: int,
    eval_loss: float | None,
    rank: float | None,
) -> None:
    """List a checkpoint whose folder is whole and in place; the one with the lowest rank is the run's best."""
    with transaction(db, durable=True):
        db.execute(
            "UPDATE checkpoint SET state = 'complete', manifest_hash = ?, size_bytes = ?, eval_loss = ?, rank = ?"
            " WHERE run_id = ? AND step = ?",
            (manifest_hash, size_bytes, eval_loss, rank, run_id, step),
        )
        mark_best(db, run_id)


def mark_best(db: sqlite3.Connection, run_id: str) -> None:
    """Mark the run's best whole checkpoint, inside a transaction of the caller."""
    db.execute("UPDATE checkpoint SET best = 0 WHERE run_id = ?", (run_id,))
    db.execute(
        "UPDATE checkpoint SET best = 1 WHERE id = (SELECT id FROM checkpoint WHERE run_id = ?"
        " AND state = 'complete' AND rank IS NOT NULL ORDER BY rank, step LIMIT 1)",
        (run_id,),
    )


def set_state(db: sqlite3.Connection, checkpoint: Checkpoint, state: str) -> None:
    with transaction(db, durable=True):
        db.execute("UPDATE checkpoint SET state = ? WHERE id = ?", (state, checkpoint.id))
        mark_best(db, checkpoint.run_id)


def pin(db: sqlite3.Connection, run_id: str, step: int) -> None:
    """Keep a checkpoint from rotation for good: something starts from it."""
    db.execute("UPDATE checkpoint SET pinned = 1 WHERE run_id = ? AND step = ?", (run_id, step))


def forget_writing(db: sqlite3.Connection, run_id: str) -> None:
    """Drop the rows of checkpoints that were being written when the engine died."""
    db.execute("DELETE FROM checkpoint WHERE run_id = ? AND state = 'writing'", (run_id,))


def of_run(db: sqlite3.Connection, run_id: str, *, state: str = "complete") -> list[Checkpoint]:
    """The run's checkpoints in that state, newest step first."""
    rows = db.execute("SELECT * FROM checkpoint WHERE run_id = ? AND state = ? ORDER BY step DESC", (run_id, state))
    return [Checkpoint.of(row) for row in rows]


def newest_steps(db: sqlite3.Connection) -> dict[str, int]:
    """The step of the newest whole checkpoint of each run that has one, by the run's id."""
    rows = db.execute("SELECT run_id, MAX(step) FROM checkpoint WHERE state = 'complete' GROUP BY run_id")
    return dict(rows.fetchall())


def any_of_run(db: sqlite3.Connection, run_id: str) -> bool:
    """Whether the run ever finished a checkpoint, usable or not."""
    query = "SELECT 1 FROM checkpoint WHERE run_id = ? AND state != 'writing' LIMIT 1"
    return db.execute(query, (run_id,)).fetchone() is not None


def mean_bytes(db: sqlite3.Connection) -> int | None:
    """What a checkpoint takes on the disk, in the mean of all that are whole; None while there is none."""
    mean = db.execute("SELECT AVG(size_bytes) FROM checkpoint WHERE state = 'complete'").fetchone()[0]
    return None if mean is None else round(mean)


def folder_name(step: int) -> str:
    return f"checkpoint-{step}"


def step_of(name: str) -> int | None:
    """The step of the finished checkpoint whose folder is called so; None where no checkpoint is."""
    step = name.removeprefix("checkpoint-")
    return int(step) if step.isdecimal() and name == folder_name(int(step)) else None


def is_ours(name: str) -> bool:
    """Whether a folder of that name is a checkpoint, finished or half written."""
    return step_of(name.removesuffix(".tmp")) is not None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path) -> tuple[str, int]:
    """Write MANIFEST.json (size and sha256 of each file) and sync everything; its hash, and the size in bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    listing = {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": _digest(path)} for path in files
    }
    content = json.dumps(listing, indent=1, sort_keys=True).encode()
    (folder / MANIFEST).write_bytes(content)
    for path in [*files, folder / MANIFEST, folder]:
        sync(path)
    return hashlib.sha256(content).hexdigest(), sum(entry["size"] for entry in listing.values())


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fault(folder: Path, manifest_hash: str) -> str:
    """Why the checkpoint can't be trusted, in a few words; empty when every byte is as it was written."""
    try:
        content = (folder / MANIFEST).read_bytes()
        if hashlib.sha256(content).hexdigest() != manifest_hash:
            return f"{MANIFEST} is not the one that was written"
        for name, entry in json.loads(content).items():
            if (folder / name).stat().st_size != entry["size"] or _digest(folder / name) != entry["sha256"]:
                return f"{name} is damaged"
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return f"{MANIFEST} is no list of files"
    except FileNotFoundError as error:
        return f"{Path(error.filename or folder).name} is missing"
    except OSError as error:
        return f"{Path(error.filename or folder).name} can't be read ({error.strerror})"
    return ""
