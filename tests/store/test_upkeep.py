"""Keeping a home in order: each disagreement of store and folders is found and mended; nothing else is touched."""

import os
import shutil
import sqlite3

import pytest
from saved import repair, save, stopped, told
from seeds import ended
from tunedeck.store import checkpoints, database, locks, metrics, runs, trash
from tunedeck.store.paths import Home, cache_folder
from tunedeck.store.records import Run
from tunedeck.store.upkeep import integrity, orphans, spare


@pytest.fixture
def run(db: sqlite3.Connection, home: Home) -> Run:
    return stopped(db, home)


def test_a_home_in_order_has_no_fault(db: sqlite3.Connection, home: Home, run: Run) -> None:
    assert told(db, home) == []


def test_a_row_that_names_nothing_is_dropped_and_the_others_stay(db: sqlite3.Connection, home: Home, run: Run) -> None:
    db.execute("PRAGMA foreign_keys=OFF")
    metrics.write(db, 1, [("loss", 1, 2.0)])
    metrics.write(db, 99, [("loss", 1, 2.0)])
    db.execute("UPDATE run SET parent_run = 'gone'")
    assert told(db, home) == [
        "1 rows of the store's table run name a run that is gone (parent_run).",
        "1 rows of the store's table metric name a attempt that is gone (attempt_id).",
    ]
    repair(db, home)
    assert told(db, home) == []
    assert metrics.series(db, run.id, "loss") == ([1], [2.0]) and runs.get(db, run.id).parent_run is None


def test_a_torn_page_is_told_and_never_mended_by_itself(db: sqlite3.Connection, home: Home, run: Run) -> None:
    metrics.write(db, 1, [("loss", step, 1.0) for step in range(20_000)])
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    content = bytearray(home.store.read_bytes())
    content[-40_000:-30_000] = bytes(10_000)
    home.store.write_bytes(content)
    again = database.connect(home)
    [fault] = integrity.faults(again, home)
    assert f"{home.store} is damaged" in fault.what and fault.repair is None
    again.close()


def test_a_checkpoint_that_lost_a_file_is_marked_as_bad(db: sqlite3.Connection, home: Home, run: Run) -> None:
    (save(db, home, run, 8) / "model.safetensors").unlink()
    assert "Checkpoint 8 of the run kept can't be used" in told(db, home)[0]
    repair(db, home)
    assert told(db, home) == [] and [saved.step for saved in checkpoints.of_run(db, run.id)] == [4]


def test_a_missing_folder_takes_checkpoints_off_the_list_and_keeps_figures(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    metrics.write(db, 1, [("loss", 1, 2.0)])
    shutil.rmtree(home.run(run.id).root)
    assert "The folder of the run kept is missing" in told(db, home)[0]
    repair(db, home)
    assert told(db, home) == [] and checkpoints.of_run(db, run.id) == []
    assert metrics.latest(db, run.id, "loss") == 2.0


def test_a_disk_that_was_not_mounted_at_the_repair_loses_no_checkpoint(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    home.runs.rename(home.root / "elsewhere")
    repair(db, home)
    shutil.rmtree(home.runs)
    (home.root / "elsewhere").rename(home.runs)
    assert spare.found(db, home)[1].paths == ()
    assert ["marked as bad, and every byte of it is as written" in what for what in told(db, home)] == [True]
    repair(db, home)
    assert told(db, home) == [] and [saved.step for saved in checkpoints.of_run(db, run.id)] == [4]


def test_an_engine_that_began_since_loses_nothing_of_what_it_writes(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    half = home.run(run.id).checkpoints / "checkpoint-9.tmp"
    half.mkdir()
    found, [fault] = spare.found(db, home), list(orphans.faults(db, home))
    engine = locks.try_lock(home.run(run.id).lock)
    assert engine is not None and fault.repair is not None
    fault.repair()
    for kind in found:
        kind.free()
    assert half.is_dir()
    os.close(engine)
    fault.repair()
    assert not half.exists()


def test_a_checkpoint_that_a_run_was_queued_from_since_stays(db: sqlite3.Connection, home: Home, run: Run) -> None:
    for step in (8, 12):
        save(db, home, run, step)
    db.execute("UPDATE run SET state = 'completed'")
    found = {kind.kind: kind for kind in spare.found(db, home)}["checkpoints"]
    checkpoints.pin(db, run.id, 4)
    found.free()
    assert [saved.step for saved in checkpoints.of_run(db, run.id)] == [12, 4] and told(db, home) == []


def test_a_run_of_two_folders_is_told_and_left_alone(db: sqlite3.Connection, home: Home, run: Run) -> None:
    trash.delete(db, home, run)
    (home.run(run.id).root / "checkpoints").mkdir(parents=True)
    [fault] = [fault for fault in orphans.faults(db, home) if "has two folders" in fault.what]
    assert fault.repair is None


def test_what_a_killed_engine_left_is_removed(db: sqlite3.Connection, home: Home, run: Run) -> None:
    half = home.run(run.id).checkpoints / "checkpoint-9.tmp"
    half.mkdir()
    assert told(db, home) == [f"{half} is no listed checkpoint."]
    repair(db, home)
    assert not half.exists() and (home.run(run.id).checkpoints / "checkpoint-4").is_dir()


def test_a_folder_on_the_wrong_side_of_the_trash_follows_its_row(db: sqlite3.Connection, home: Home, run: Run) -> None:
    db.execute("UPDATE run SET deleted_at = 1.0")
    assert told(db, home) == ["The run kept is in the trash, and its folder is not."]
    repair(db, home)
    assert (home.trash / run.id).is_dir() and told(db, home) == []
    db.execute("UPDATE run SET deleted_at = NULL")
    assert "The folder of the run kept is in the trash, and the run is not." in told(db, home)


def test_what_can_be_freed_is_told_first_and_only_that_is_freed(db: sqlite3.Connection, home: Home, run: Run) -> None:
    for step in (8, 12, 16):
        save(db, home, run, step)
    db.execute("UPDATE run SET state = 'completed'")
    checkpoints.pin(db, run.id, 8)
    gone = ended(db, home, "gone")
    (home.run(gone.id).root / "log.txt").write_text("x" * 500)
    trash.delete(db, home, gone)
    (cache_folder() / "rows").mkdir(parents=True)
    (cache_folder() / "rows" / "a.parquet").write_bytes(bytes(300))
    os.utime(cache_folder() / "rows" / "a.parquet", (0, 0))
    home.backups.mkdir()
    for number in range(3):
        (home.backups / f"store-{number}.db").write_bytes(bytes(100))

    found = {kind.kind: kind for kind in spare.found(db, home)}
    assert {kind: len(one.paths) for kind, one in found.items()} == {
        "trash": 1, "leftovers": 0, "cache": 1, "backups": 1, "checkpoints": 2,
    }  # fmt: skip
    assert (found["cache"].size_bytes, found["backups"].size_bytes) == (300, 100) and found["trash"].size_bytes > 500
    assert [kind for kind, one in found.items() if not one.always] == ["checkpoints"]

    for kind in found.values():
        kind.free()
    # The best and newest is 16, and something starts from 8.
    assert [saved.step for saved in checkpoints.of_run(db, run.id)] == [16, 8]
    assert sorted(path.name for path in home.run(run.id).checkpoints.iterdir()) == ["checkpoint-16", "checkpoint-8"]
    assert sum(kind.size_bytes for kind in spare.found(db, home)) == 0
    assert runs.listed(db, deleted=True) == [] and told(db, home) == []
