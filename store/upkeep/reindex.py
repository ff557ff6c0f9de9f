"""Runs listed again out of their folders, where the store was lost; a folder knows all but the curves."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from .. import attempts, checkpoints, events, runs, states
from ..database import transaction
from ..paths import Home, RunFolder
from ..records import Run

_TOLD = "listed again out of its folder: its metrics, samples and events were lost with the store"


class Reindexed(NamedTuple):
    """How many runs and checkpoints are listed again, and the folders whose run.json can't be read."""

    runs: int
    checkpoints: int
    unreadable: list[Path]


def unlisted(db: sqlite3.Connection, home: Home) -> list[RunFolder]:
    """The folders of runs that the store does not know, the oldest run first."""
    # Looked at before the store is asked: a run that is queued at this moment has its row before its folder says so.
    folders = [RunFolder(path.parent) for path in home.runs.glob("*/run.json")]
    found = [folder for folder in folders if not runs.exists(db, folder.root.name)]
    return sorted(found, key=lambda folder: _described(folder).get("number", 0))


def is_readable(folder: RunFolder) -> bool:
    """Whether the folder says which run it is of."""
    return _row(folder) is not None


def take_in(db: sqlite3.Connection, home: Home, folders: Iterable[RunFolder]) -> Reindexed:
    """List the runs of these folders, with those of their checkpoints that are whole, every byte compared."""
    listed, saved, unreadable = 0, 0, []
    for folder in folders:
        row = _row(folder)
        if row is None:
            unreadable.append(folder.root)
            continue
        _insert(db, row)
        attempt = attempts.start(db, row["id"])
        saved += _take_in_checkpoints(db, folder, attempt.id)
        attempts.end(db, attempt.id, None)
        _settle(db, home, runs.get(db, row["id"]))
        listed += 1
    return Reindexed(listed, saved, unreadable)


def _described(folder: RunFolder) -> dict[str, Any]:
    try:
        told = json.loads(folder.description.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _row(folder: RunFolder) -> dict[str, Any] | None:
    """The run's row as it was last described; None where that is no description of this folder's run."""
    told = {name: value for name, value in _described(folder).items() if name in Run.__dataclass_fields__}
    needed = ("id", "name", "state", "kind", "config", "versions", "fingerprint", "created_at")
    return told if told.get("id") == folder.root.name and all(told.get(name) is not None for name in needed) else None


def _insert(db: sqlite3.Connection, row: dict[str, Any]) -> None:
    with transaction(db, durable=True):
        for column in ("parent_run", "forked_from", "sweep_id"):
            row[column] = _existing(db, "sweep" if column == "sweep_id" else "run", row.get(column))
        if db.execute("SELECT 1 FROM run WHERE number = ?", (row.get("number"),)).fetchone():
            row["number"] = None
        row["deleted_at"], row["queue_position"] = None, None
        columns = ", ".join(row)
        db.execute(f"INSERT INTO run ({columns}) VALUES ({', '.join(f':{name}' for name in row)})", row)


def _existing(db: sqlite3.Connection, table: str, wanted: object) -> object:
    found = db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (wanted,)).fetchone()
    return wanted if found else None


def _take_in_checkpoints(db: sqlite3.Connection, folder: RunFolder, attempt_id: int) -> int:
    count, run_id = 0, folder.root.name
    for path in folder.checkpoints.glob("checkpoint-*"):
        step, manifest = path.name.removeprefix("checkpoint-"), path / checkpoints.MANIFEST
        if not step.isdecimal() or not manifest.is_file():
            continue
        digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
        if not checkpoints.fault(path, digest):
            _list(db, (run_id, attempt_id, int(step)), digest, path)
            count += 1
    return count


def _list(db: sqlite3.Connection, place: tuple[str, int, int], digest: str, path: Path) -> None:
    listing = json.loads((path / checkpoints.MANIFEST).read_bytes())
    size = sum(entry["size"] for entry in listing.values())
    with transaction(db, durable=True):
        # Pinned, as nobody knows any longer which was the best, or what starts from it.
        db.execute(
            "INSERT INTO checkpoint (run_id, attempt_id, step, state, manifest_hash, size_bytes, pinned, created_at)"
            " VALUES (?, ?, ?, 'complete', ?, ?, 1, ?)",
            (*place, digest, size, path.stat().st_mtime),
        )


def _settle(db: sqlite3.Connection, home: Home, run: Run) -> None:
    """A run that was queued or running has ended by the engine's last word, or without one."""
    if run.state in ("queued", "running"):
        states.record_ending(db, home, run, exit_code=None)
    events.write(db, run.id, _TOLD, level="warning")


def set_aside(home: Home) -> Path | None:
    """Move a store that can't be read out of the way, with its log, so that a new one can begin; where it lies now."""
    if not home.store.exists():
        return None
    number = sum(1 for _ in home.root.glob("store.db.damaged-*"))
    target = home.store.with_name(f"store.db.damaged-{number + 1}")
    for suffix in ("-wal", "-shm"):
        log = home.store.with_name(home.store.name + suffix)
        if log.exists():
            log.rename(target.with_name(target.name + suffix))
    home.store.rename(target)
    return target
