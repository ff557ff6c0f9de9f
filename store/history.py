"""A run's attempts, points, answers and events beside its files too: what is left of them when the store is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from . import checkpoints
from .paths import RunFolder

_OF_RUN = "SELECT id FROM attempt WHERE run_id = :run"
_KEPT = {
    "attempt": "SELECT * FROM attempt WHERE run_id = :run",
    "checkpoint": "SELECT step, eval_loss, rank, pinned FROM checkpoint WHERE run_id = :run",
    "sample": "SELECT * FROM sample WHERE run_id = :run",
    "event": "SELECT * FROM event WHERE run_id = :run",
    "point": "SELECT attempt_id, name, step, value, flag FROM metric JOIN metric_key ON metric_key.id = key_id"
    f" WHERE attempt_id IN ({_OF_RUN})",
}
_BACK = (
    "INSERT INTO attempt (id, run_id, start_step, pid, process_start, boot_id, started_at, ended_at, exit_code)"
    " SELECT id + :later, :run, start_step, pid, process_start, boot_id, started_at, ended_at, exit_code"
    " FROM beside.attempt",
    "INSERT INTO sample (run_id, attempt_id, step, prompt, answer)"
    " SELECT :run, attempt_id + :later, step, prompt, answer FROM beside.sample ORDER BY id",
    "INSERT INTO event (run_id, at, step, level, text)"
    " SELECT :run, at, step, level, text FROM beside.event ORDER BY id",
    "INSERT OR IGNORE INTO metric_key (name) SELECT DISTINCT name FROM beside.point",
    "INSERT INTO metric (attempt_id, key_id, step, value, flag)"
    " SELECT attempt_id + :later, metric_key.id, step, value, flag FROM beside.point JOIN metric_key USING (name)",
)


def keep(db: sqlite3.Connection, folder: RunFolder) -> None:
    """Write what the store has of the run into its folder; 700,000 points take a second, and 24 MB.

    Raises:
        sqlite3.DatabaseError, OSError: it can't be read or written; what was there before stays.
    """
    making = folder.history.with_suffix(".making")
    making.unlink(missing_ok=True)
    try:
        with _attached(db, making):
            _copy(db, folder.root.name)
        checkpoints.sync(making)
        # Only now that it is whole.
        making.replace(folder.history)
    finally:
        making.unlink(missing_ok=True)


def _copy(db: sqlite3.Connection, run_id: str) -> None:
    """At one moment of the store, for which nobody has to wait."""
    db.execute("PRAGMA beside.synchronous=OFF")
    db.execute("BEGIN")
    try:
        for table, rows in _KEPT.items():
            db.execute(f"CREATE TABLE beside.{table} AS {rows}", {"run": run_id})
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def beside(db: sqlite3.Connection, folder: RunFolder) -> Iterator[bool]:
    """Have what `keep` wrote at hand inside the block, which may hold one transaction; whether there is any."""
    if not _is_whole(folder.history):
        yield False
        return
    with _attached(db, folder.history):
        yield True


def _is_whole(path: Path) -> bool:
    """Looked at apart from the store: with a damaged file attached SQLite reads nothing of the store either."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as alone:
            return alone.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        return False


def take_back(db: sqlite3.Connection, run_id: str) -> None:
    """Put what lies `beside` back into a store that has only the run's row; inside a transaction of the caller.

    Raises:
        sqlite3.Error: the file is damaged, or not one of ours.
    """
    later = db.execute(
        "SELECT (SELECT COALESCE(MAX(id), 0) FROM attempt) + 1 - COALESCE(MIN(id), 1) FROM beside.attempt"
    ).fetchone()[0]
    for change in _BACK:
        db.execute(change, {"run": run_id, "later": later})


def rank_checkpoints(db: sqlite3.Connection, run_id: str) -> None:
    """What the checkpoints that are listed again were worth, and whether something starts from them."""
    db.execute(
        "UPDATE checkpoint SET (eval_loss, rank, pinned) = (SELECT eval_loss, rank, pinned FROM beside.checkpoint old"
        " WHERE old.step = checkpoint.step) WHERE run_id = ? AND step IN (SELECT step FROM beside.checkpoint)",
        (run_id,),
    )


@contextmanager
def _attached(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    db.execute("ATTACH ? AS beside", (str(path),))
    try:
        yield
    finally:
        db.execute("DETACH beside")
