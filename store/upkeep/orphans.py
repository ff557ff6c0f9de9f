"""Where the store and the folders beside it disagree: rows without files, files without rows, leftovers."""

import shutil
import sqlite3
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from .. import checkpoints, datasets, locks, runs, trash
from ..database import transaction
from ..errors import NotFoundError
from ..paths import Home, RunFolder
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
        # In the trash it is told of below, and moved back.
        if (home.trash / run.id).is_dir():
            return
        yield Fault(
            f"The folder of the run {run.name} is missing: {folder.root}.",
            "Its figures stay; its checkpoints can be marked as bad.",
            partial(_forget_files, db, home, run),
        )
        return
    for saved in checkpoints.of_run(db, run.id):
        if fault := _coarse_fault(_place(folder, saved), saved):
            yield Fault(
                f"Checkpoint {saved.step} of the run {run.name} can't be used: {fault}.",
                "It can be marked as bad.",
                partial(_at_rest, folder, partial(_mark_bad, db, folder, saved)),
            )
    for saved in checkpoints.of_run(db, run.id, state="bad"):
        if _is_whole(_place(folder, saved), saved):
            yield Fault(
                f"Checkpoint {saved.step} of the run {run.name} is marked as bad, and every byte of it is as written.",
                "It can be listed again.",
                partial(_at_rest, folder, partial(_mark_whole, db, folder, saved)),
            )
    yield from _unlisted_checkpoints(db, home, run)
    yield from _leftovers(db, home, run)


def _at_rest(folder: RunFolder, mend: Callable[[], object]) -> None:
    """Mend while no engine can start on the run; one that was started since it was looked at has it to itself."""
    with locks.if_free(folder.lock) as is_free:
        if is_free:
            mend()


def _place(folder: RunFolder, saved: Checkpoint) -> Path:
    return folder.checkpoints / checkpoints.folder_name(saved.step)


def _coarse_fault(place: Path, saved: Checkpoint) -> str:
    """What a glance shows; a resume compares every byte."""
    if not (place / checkpoints.MANIFEST).is_file():
        return f"{place} is missing or not whole"
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file() and path.name != checkpoints.MANIFEST)
    return "" if size == saved.size_bytes else f"{place} has {size:,} bytes and had {saved.size_bytes:,}"


def _is_whole(place: Path, saved: Checkpoint) -> bool:
    return not _coarse_fault(place, saved) and not checkpoints.fault(place, saved.manifest_hash or "")


# An engine may have come and gone since a fault was found: each is looked at once more before it is mended.


def _is_still(db: sqlite3.Connection, saved: Checkpoint) -> bool:
    return any(other.id == saved.id for other in checkpoints.of_run(db, saved.run_id, state=saved.state))


def _mark_bad(db: sqlite3.Connection, folder: RunFolder, saved: Checkpoint) -> None:
    if _is_still(db, saved) and _coarse_fault(_place(folder, saved), saved):
        checkpoints.set_state(db, saved, "bad")


def _mark_whole(db: sqlite3.Connection, folder: RunFolder, saved: Checkpoint) -> None:
    if _is_still(db, saved) and _is_whole(_place(folder, saved), saved):
        checkpoints.set_state(db, saved, "complete")


def _forget_files(db: sqlite3.Connection, home: Home, run: Run) -> None:
    """As bad, not as deleted: where a disk was only not mounted they are found whole again, and nobody removes them."""
    if home.run(run.id).root.is_dir() or (home.trash / run.id).is_dir():
        return
    home.run(run.id).create()
    runs.describe(home, run)
    for saved in checkpoints.of_run(db, run.id):
        checkpoints.set_state(db, saved, "bad")


def leftovers(db: sqlite3.Connection, home: Home, run: Run) -> list[Path]:
    """Checkpoints that were half written or half deleted when the run's engine was killed."""
    states = _states(db, run)
    kept = {checkpoints.folder_name(step) for step, state in states.items() if state in ("complete", "bad")}
    kept |= {path.name for path in _unknown(home, run, states)}
    found = home.run(run.id).checkpoints.glob("checkpoint-*")
    # People put copies beside them, under names of their own.
    return sorted(path for path in found if checkpoints.is_ours(path.name) and path.name not in kept)


def _states(db: sqlite3.Connection, run: Run) -> dict[int, str]:
    return dict(db.execute("SELECT step, state FROM checkpoint WHERE run_id = ?", (run.id,)).fetchall())


def _unknown(home: Home, run: Run, states: Container[int]) -> list[Path]:
    """Finished checkpoints of which the store knows nothing, as after an older copy of it was put back."""
    found = [path.parent for path in home.run(run.id).checkpoints.glob(f"checkpoint-*/{checkpoints.MANIFEST}")]
    steps = {path: checkpoints.step_of(path.name) for path in found if not path.is_symlink()}
    return [path for path, step in steps.items() if step is not None and step not in states]


def _unlisted_checkpoints(db: sqlite3.Connection, home: Home, run: Run) -> Iterator[Fault]:
    for path in sorted(_unknown(home, run, _states(db, run))):
        yield Fault(
            f"{path} is a checkpoint that the store does not know.",
            "It can be listed again where every byte of it is as written, and is removed where not.",
            partial(_at_rest, home.run(run.id), partial(_list_again, db, run, path)),
        )


def _list_again(db: sqlite3.Connection, run: Run, path: Path) -> None:
    saved = reindex.whole(path)
    if saved is None:
        return remove(path)
    with transaction(db, durable=True):
        reindex.add_checkpoint(db, run.id, saved)


def remove(path: Path) -> None:
    """A file, a folder with all that it holds, or a link, of which only the link goes."""
    if not path.is_dir() or path.is_symlink():
        path.unlink(missing_ok=True)
    while path.is_dir():
        # Another process may be at it too, and be quicker.
        with suppress(FileNotFoundError):
            shutil.rmtree(path)


def remove_leftovers(db: sqlite3.Connection, home: Home, run: Run) -> None:
    """With the run's lock held: an engine that was started since they were found is writing them."""

    def mend() -> None:
        for path in leftovers(db, home, run):
            remove(path)

    _at_rest(home.run(run.id), mend)


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
                partial(_put_in_place, db, home, run),
            )
    for run in runs.listed(db):
        if (home.trash / run.id).is_dir() and not home.run(run.id).root.is_dir():
            yield Fault(
                f"The folder of the run {run.name} is in the trash, and the run is not.",
                "It can be moved back.",
                partial(_put_in_place, db, home, run),
            )


def _put_in_place(db: sqlite3.Connection, home: Home, run: Run) -> None:
    # Emptied out of the trash since it was looked at.
    with suppress(NotFoundError):
        trash.put_in_place(db, home, run.id)


def _unlisted_runs(db: sqlite3.Connection, home: Home) -> Iterator[Fault]:
    for folder in reindex.unlisted(db, home):
        told = f"{folder.root} is the folder of a run that the store does not know"
        if reindex.is_readable(folder):
            mend = partial(reindex.take_in, db, home, [folder])
            yield Fault(f"{told}.", "It can be listed again, with what was known when it ended.", mend)
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
