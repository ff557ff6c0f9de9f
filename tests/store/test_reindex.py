"""Runs listed again out of their folders: once each, with every checkpoint that is whole, and no strange row."""

import json
import math
import sqlite3

import pytest
from saved import kinds, save, steps, stopped, told
from seeds import ended, queue
from tunedeck.store import checkpoints, database, runs, trash
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.store.upkeep import orphans, reindex


@pytest.fixture
def run(db: sqlite3.Connection, home: Home) -> Run:
    return stopped(db, home)


def test_a_store_that_was_lost_is_made_again_out_of_the_folders(db: sqlite3.Connection, home: Home, run: Run) -> None:
    child = queue(db, home, "child")
    runs.describe(home, child)
    damaged = save(db, home, run, 8)
    db.close()
    (damaged / "model.safetensors").write_bytes(bytes(999) + b"x")
    aside = reindex.set_aside(home)
    assert aside is not None and aside.read_bytes()[:6] == b"SQLite" and not home.store.exists()

    again = database.connect(home)
    done = reindex.take_in(again, home, reindex.unlisted(again, home))
    assert (done.runs, done.checkpoints, done.unreadable) == (2, 1, [])
    found = runs.get(again, run.id)
    assert (found.name, found.state, found.config, found.number) == ("kept", "stopped", run.config, run.number)
    assert [saved.step for saved in checkpoints.of_run(again, run.id)] == [4]
    assert runs.get(again, child.id).state == "interrupted"
    runs.requeue(again, found)
    assert reindex.unlisted(again, home) == []
    again.close()


def test_a_description_that_is_of_another_run_is_not_believed(db: sqlite3.Connection, home: Home, run: Run) -> None:
    for name, text in (("torn", "{"), ("forged", json.dumps(run.__dict__)), ("list", "[]")):
        (home.runs / name).mkdir()
        (home.runs / name / "run.json").write_text(text)
    assert [fault.repair for fault in orphans.faults(db, home)] == [None] * 3
    done = reindex.take_in(db, home, reindex.unlisted(db, home))
    assert (done.runs, len(done.unreadable)) == (0, 3) and len(runs.listed(db)) == 1


def test_a_full_disk_stops_a_repair_and_the_next_one_does_it(db: sqlite3.Connection, home: Home, run: Run) -> None:
    others = [ended(db, home, f"other-{number}") for number in range(3)]
    for other in others:
        save(db, home, other, 8)
        runs.describe(home, other)
        trash.forget(db, other.id)
    db.execute("CREATE TRIGGER full AFTER INSERT ON checkpoint BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        reindex.take_in(db, home, reindex.unlisted(db, home))
    # A run that were listed without its checkpoints would have them removed as leftovers.
    assert len(runs.listed(db)) == 1 and kinds(db, home)["leftovers"].paths == ()
    db.execute("DROP TRIGGER full")
    done = reindex.take_in(db, home, reindex.unlisted(db, home))
    assert (done.runs, done.checkpoints) == (3, 3) and told(db, home) == []


def test_no_damaged_store_is_overwritten_by_the_next_one(db: sqlite3.Connection, home: Home) -> None:
    db.close()
    for number in (2, 3):
        home.store.with_name(f"store.db.damaged-{number}").write_text(f"kept {number}")
    for _ in range(3):
        home.store.write_bytes(b"damaged")
        assert reindex.set_aside(home) is not None
    assert [home.store.with_name(f"store.db.damaged-{n}").read_text() for n in (2, 3)] == ["kept 2", "kept 3"]
    assert len(list(home.root.glob("store.db.damaged-*"))) == 5


STRANGE: dict[str, dict[str, object]] = {
    "a name that is a list": {"name": ["a"]}, "a time in words": {"created_at": "yesterday"},
    "a state of its own": {"state": "flying"}, "a configuration that is no JSON": {"config": "{"},
    "a configuration that is a list": {"config": "[]"}, "versions that are none": {"versions": "3"},
    "a number in words": {"number": "seven"}, "steps that are many": {"total_steps": {}},
    "no time at all": {"created_at": math.nan}, "a number too large": {"number": 10**30},
    "a name of half a character": {"name": "\ud800"},
}  # fmt: skip


@pytest.mark.parametrize("what", STRANGE)
def test_a_description_of_strange_values_is_told_and_not_taken_in(
    db: sqlite3.Connection, home: Home, run: Run, what: str
) -> None:
    trash.forget(db, run.id)
    home.run(run.id).description.write_text(json.dumps(run.__dict__ | STRANGE[what]))
    assert len(reindex.take_in(db, home, reindex.unlisted(db, home)).unreadable) == 1
    assert runs.listed(db) == [] and "run.json can't be read" in told(db, home)[0]


def test_a_description_of_an_earlier_schema_is_taken_in(db: sqlite3.Connection, home: Home, run: Run) -> None:
    trash.forget(db, run.id)
    earlier = {
        name: value for name, value in run.__dict__.items() if name not in ("sweep_id", "options", "forked_from")
    }
    home.run(run.id).description.write_text(json.dumps(earlier))
    assert reindex.take_in(db, home, reindex.unlisted(db, home)).runs == 1
    assert runs.get(db, run.id).name == "kept" and steps(db, run) == [4]


def test_a_queued_run_that_is_listed_again_is_never_there_for_a_runner(db: sqlite3.Connection, home: Home) -> None:
    waits = queue(db, home, "waits")
    trash.forget(db, waits.id)
    db.execute(
        "CREATE TRIGGER never AFTER INSERT ON run WHEN NEW.state = 'queued' BEGIN SELECT RAISE(ABORT, 'queued'); END"
    )
    assert reindex.take_in(db, home, reindex.unlisted(db, home)).runs == 1
    assert runs.get(db, waits.id).state == "interrupted"
