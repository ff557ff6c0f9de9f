"""The order in which queued runs are taken, and its changes; each is one transaction, whoever else changes it."""

import sqlite3
from collections.abc import Callable

from .database import transaction
from .errors import StateError
from .records import Run

_IN_ORDER = "FROM run WHERE state = 'queued' AND deleted_at IS NULL ORDER BY queue_position, number"


def waiting(db: sqlite3.Connection) -> list[Run]:
    """The queued runs, the next one first."""
    return [Run.of(row) for row in db.execute(f"SELECT * {_IN_ORDER}")]


def places(db: sqlite3.Connection) -> dict[str, int]:
    """The places of the queued runs by their ids, 1 for the next."""
    return {row[0]: place for place, row in enumerate(db.execute(f"SELECT id {_IN_ORDER}"), start=1)}


def move(db: sqlite3.Connection, run: Run, places_later: int) -> int:
    """Let the run wait for so many others more, or fewer where negative; its new place, 1 for the next.

    Raises:
        StateError: it is not queued, or at that end of the queue already.
    """

    def moved(place: int, count: int) -> int:
        if place == (count - 1 if places_later > 0 else 0):
            raise StateError(f"{run.name} is the {'last' if places_later > 0 else 'first'} in the queue already.")
        return min(max(place + places_later, 0), count - 1)

    return _reorder(db, run, lambda order: moved(order.index(run.id), len(order)))


def put_first(db: sqlite3.Connection, run: Run) -> int:
    """Have the run taken next; its new place.

    Raises:
        StateError: it is not queued.
    """
    return _reorder(db, run, lambda order: 0)


def put_last(db: sqlite3.Connection, run: Run) -> int:
    """Have the run taken when no other one of now waits; its new place.

    Raises:
        StateError: it is not queued.
    """
    return _reorder(db, run, lambda order: len(order) - 1)


def put_before(db: sqlite3.Connection, run: Run, other: Run) -> int:
    """Have the run taken before the other one; its new place.

    Raises:
        StateError: one of them is not queued, or both are the same.
    """
    if run.id == other.id:
        raise StateError(f"{run.name} can't stand before itself.", "`tunedeck queue` lists the queue.")

    def target(order: list[str]) -> int:
        place = _place(order, other)
        return place - 1 if order.index(run.id) < place else place

    return _reorder(db, run, target)


def _reorder(db: sqlite3.Connection, run: Run, target: Callable[[list[str]], int]) -> int:
    """Take the run out of the order and put it in at the place that `target` makes of the order, counted from 0."""
    with transaction(db, durable=True):
        found = db.execute(f"SELECT id, queue_position {_IN_ORDER}").fetchall()
        order, first = [row[0] for row in found], found[0][1] if found else 0
        place = _place(order, run)
        to = target(order)
        order.insert(to, order.pop(place))
        # Never beyond the last position of before, behind which the next run is queued.
        db.executemany(
            "UPDATE run SET queue_position = ? WHERE id = ?",
            [(first + step, run_id) for step, run_id in enumerate(order)],
        )
    return to + 1


def _place(order: list[str], run: Run) -> int:
    if run.id not in order:
        raise StateError(f"{run.name} is not queued.", "`tunedeck queue` lists what is.")
    return order.index(run.id)
