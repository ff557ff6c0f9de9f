"""`tunedeck doctor --repair`, `--reindex` and `tunedeck gc`: from a home in disorder to one in order."""

import json
import sqlite3
from pathlib import Path

import every_state
import far_store
import pytest
from command import refused, say
from tunedeck.store import database, locks, trash
from tunedeck.store.paths import Home


def findings(*options: str) -> list[tuple[str, str]]:
    told = json.loads(say("doctor", "--json", *options).stdout)
    return [(one["what"], one["found"]) for one in told["findings"] if one["what"] in ("fault", "mended")]


def test_doctor_names_a_fault_and_mends_it_when_asked(home: Home) -> None:
    every_state.fill(home)
    half = home.run(every_state.by_name(home)["finished"].id).checkpoints / "checkpoint-7.tmp"
    half.mkdir(parents=True)
    # The seeded store lists checkpoints that were never written.
    said = findings()
    assert ("fault", f"{half} is no listed checkpoint.") in said and half.is_dir()
    told, waits = say("doctor"), every_state.by_name(home)["waits"].id
    assert told.exit_code == 1
    assert f"1 waiting, a runner rests `tunedeck resume {waits}` lets the queue go on." in told.stdout
    assert ("mended", f"{half} is no listed checkpoint.") in findings("--repair") and not half.exists()
    assert findings() == []


def test_doctor_says_that_the_store_lies_on_a_network(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_store.move_away(monkeypatch, tmp_path)
    every_state.fill(home)
    told = json.loads(say("doctor", "--json").stdout)["findings"]
    [store] = [one["found"] for one in told if one["what"] == "store"]
    assert store.endswith(" runs (on a network filesystem: slower, without WAL)")


def test_a_store_that_is_no_database_is_moved_aside_and_made_again(home: Home) -> None:
    every_state.fill(home)
    names = set(every_state.by_name(home))
    for path in home.root.glob("store.db-*"):
        path.unlink()
    home.store.write_bytes(b"not a database at all" * 300)
    assert "can't be read" in refused("runs", exit_code=1)
    told = say("doctor", "--reindex")
    assert told.exit_code == 0 and "store.db.damaged-1" in told.stdout and "runs and 0 checkpoints" in told.stdout
    assert set(every_state.by_name(home)) == names
    assert (home.root / "store.db.damaged-1").read_bytes().startswith(b"not a database")
    assert "0 runs and 0 checkpoints are listed again" in say("doctor", "--reindex").stdout


def test_a_damaged_store_is_left_alone_while_a_runner_works(home: Home, db: sqlite3.Connection) -> None:
    db.close()
    home.store.write_bytes(b"x" * 5000)
    let_go = every_state.hold(home)
    assert locks.is_held(home.runner_lock)
    assert "A runner works with this store. Stop the runs first." in refused("doctor", "--reindex", exit_code=1)
    let_go()
    assert home.store.read_bytes() == b"x" * 5000


def test_gc_shows_before_it_frees_and_checkpoints_only_when_named(home: Home) -> None:
    every_state.fill(home)
    db = database.connect(home)
    run = every_state.by_name(home)["lost"]
    (home.run(run.id).root / "log.txt").write_text("x" * 2_000_000)
    trash.delete(db, home, run)
    told = say("gc").stdout
    assert "trash" in told and "2.0 MB can be freed: tunedeck gc --yes." in told and (home.trash / run.id).is_dir()
    assert json.loads(say("gc", "--json").stdout)["freed"] is False
    assert "2.0 MB freed." in say("gc", "--yes").stdout and not (home.trash / run.id).exists()
    freed = json.loads(say("gc", "--only", "checkpoints", "--yes", "--json").stdout)
    assert [kind["kind"] for kind in freed["kinds"]] == ["checkpoints"]
    db.close()


def test_a_store_that_is_only_busy_is_not_moved_aside(
    home: Home, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.1)
    db.execute("PRAGMA journal_mode=DELETE")
    db.execute("BEGIN EXCLUSIVE")
    assert "database is locked" in refused("doctor", "--reindex", exit_code=1)
    db.execute("ROLLBACK")
    assert list(home.root.glob("store.db.damaged-*")) == []
