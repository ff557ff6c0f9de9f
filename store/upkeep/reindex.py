"""Runs listed again out of their folders, where the store was lost, with all that was known when they ended."""

import hashlib
import json
import math
import re
import sqlite3
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from .. import checkpoints, events, history, runs, states
from ..database import transaction
from ..errors import ConfigError
from ..paths import Home, RunFolder
from ..records import Run

_TOLD = "listed again out of its folder"
_HALVES = re.compile("[\ud800-\udfff]")
_LOST = "listed again out of its folder: its metrics, samples and events were lost with the store"


class Reindexed(NamedTuple):
    """How many runs and checkpoints are listed again, of how many runs the curves, and what can't be read."""

    runs: int
    checkpoints: int
    curves: int
    unreadable: list[Path]


class Saved(NamedTuple):
    """A checkpoint on the disk that is as its manifest says."""

    step: int
    manifest_hash: str
    size_bytes: int
    created_at: float


def unlisted(db: sqlite3.Connection, home: Home) -> list[RunFolder]:
    """The folders of runs that the store does not know, the oldest run first."""
    # Looked at before the store is asked: a run that is queued at this moment has its row before its folder says so.
    folders = [RunFolder(path.parent) for path in home.runs.glob("*/run.json")]
    found = [folder for folder in folders if not runs.exists(db, folder.root.name)]
    numbers = {folder: _described(folder).get("number") for folder in found}
    return sorted(found, key=lambda folder: number if isinstance(number := numbers[folder], int) else 0)


def is_readable(folder: RunFolder) -> bool:
    """Whether the folder says which run it is of."""
    return _row(folder) is not None


def take_in(db: sqlite3.Connection, home: Home, folders: Iterable[RunFolder]) -> Reindexed:
    """List the runs of these folders, with those of their checkpoints that are whole, every byte compared.

    Each is listed with all of its checkpoints or not at all: one that is left out would be taken for a leftover.
    """
    listed, saved, curves, unreadable = 0, 0, 0, []
    for folder in folders:
        row = _row(folder)
        if row is None:
            unreadable.append(folder.root)
            continue
        found = [one for path in sorted(folder.checkpoints.glob("checkpoint-*")) if (one := whole(path))]
        has_history = _listed(db, folder, row, found)
        if has_history is not None:
            _settle(db, home, row, _TOLD if has_history else _LOST)
            listed, saved, curves = listed + 1, saved + len(found), curves + has_history
    return Reindexed(listed, saved, curves, unreadable)


def whole(path: Path) -> Saved | None:
    """The checkpoint in that folder, where it is as it was written, every byte compared."""
    step, manifest = checkpoints.step_of(path.name), path / checkpoints.MANIFEST
    if step is None or path.is_symlink() or not manifest.is_file():
        return None
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    if checkpoints.fault(path, digest):
        return None
    sizes = [entry["size"] for entry in json.loads(manifest.read_bytes()).values()]
    return Saved(step, digest, sum(sizes), path.stat().st_mtime)


def add_checkpoint(db: sqlite3.Connection, run_id: str, saved: Saved) -> None:
    """List a checkpoint that the store does not know, as of the run's last attempt; inside a transaction of the caller.

    It is pinned, as nobody knows any longer which was the best, or what starts from it.
    """
    db.execute(
        "INSERT INTO attempt (run_id, start_step, started_at, ended_at) SELECT :id, 0, :at, :at"
        " WHERE NOT EXISTS (SELECT 1 FROM attempt WHERE run_id = :id)",
        {"id": run_id, "at": saved.created_at},
    )
    db.execute(
        "INSERT INTO checkpoint (run_id, attempt_id, step, state, manifest_hash, size_bytes, pinned, created_at)"
        " SELECT :id, MAX(id), :step, 'complete', :manifest_hash, :size_bytes, 1, :created_at FROM attempt"
        " WHERE run_id = :id ON CONFLICT (run_id, step) DO NOTHING",
        {"id": run_id, **saved._asdict()},
    )


