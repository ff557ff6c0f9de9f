"""The trash: runs put into it, taken out again, or gone for good, each with its folder."""

import errno
import shutil
import sqlite3
import time
from pathlib import Path

from . import runs
from .database import transaction
from .errors import StateError
from .paths import Home
from .records import Run


def delete(db: sqlite3.Connection, home: Home, run: Run) -> None:
    """Put a run that is not running into the trash, folder and all; `restore` undoes it.

    Raises:
        StateError: the run is running, or its folder can't be moved there.
    """
    with transaction(db, durable=True):
        if runs.get(db, run.id).state == "running":
            raise StateError(f"{run.name} is running.", "Stop it first.")
        db.execute(
            "UPDATE run SET deleted_at = ?, state = CASE state WHEN 'queued' THEN 'stopped' ELSE state END"
            " WHERE id = ?",
            (time.time(), run.id),
        )
        _move(home.run(run.id).root, home.trash / run.id)


def restore(db: sqlite3.Connection, home: Home, run: Run) -> None:
    """Take a run out of the trash.

    Raises:
        NotFoundError: it was emptied; StateError: its folder can't be moved back.
    """
    with transaction(db, durable=True):
        runs.get(db, run.id)
        db.execute("UPDATE run SET deleted_at = NULL WHERE id = ?", (run.id,))
        _move(home.trash / run.id, home.run(run.id).root)


def put_in_place(db: sqlite3.Connection, home: Home, run_id: str) -> None:
    """Move a run's folder to where its row says that it is: in the trash, or not. Raises as `restore`."""
    with transaction(db, durable=True):
        here, there = home.run(run_id).root, home.trash / run_id
        if runs.get(db, run_id).deleted_at is None:
            _move(there, here)
        else:
            _move(here, there)


def _move(source: Path, target: Path) -> None:
    """Inside the transaction, so that two who move at once see each other; a kill in between is found by `doctor`."""
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.rename(target)
    except FileNotFoundError:
        return  # a run without a folder, or it was moved already
    except OSError as error:
        parents = f"{source.parent} and {target.parent}"
        on_two_disks = f"{parents} have to lie on one disk: make both of them links to it, or neither."
        raise StateError(
            f"{source} can't be moved to {target}: {error.strerror}.",
            on_two_disks if error.errno == errno.EXDEV else "`tunedeck doctor` looks at both.",
        ) from error


_NEEDED = """
WITH RECURSIVE needed(id) AS (
    SELECT parent_run FROM run WHERE deleted_at IS NULL AND parent_run IS NOT NULL
    UNION SELECT run.parent_run FROM run JOIN needed USING (id) WHERE run.parent_run IS NOT NULL
) SELECT id FROM needed
"""


def spared(db: sqlite3.Connection) -> list[Run]:
    """What in the trash is never emptied: a run outside of it lies on those weights, maybe by way of others."""
    needed = {row["id"] for row in db.execute(_NEEDED)}
    return [run for run in runs.listed(db, deleted=True) if run.id in needed]


def empty(db: sqlite3.Connection, home: Home) -> int:
    """Delete what is in the trash for good, files and rows, but for what `spared` names; the number of runs."""
    # The rows first: what somebody takes out meanwhile is out, or gone whole; folders without a row are freed by `gc`.
    with transaction(db, durable=True):
        kept = {run.id for run in spared(db)}
        gone = [run for run in runs.listed(db, deleted=True) if run.id not in kept]
        for run in gone:
            forget(db, run.id)
    for run in gone:
        shutil.rmtree(home.trash / run.id, ignore_errors=True)
    return len(gone)


def forget(db: sqlite3.Connection, run_id: str) -> None:
    """Drop the run's row and all that hangs on it, inside a transaction of the caller; its children stay."""
    for column in ("parent_run", "forked_from"):
        db.execute(f"UPDATE run SET {column} = NULL WHERE {column} = ?", (run_id,))
    db.execute("DELETE FROM metric WHERE attempt_id IN (SELECT id FROM attempt WHERE run_id = ?)", (run_id,))
    for table in ("heartbeat", "command", "event", "sample", "checkpoint", "attempt", "tag"):
        db.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))
    db.execute("DELETE FROM run WHERE id = ?", (run_id,))
