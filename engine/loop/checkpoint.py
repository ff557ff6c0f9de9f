"""Checkpoints on disk: written beside their place, verified, renamed into it, rotated, and found again."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ...store import checkpoints
from ...store.checkpoints import folder_name
from ...store.errors import StateError
from ...store.records import Checkpoint
from ..outputs.full_disk import is_full
from ..session import Session


class DiskFull(Exception):
    """There is no room for a checkpoint; the sentence says how much is needed and where."""


class Merit(NamedTuple):
    """The loss of a checkpoint's evaluation, and its rank among others, the lowest the best; None if not finite."""

    eval_loss: float | None = None
    rank: float | None = None


def save(session: Session, step: int, write: Callable[[Path], None], merit: Merit) -> Path:
    """Let `write` fill a folder, make it durable, and list it; a crash at any moment leaves the older ones whole.

    Raises:
        DiskFull: the disk can't hold it; what was written of it is removed again.
    """
    root = session.folder.checkpoints
    target = root / folder_name(step)
    temporary = root / f"{target.name}.tmp"
    _check_room(session, root)
    session.saving(step)
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(mode=0o700, parents=True)
        write(temporary)
        manifest_hash, size_bytes = checkpoints.write_manifest(temporary)
    except Exception as error:
        if not isinstance(error, OSError) and not is_full(error):
            raise
        shutil.rmtree(temporary, ignore_errors=True)
        raise DiskFull(_refusal(step, root, error)) from error
    # Steps repeated after a resume replace what an earlier attempt left there.
    shutil.rmtree(target, ignore_errors=True)
    temporary.rename(target)
    checkpoints.sync(root)
    session.saved(step, manifest_hash, size_bytes, *merit)
    return target


def _refusal(step: int, root: Path, error: Exception) -> str:
    said = (isinstance(error, OSError) and error.strerror) or "the disk took no more"
    free = shutil.disk_usage(root).free
    return (
        f"checkpoint {step} could not be written to {root} ({free / 1e6:,.0f} MB free): {said}; the older ones are kept"
    )


def _check_room(session: Session, root: Path) -> None:
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    newest = next(iter(checkpoints.of_run(session.db, session.run.id)), None)
    needed = 2 * (newest.size_bytes or 0) if newest else 0
    free = shutil.disk_usage(root).free
    if free < needed:
        raise DiskFull(
            f"no checkpoint: {root} has {free / 1e6:,.0f} MB free, and twice the last one ({needed / 1e6:,.0f} MB)"
            " is needed; free some space"
        )


def rotate(session: Session, keep: int) -> None:
    """Delete the oldest listed checkpoints beyond `keep`, never the best or a pinned one.

    Not while rows wait for the store: it would go on listing what is deleted.
    """
    if session.spool:
        return
    listed = checkpoints.of_run(session.db, session.run.id)
    for old in listed[max(keep, 2) :]:
        # A store that is busy just now: they go next time.
        with contextlib.suppress(sqlite3.OperationalError):
            if not (old.best or old.pinned):
                checkpoints.set_state(session.db, old, "deleted")
                _remove(session, old.step)


def _remove(session: Session, step: int) -> None:
    shutil.rmtree(session.folder.checkpoints / folder_name(step), ignore_errors=True)


def tidy(session: Session) -> None:
    """Remove what a killed engine left half written, half deleted, or in place but not listed yet."""
    for leftover in session.folder.checkpoints.glob("checkpoint-*.tmp"):
        shutil.rmtree(leftover, ignore_errors=True)
    for state in ("writing", "deleted"):
        for unlisted in checkpoints.of_run(session.db, session.run.id, state=state):
            _remove(session, unlisted.step)
    checkpoints.forget_writing(session.db, session.run.id)


def newest_valid(session: Session) -> tuple[Checkpoint, Path]:
    """The newest listed checkpoint whose every byte is as it was written; damaged ones are marked and named.

    Raises:
        StateError: there is none. A run never starts again at step 0 in silence.
    """
    found = checkpoints.of_run(session.db, session.run.id)
    for checkpoint in found:
        folder = session.folder.checkpoints / folder_name(checkpoint.step)
        fault = checkpoints.fault(folder, checkpoint.manifest_hash or "")
        if not fault:
            return checkpoint, folder
        checkpoints.set_state(session.db, checkpoint, "bad")
        session.event(f"checkpoint {checkpoint.step} can't be used: {fault}", level="warning")
    raise StateError(
        f"None of the {len(found)} checkpoints of this run is whole.", "Start the run anew; its log names the faults."
    )


def best(session: Session) -> tuple[Checkpoint, Path] | None:
    """The best of the listed checkpoints, if any was evaluated; one that is damaged is marked and named.

    Raises:
        StateError: it is not as it was written.
    """
    found = next((saved for saved in checkpoints.of_run(session.db, session.run.id) if saved.best), None)
    if found is None:
        return None
    folder = session.folder.checkpoints / folder_name(found.step)
    if fault := checkpoints.fault(folder, found.manifest_hash or ""):
        checkpoints.set_state(session.db, found, "bad")
        raise StateError(f"The best checkpoint, {found.step}, can't be used: {fault}.", "Resume, to keep the last one.")
    return found, folder
