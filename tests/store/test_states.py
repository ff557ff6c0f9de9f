"""A run's true state: its row held against its lock, its result, and the runner."""

import json
import os
import sqlite3

import pytest
import seeds
from tunedeck.store import attempts, locks, runs, states
from tunedeck.store.paths import Home
from tunedeck.store.records import Run


@pytest.fixture
def running(db: sqlite3.Connection, home: Home) -> Run:
    run = seeds.queue(db, home)
    runs.claim(db)
    attempts.start(db, run.id)
    return run


def test_a_run_whose_lock_is_held_is_left_alone(running: Run, db: sqlite3.Connection, home: Home) -> None:
    lock = locks.try_lock(home.run(running.id).lock)
    assert lock is not None
    assert states.settle(db, home) == [] and runs.get(db, running.id).state == "running"
    os.close(lock)
    assert [lost.id for lost in states.settle(db, home)] == [running.id]


def test_a_live_runner_records_endings_itself(running: Run, db: sqlite3.Connection, home: Home) -> None:
    lock = locks.try_lock(home.runner_lock)
    assert lock is not None and states.settle(db, home) == []
    os.close(lock)


def test_a_run_that_nobody_holds_was_interrupted(running: Run, db: sqlite3.Connection, home: Home) -> None:
    states.settle(db, home)
    ended = runs.get(db, running.id)
    assert ended.state == "interrupted"
    assert ended.cause == "engine and runner ended without a word (a reboot, or both killed)"
    assert attempts.of_run(db, running.id)[0].ended_at is not None
    assert json.loads(home.run(running.id).description.read_text())["state"] == "interrupted"
    assert states.settle(db, home) == []


def test_the_engines_last_word_counts_more_than_its_exit_code(running: Run, db: sqlite3.Connection, home: Home) -> None:
    said = {"state": "completed", "cause": "", "summary": {"steps": 8}}
    home.run(running.id).result.write_text(json.dumps(said))
    states.record_ending(db, home, running, -9)
    ended = runs.get(db, running.id)
    assert (ended.state, ended.cause, json.loads(ended.summary or "")) == ("completed", None, {"steps": 8})


@pytest.mark.parametrize(
    ("exit_code", "asked", "state", "cause"),
    [
        (-9, False, "killed", "signal 9, possibly out of memory"),
        (-9, True, "killed", "signal 9, as you asked"),
        (-11, False, "killed", "signal 11"),
        (3, False, "failed", "the engine ended with exit code 3 and no result; its log says more"),
        (0, False, "failed", "the engine ended with exit code 0 and no result; its log says more"),
    ],
)
def test_an_engine_without_a_last_word_is_told_by_its_exit_code(
    exit_code: int, asked: bool, state: str, cause: str, running: Run, db: sqlite3.Connection, home: Home
) -> None:
    states.record_ending(db, home, running, exit_code, asked=asked)
    ended = runs.get(db, running.id)
    assert (ended.state, ended.cause) == (state, cause)


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '{"state": "completed"'])
def test_half_a_last_word_is_none(content: str, running: Run, db: sqlite3.Connection, home: Home) -> None:
    home.run(running.id).result.write_text(content)
    states.record_ending(db, home, running, -9)
    assert runs.get(db, running.id).state == "killed"


def test_a_queue_that_nobody_works_rests(db: sqlite3.Connection, home: Home) -> None:
    assert not states.queue_rests(db, home)
    seeds.queue(db, home)
    assert states.queue_rests(db, home)
    lock = locks.try_lock(home.runner_lock)
    assert lock is not None and not states.queue_rests(db, home)
    os.close(lock)
