"""The order of the queue: moves, ends, and several who change it at once."""

import multiprocessing
import sqlite3
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
import seeds
from tunedeck.store import database, overview, queue_order, runs
from tunedeck.store.errors import StateError
from tunedeck.store.paths import Home
from tunedeck.store.records import Run


@pytest.fixture
def four(db: sqlite3.Connection, home: Home) -> list[Run]:
    return [seeds.queue(db, home, name) for name in "abcd"]


def order(db: sqlite3.Connection) -> str:
    return "".join(run.name for run in queue_order.waiting(db))


def test_runs_move_and_are_taken_in_the_new_order(db: sqlite3.Connection, four: list[Run]) -> None:
    a, b, c, d = four
    assert (queue_order.move(db, a, 1), order(db)) == (2, "bacd")
    assert (queue_order.move(db, d, -2), order(db)) == (2, "bdac")
    assert (queue_order.move(db, b, 9), order(db)) == (4, "dacb")
    assert (queue_order.put_first(db, c), order(db)) == (1, "cdab")
    assert (queue_order.put_last(db, d), order(db)) == (4, "cabd")
    assert (queue_order.put_before(db, b, c), order(db)) == (1, "bcad")
    assert (queue_order.put_before(db, b, d), order(db)) == (3, "cabd")
    assert {view.run.name: view.place for view in overview.of_all(db)} == {"c": 1, "a": 2, "b": 3, "d": 4}
    claimed = [runs.claim(db) for _ in four]
    assert [run.name for run in claimed if run] == ["c", "a", "b", "d"]


def test_a_new_run_waits_behind_whatever_was_moved(db: sqlite3.Connection, home: Home, four: list[Run]) -> None:
    queue_order.put_last(db, four[0])
    seeds.queue(db, home, "e")
    assert order(db) == "bcdae"


def test_what_can_not_be_moved_says_why(db: sqlite3.Connection, home: Home, four: list[Run]) -> None:
    first = runs.claim(db)
    assert first is not None
    for refused, sentence in (
        (lambda: queue_order.move(db, four[1], -1), "b is the first in the queue already."),
        (lambda: queue_order.move(db, four[3], 1), "d is the last in the queue already."),
        (lambda: queue_order.move(db, first, 1), "a is not queued. `tunedeck queue` lists what is."),
        (lambda: queue_order.put_before(db, four[1], first), "a is not queued."),
        (lambda: queue_order.put_before(db, four[1], four[1]), "b can't stand before itself."),
    ):
        with pytest.raises(StateError, match=sentence):
            refused()
    assert order(db) == "bcd"


def _move_often(folder: Path, run_id: str, barrier: Barrier) -> None:
    db = database.connect(Home(folder))
    run = runs.get(db, run_id)
    barrier.wait(30)
    for _ in range(20):
        queue_order.put_first(db, run)
        queue_order.put_last(db, run)
    db.close()


def test_two_apps_at_once_lose_no_run_and_no_place(db: sqlite3.Connection, home: Home, four: list[Run]) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    processes = [context.Process(target=_move_often, args=(home.root, run.id, barrier)) for run in four[:2]]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    waiting = queue_order.waiting(db)
    assert sorted(run.name for run in waiting) == list("abcd") and len({run.queue_position for run in waiting}) == 4
    assert order(db)[:2] == "cd"
