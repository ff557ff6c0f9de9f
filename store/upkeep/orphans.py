"""Where the store and the folders beside it disagree: rows without files, files without rows, leftovers."""

import shutil
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .. import checkpoints, datasets, locks, runs
from ..paths import Home
from ..records import Checkpoint, Run
from . import reindex
from .fault import Fault


def faults(db: sqlite3.Connection, home: Home) -> Iterator[Fault]:
    """What doesn't fit together; runs that an engine works on are left out, as theirs changes at this moment."""
    resting = [run for run in runs.listed(db) if not locks.is_held(home.run(run.id).lock)]
    for run in resting:
        yield from _of_run(db, home, run)
    yield from _in_wrong_place(db, home)
    yield from _unlisted_runs(db, home)
    yield from _unlisted_trash(db, home)
    yield from _of_datasets(db, home)


def _of_run(db: sqlite3.Connection, home: Home, run: Run) -> Iterator[Fault]:
    folder = home.run(run.id)
    if not folder.root.is_dir():
        if run.deleted_at is None:
            yield Fault(
                f"The folder of the run {run.name} is missing: {folder.root}.",
                "Its figures stay; its checkpoints can be marked as bad.",
                partial(_forget_files, db, home, run),
            )
        return
    for saved in checkpoints.of_run(db, run.id):
        place = folder.checkpoints / checkpoints.folder_name(saved.step)
        if fault := _coarse_fault(place, saved):
            yield Fault(
                f"Checkpoint {saved.step} of the run {run.name} can't be used: {fault}.",
                "It can be marked as bad.",
                partial(checkpoints.set_state, db, saved, "bad"),
            )
    for saved in checkpoints.of_run(db, run.id, state="bad"):
        place = folder.checkpoints / checkpoints.folder_name(saved.step)
        if not _coarse_fault(place, saved) and not checkpoints.fault(place, saved.manifest_hash or ""):
            yield Fault(
                f"Checkpoint {saved.step} of the run {run.name} is marked as bad, and every byte of it is as written.",
                "It can be listed again.",
                partial(checkpoints.set_state, db, saved, "complete"),
            )
    yield from _leftovers(db, home, run)


def _coarse_fault(place: Path, saved: Checkpoint) -> str:
    """What a glance shows; a resume compares every byte."""
    if not (place / checkpoints.MANIFEST).is_file():
        return f"{place} is missing or not whole"
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file() and path.name != checkpoints.MANIFEST)
    return "" if size == saved.size_bytes else f"{place} has {size:,} bytes and had {saved.size_bytes:,}"


def _forget_files(db: sqlite3.Connection, home: Home, run: Run) -> None:
    """As bad, not as deleted: where a disk was only not mounted they are found whole again, and nobody removes them."""
    home.run(run.id).create()
    runs.describe(home, run)
    for saved in checkpoints.of_run(db, run.id):
        checkpoints.set_state(db, saved, "bad")


def leftovers(db: sqlite3.Connection, home: Home, run: Run) -> list[Path]:
    """Checkpoints that were half written or half deleted when the run's engine was killed."""
    folder = home.run(run.id).checkpoints
    known = (saved for state in ("complete", "bad") for saved in checkpoints.of_run(db, run.id, state=state))
    listed = {checkpoints.folder_name(saved.step) for saved in known}
    return sorted(path for path in folder.glob("checkpoint-*") if path.is_dir() and path.name not in listed)


def remove_leftovers(db: sqlite3.Connection, home: Home, run: Run) -> None:
    """With the run's lock held: an engine that was started since they were found is writing them."""
    with locks.if_free(home.run(run.id).lock) as is_free:
        for path in leftovers(db, home, run) if is_free else ():
            shutil.rmtree(path, ignore_errors=True)


def _leftovers(db: sqlite3.Connection, home: Home, run: Run) -> Iterator[Fault]:
    for path in leftovers(db, home, run):
        yield Fault(f"{path} is no listed checkpoint.", "It can be removed.", partial(remove_leftovers, db, home, run))


def _in_wrong_place(db: sqlite3.Connection, home: Home) -> Iterator[Fault]:
    """A process that was killed between a row and its folder."""
    for run in runs.listed(db, deleted=True):
        if home.run(run.id).root.is_dir() and (home.trash / run.id).is_dir():
            yield Fault(
                f"The run {run.name} has two folders: {home.run(run.id).root}, and one in the trash, where it is.",
                "Look which of them is whole, and move the other one away.",
            )
        elif home.run(run.id).root.is_dir():
            yield Fault(
                f"The run {run.name} is in the trash, and its folder is not.",
                "It can be moved there.",
                partial(runs.delete, db, home, run),
            )
    for run in runs.listed(db):
        if (home.trash / run.id).is_dir() and not home.run(run.id).root.is_dir():
            yield Fault(
                f"The folder of the run {run.name} is in the trash, and the run is not.",
                "It can be moved back.",
                partial(runs.restore, db, home, run),
            )


def _unlisted_runs(db: sqlite3.Connection, home: Home) -> Iterator[Fault]:
    for folder in reindex.unlisted(db, home):
        told = f"{folder.root} is the folder of a run that the store does not know"
        if reindex.is_readable(folder):
            mend = partial(reindex.take_in, db, home, [folder])
            yield Fault(f"{told}.", "It can be listed again, without its curves.", mend)
        else:
            yield Fault(f"{told}, and its run.json can't be read.", "Move the folder away once you don't need it.")


def unlisted_trash(db: sqlite3.Connection, home: Home) -> list[Path]:
    """What lies in the trash and is of no run that the store knows."""
    # Looked at before the store is asked: what comes into the trash has its row already.
    return [path for path in sorted(home.trash.glob("*")) if not runs.exists(db, path.name)]


def _unlisted_trash(db: sqlite3.Connection, home: Home) -> Iterator[Fault]:
    for path in unlisted_trash(db, home):
        yield Fault(
            f"{path} is in the trash, and of no run that the store knows.",
            "Remove it, or move it to the runs and let `tunedeck doctor --reindex` list it.",
        )


def _of_datasets(db: sqlite3.Connection, home: Home) -> Iterator[Fault]:
    listed = datasets.of_all(db)
    for version in listed:
        if not version.path(home).is_file():
            yield Fault(
                f"The rows of {version.label} are missing: {version.path(home)}.",
                "It can be put into the trash.",
                partial(datasets.delete, db, version),
            )
    known = {row["name"]: set() for row in db.execute("SELECT DISTINCT name FROM dataset")}
    for row in db.execute("SELECT name, version FROM dataset"):
        known[row["name"]].add(f"v{row['version']}.parquet")
    for path in sorted(home.datasets.glob("*/v*.parquet")):
        if path.name not in known.get(path.parent.name, set()):
            yield Fault(f"{path} is no listed version.", f"`tunedeck data import {path}` makes one of it again.")
