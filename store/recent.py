"""The newest runs, and what their knobs were set to."""

import json
import sqlite3

from .records import Run

# Runs that are looked at, and values of one knob that are told: nobody goes further back by a key.
_RUNS = 200
_MOST_VALUES = 30


def values(db: sqlite3.Connection) -> dict[str, list[object]]:
    """The distinct values of each knob that was set to anything, those of the newest run first."""
    found: dict[str, dict[str, object]] = {}
    newest = db.execute("SELECT config FROM run WHERE deleted_at IS NULL ORDER BY number DESC LIMIT ?", (_RUNS,))
    for (config,) in newest:
        for name, value in json.loads(config).items():
            if value not in ("", None, []):
                found.setdefault(name, {}).setdefault(json.dumps(value), value)
    return {name: list(distinct.values())[:_MOST_VALUES] for name, distinct in found.items()}


def runs(db: sqlite3.Connection, count: int) -> list[Run]:
    """So many of the newest runs."""
    newest = db.execute("SELECT * FROM run WHERE deleted_at IS NULL ORDER BY number DESC LIMIT ?", (count,))
    return [Run.of(row) for row in newest]