def _described(folder: RunFolder) -> dict[str, Any]:
    try:
        told = json.loads(folder.description.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _row(folder: RunFolder) -> dict[str, Any] | None:
    """The run's row as it was last described; None where that is no description of this folder's run."""
    # Imports pydantic, which who only counts the folders does not need.
    from ..typed import made_of

    blank: dict[str, Any] = {**dict.fromkeys(Run.__dataclass_fields__), "number": 0}
    told = {name: value for name, value in _described(folder).items() if name in blank}
    try:
        run = made_of(Run, blank | told, str(folder.description))
        texts = [json.loads(text) for text in (run.config, run.versions)]
    except (ConfigError, ValueError, RecursionError):
        return None
    known = run.id == folder.root.name and run.state in (*runs.ENDED, "queued", "running")
    fits = all(isinstance(text, dict) for text in texts) and all(map(_fits, run.__dict__.values()))
    return dict(run.__dict__) if known and fits else None


def _fits(value: object) -> bool:
    """Whether SQLite can hold it as it is: it takes what is no number for nothing, and half a character not at all."""
    if isinstance(value, str):
        return value.isascii() or not _HALVES.search(value)
    return not isinstance(value, int | float) or (math.isfinite(value) and abs(value) < 2**63)


def _listed(db: sqlite3.Connection, folder: RunFolder, row: dict[str, Any], found: Iterable[Saved]) -> bool | None:
    """Whether its history came back too; None where another process listed it while the bytes were compared."""
    with history.beside(db, folder) as is_there, transaction(db, durable=True):
        if runs.exists(db, row["id"]):
            return None
        _insert(db, row)
        has_history = is_there and _with_history(db, row["id"], found)
        if not has_history:
            _add_all(db, row["id"], found)
        checkpoints.mark_best(db, row["id"])
        return has_history


def _with_history(db: sqlite3.Connection, run_id: str, found: Iterable[Saved]) -> bool:
    """Whether the history could be read; else nothing of it is taken."""
    db.execute("SAVEPOINT history")
    try:
        history.take_back(db, run_id)
        _add_all(db, run_id, found)
        history.rank_checkpoints(db, run_id)
    except sqlite3.DatabaseError:
        db.execute("ROLLBACK TO history")
        return False
    finally:
        db.execute("RELEASE history")
    return True


def _add_all(db: sqlite3.Connection, run_id: str, found: Iterable[Saved]) -> None:
    for saved in found:
        add_checkpoint(db, run_id, saved)


def _insert(db: sqlite3.Connection, row: dict[str, Any]) -> None:
    for column in ("parent_run", "forked_from", "sweep_id"):
        row[column] = _existing(db, "sweep" if column == "sweep_id" else "run", row.get(column))
    if not row["number"] or db.execute("SELECT 1 FROM run WHERE number = ?", (row["number"],)).fetchone():
        row["number"] = None
    # Never as queued: a runner would take it at once.
    state = row["state"] if row["state"] in runs.ENDED else "interrupted"
    row = row | {"state": state, "deleted_at": None, "queue_position": None}
    columns = ", ".join(row)
    db.execute(f"INSERT INTO run ({columns}) VALUES ({', '.join(f':{name}' for name in row)})", row)


def _existing(db: sqlite3.Connection, table: str, wanted: object) -> object:
    found = db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (wanted,)).fetchone()
    return wanted if found else None


def _settle(db: sqlite3.Connection, home: Home, row: dict[str, Any], told: str) -> None:
    """A run that was queued or running has ended by the engine's last word, or without one."""
    if row["state"] not in runs.ENDED:
        states.record_ending(db, home, runs.get(db, row["id"]), exit_code=None)
    events.write(db, row["id"], told, level="warning")


def set_aside(home: Home) -> Path | None:
    """Move a store that can't be read out of the way, with its log, so that a new one can begin; where it lies now."""
    if not home.store.exists():
        return None
    places = (home.store.with_name(f"store.db.damaged-{number}") for number in count(1))
    # Not the number of them: one may have been removed, and a log alone be left of another.
    target = next(place for place in places if not list(place.parent.glob(f"{place.name}*")))
    for suffix in ("-wal", "-shm"):
        log = home.store.with_name(home.store.name + suffix)
        if log.exists():
            log.rename(target.with_name(target.name + suffix))
    home.store.rename(target)
    return target
