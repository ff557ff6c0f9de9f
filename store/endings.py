"""How runs have ended since a moment: of the states a few more are told apart, by what the engine gave as cause."""

import sqlite3
from dataclasses import dataclass

from . import runs, sweeps
from .records import Run

# In the order in which they are told: good ones first.
WAYS = ("completed", "stopped early", "stopped", "pruned", "out of memory", "failed", "killed", "interrupted")


@dataclass(frozen=True)
class Ending:
    """A run that has ended, in which of `WAYS`, and when, in seconds since 1970."""

    run: Run
    way: str
    at: float


def way(run: Run) -> str:
    """How an ended run came to its end, one of `WAYS`."""
    cause = run.cause or ""
    if run.state == "completed" and cause.startswith("stopped early"):
        return "stopped early"
    if run.state == "stopped" and cause.startswith(sweeps.PRUNED):
        return "pruned"
    if run.state in ("failed", "killed") and "out of memory" in cause:
        return "out of memory"
    return run.state


def since(db: sqlite3.Connection, moment: float) -> list[Ending]:
    """The runs outside the trash whose last attempt ended after the moment, the latest first."""
    rows = db.execute(
        f"SELECT run.*, MAX(attempt.ended_at) AS at FROM run JOIN attempt ON attempt.run_id = run.id"
        f" WHERE run.deleted_at IS NULL AND run.state IN ({', '.join('?' * len(runs.ENDED))})"
        " GROUP BY run.id HAVING at > ? ORDER BY at DESC",
        (*runs.ENDED, moment),
    )
    return [Ending(run, way(run), row["at"]) for row in rows for run in [Run.of(row)]]
