"""The state of a run as it truly is: what its row says, held against its lock and result."""

import json
import sqlite3
from contextlib import suppress

from . import attempts, database, history, locks, runs
from .paths import Home, RunFolder
from .records import Run


def result(folder: RunFolder) -> dict[str, object] | None:
    """The engine's last word, or None when it had none."""
    try:
        said = json.loads(folder.result.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return said if isinstance(said, dict) and "state" in said else None


def claimed(db: sqlite3.Connection) -> list[Run]:
    """The runs whose rows say "running", true or not."""
    return [Run.of(row) for row in db.execute("SELECT * FROM run WHERE state = 'running'")]


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many runs outside the trash say that they are in each state."""
    return dict(db.execute("SELECT state, COUNT(*) FROM run WHERE deleted_at IS NULL GROUP BY state").fetchall())


def settle(db: sqlite3.Connection, home: Home) -> list[Run]:
    """Correct the rows of runs that say "running" though nobody holds their lock; the runs corrected.

    Only where no runner lives: a live one is about to record the ending itself, and knows the signal.
    """
    running = claimed(db)
    if not running or database.is_read_only(db) or locks.is_held(home.runner_lock):
        return []
    lost = [run for run in running if not locks.is_held(home.run(run.id).lock)]
    for run in lost:
        record_ending(db, home, run, exit_code=None)
    return lost


def queue_rests(db: sqlite3.Connection, home: Home) -> bool:
    """Whether runs are queued and nobody works the queue, as after a reboot: it goes on when somebody says so."""
    return runs.queued_count(db) > 0 and not locks.is_held(home.runner_lock)


def record_ending(db: sqlite3.Connection, home: Home, run: Run, exit_code: int | None, *, asked: bool = False) -> None:
    """Write down how the run's engine ended: by its own last word, else by its exit code."""
    for attempt in attempts.of_run(db, run.id):
        if attempt.ended_at is None:
            attempts.end(db, attempt.id, exit_code)
    said = result(home.run(run.id))
    if said is not None:
        summary = json.dumps(said["summary"]) if said.get("summary") else None
        runs.finish(db, run.id, str(said["state"]), cause=str(said.get("cause") or ""), summary=summary)
    else:
        runs.finish(db, run.id, _unsaid(exit_code), cause=_cause(exit_code, asked))
    runs.describe(home, runs.get(db, run.id))
    # Where there is no room for it, or the store is damaged, the run has ended all the same.
    with suppress(sqlite3.DatabaseError, OSError):
        history.keep(db, home.run(run.id))


def _unsaid(exit_code: int | None) -> str:
    return "interrupted" if exit_code is None else "killed" if exit_code < 0 else "failed"


def _cause(exit_code: int | None, asked: bool) -> str:
    if exit_code is None:
        return "engine and runner ended without a word (a reboot, or both killed)"
    if exit_code >= 0:
        return f"the engine ended with exit code {exit_code} and no result; its log says more"
    if asked:
        return f"signal {-exit_code}, as you asked"
    return f"signal {-exit_code}, possibly out of memory" if exit_code == -9 else f"signal {-exit_code}"
