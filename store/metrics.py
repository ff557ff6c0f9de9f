"""Metric points: 22 bytes each, NaN and infinities kept by a flag, read as the series of a run."""

import math
import sqlite3
from collections.abc import Iterable

from .database import transaction

Point = tuple[str, int, float]
# SQLite stores NaN as NULL, so what is not finite is told by a flag.
_FLAGGED = {1: math.nan, 2: math.inf, 3: -math.inf}


def _encoded(value: float) -> tuple[float | None, int]:
    if math.isfinite(value):
        return value, 0
    return None, 1 if math.isnan(value) else 2 if value > 0 else 3


def _key_ids(db: sqlite3.Connection, names: Iterable[str]) -> dict[str, int]:
    for name in names:
        db.execute("INSERT INTO metric_key (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (name,))
    return {row["name"]: row["id"] for row in db.execute("SELECT id, name FROM metric_key")}


def write(db: sqlite3.Connection, attempt_id: int, points: Iterable[Point]) -> None:
    """Write (name, step, value) points in one transaction; the same point again replaces the old one."""
    points = list(points)
    with transaction(db):
        ids = _key_ids(db, dict.fromkeys(name for name, _, _ in points))
        db.executemany(
            "INSERT OR REPLACE INTO metric (attempt_id, key_id, step, value, flag) VALUES (?, ?, ?, ?, ?)",
            [(attempt_id, ids[name], step, *_encoded(value)) for name, step, value in points],
        )


def names(db: sqlite3.Connection, run_id: str) -> list[str]:
    """The names of the run's metrics, in the order in which names were first seen."""
    # A scan of the points would take as long as the run is; one look per key and attempt does not.
    rows = db.execute(
        "SELECT name FROM metric_key k WHERE EXISTS (SELECT 1 FROM attempt a JOIN metric m ON m.attempt_id = a.id"
        " AND m.key_id = k.id WHERE a.run_id = ?) ORDER BY k.id",
        (run_id,),
    )
    return [row["name"] for row in rows]


# Attempts follow each other, so that no point need be sorted: a quarter of a million are read in 0.1 s.
_SERIES = """
SELECT m.step, m.value, m.flag
FROM (
  SELECT id, COALESCE(
    (SELECT MIN(b.start_step) FROM attempt b WHERE b.run_id = a.run_id AND b.id > a.id), 9223372036854775807
  ) AS last_step
  FROM attempt a WHERE run_id = :run_id
) a
CROSS JOIN metric m ON m.attempt_id = a.id AND m.key_id = (SELECT id FROM metric_key WHERE name = :name)
WHERE m.step > :after_step AND m.step <= a.last_step
ORDER BY a.id, m.step
"""


def series(db: sqlite3.Connection, run_id: str, name: str, *, after_step: int = -1) -> tuple[list[int], list[float]]:
    """Steps and values of one metric, later than `after_step`; of each attempt only what no later one repeats."""
    cursor = db.cursor()
    # Plain tuples: rows that know their columns' names take twice as long.
    cursor.row_factory = None
    rows = cursor.execute(_SERIES, {"run_id": run_id, "name": name, "after_step": after_step}).fetchall()
    return [row[0] for row in rows], [_FLAGGED[row[2]] if row[2] else row[1] for row in rows]


def latest(db: sqlite3.Connection, run_id: str, name: str) -> float | None:
    """The newest value of the run's metric."""
    row = db.execute(
        "SELECT m.value, m.flag FROM attempt a JOIN metric m ON m.attempt_id = a.id"
        " AND m.key_id = (SELECT id FROM metric_key WHERE name = ?) WHERE a.run_id = ?"
        " ORDER BY a.id DESC, m.step DESC LIMIT 1",
        (name, run_id),
    ).fetchone()
    return None if row is None else _FLAGGED[row["flag"]] if row["flag"] else row["value"]
