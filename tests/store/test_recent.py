"""What the newest runs used, newest first and each value once."""

import sqlite3

import pytest
from tunedeck.store import recent, runs, trash
from tunedeck.store.paths import Home
from tunedeck.store.records import Run


@pytest.fixture
def made(db: sqlite3.Connection, home: Home) -> list[Run]:
    configs = [
        '{"data": "a.jsonl", "r": 8, "prompts": ["x"]}', '{"data": "b.jsonl", "r": 8, "name": ""}',
        '{"data": "a.jsonl", "r": 16, "prompts": []}',
    ]  # fmt: skip
    return [
        runs.queue(db, home, name=f"run {number}", config=config, versions={}, fingerprint="")
        for number, config in enumerate(configs)
    ]


def test_values_are_told_once_those_of_the_newest_run_first(db: sqlite3.Connection, made: list[Run]) -> None:
    assert recent.values(db) == {"data": ["a.jsonl", "b.jsonl"], "r": [16, 8], "prompts": [["x"]]}


def test_what_is_in_the_trash_is_not_offered(db: sqlite3.Connection, home: Home, made: list[Run]) -> None:
    trash.delete(db, home, made[1])
    assert recent.values(db)["data"] == ["a.jsonl"]
    assert [run.name for run in recent.runs(db, 5)] == ["run 2", "run 0"] and len(recent.runs(db, 1)) == 1
