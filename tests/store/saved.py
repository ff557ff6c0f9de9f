"""A store's runs with checkpoints, whole on the disk and listed, as an engine leaves them; and what is found wrong."""

import sqlite3
from pathlib import Path

from seeds import ended
from tunedeck.store import checkpoints, runs
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.store.upkeep import integrity, orphans, spare
from tunedeck.store.upkeep.fault import Fault
from tunedeck.store.upkeep.spare import Spare


def write(home: Home, run: Run, step: int) -> tuple[Path, str, int]:
    """The folder of a checkpoint of which no row tells, the hash of its manifest, and its size."""
    folder = home.run(run.id).checkpoints / checkpoints.folder_name(step)
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(bytes(1000))
    return folder, *checkpoints.write_manifest(folder)


def save(db: sqlite3.Connection, home: Home, run: Run, step: int) -> Path:
    folder, digest, size = write(home, run, step)
    attempt = db.execute("SELECT id FROM attempt WHERE run_id = ?", (run.id,)).fetchone()[0]
    checkpoints.begin(db, run.id, attempt, step)
    checkpoints.complete(db, run.id, step, digest, size, 1.0 / step, 1.0 / step)
    return folder


def stopped(db: sqlite3.Connection, home: Home) -> Run:
    """A stopped run with a whole checkpoint on disk, as its engine leaves it."""
    made = ended(db, home, "kept")
    save(db, home, made, 4)
    runs.describe(home, made)
    return made


def faults(db: sqlite3.Connection, home: Home) -> list[Fault]:
    return [*integrity.faults(db, home), *orphans.faults(db, home)]


def told(db: sqlite3.Connection, home: Home) -> list[str]:
    return [fault.what for fault in faults(db, home)]


def repair(db: sqlite3.Connection, home: Home) -> None:
    for fault in faults(db, home):
        assert fault.repair is not None
        fault.repair()


def kinds(db: sqlite3.Connection, home: Home) -> dict[str, Spare]:
    """What could be freed, by its kind."""
    return {kind.kind: kind for kind in spare.found(db, home)}


def steps(db: sqlite3.Connection, run: Run, state: str = "complete") -> list[int]:
    """Of the run's checkpoints in that state, the newest first."""
    return [saved.step for saved in checkpoints.of_run(db, run.id, state=state)]
