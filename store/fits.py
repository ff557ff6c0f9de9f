"""What fitted into the memory of a device: a run like an earlier one starts there instead of failing its way to it."""

import sqlite3
import time
from dataclasses import dataclass

from .records import Fit, one

# Free memory differs a little from start to start; much more of it than then, and more may fit now.
_AS_MUCH_FREE = 0.9


@dataclass(frozen=True)
class Setting:
    """For what something fits; the model by its name."""

    model: str
    method: str
    task: str
    device: str


def remember(db: sqlite3.Connection, setting: Setting, fit: Fit, free_bytes: int) -> None:
    """More than that did not fit, with so much memory free at the start; in place of what was known of such rows."""
    db.execute(
        "INSERT OR REPLACE INTO fit (model, method, task, device, length, rows, gradient_checkpointing, free_bytes, at)"
        " VALUES (:model, :method, :task, :device, :length, :rows, :gradient_checkpointing, :free_bytes, :at)",
        {**vars(setting), **vars(fit), "free_bytes": free_bytes, "at": time.time()},
    )


def known(db: sqlite3.Connection, setting: Setting, longest: int, free_bytes: int) -> Fit | None:
    """What is known to fit with so much memory free, of rows of up to `longest` tokens; None where nothing is.

    What did not fit of shorter rows does not fit of longer ones either, so the least of all these counts.
    """
    return one(
        Fit,
        db.execute(
            "SELECT * FROM fit WHERE model = :model AND method = :method AND task = :task AND device = :device"
            " AND length <= :longest AND free_bytes >= :free_bytes"
            " ORDER BY gradient_checkpointing DESC, rows * length LIMIT 1",
            {**vars(setting), "longest": longest, "free_bytes": _AS_MUCH_FREE * free_bytes},
        ).fetchone(),
    )
