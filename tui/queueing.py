"""Changes of the queue's order as sentences, the same for the app's keys and the command line."""

import sqlite3

from ..store import queue_order
from ..store.records import Run


def move(db: sqlite3.Connection, run: Run, places_later: int) -> str:
    """Let the run wait for so many others more, or fewer where negative; the sentence that says so."""
    return told(db, run, queue_order.move(db, run, places_later))


def told(db: sqlite3.Connection, run: Run, place: int) -> str:
    return f"{run.name} is now number {place} of {len(queue_order.places(db))} in the queue."
