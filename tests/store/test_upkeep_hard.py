"""Keeping a home in order against the odds: links, other disks, two at once, full disks, kills, hostile files."""

import multiprocessing
import os
import shutil
import sqlite3
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from saved import faults, kinds, repair, save, steps, stopped, told, write
from seeds import ended
from tunedeck.store import checkpoints, database, locks, metrics, runs, trash
from tunedeck.store.paths import Home, cache_folder
from tunedeck.store.records import Run
from tunedeck.store.upkeep import reindex, spare

MENDERS = 4


@pytest.fixture
def run(db: sqlite3.Connection, home: Home) -> Run:
    return stopped(db, home)


# rows


def test_with_a_dropped_row_go_those_that_name_it(db: sqlite3.Connection, home: Home, run: Run) -> None:
    gone = ended(db, home, "gone")
    save(db, home, gone, 8)
    metrics.write(db, 2, [("loss", 1, 2.0)])
    shutil.rmtree(home.run(gone.id).root)
    db.execute("PRAGMA foreign_keys=OFF")
    db.execute("DELETE FROM run WHERE id = ?", (gone.id,))
    db.execute("PRAGMA foreign_keys=ON")
    assert len(told(db, home)) >= 3
    repair(db, home)
    assert told(db, home) == [] and db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert db.execute("SELECT COUNT(*) FROM metric").fetchone()[0] == 0 and steps(db, run) == [4]


# checkpoints


def test_what_was_saved_after_the_copy_that_was_put_back_is_listed_again(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    folder, *_ = write(home, run, 8)
    assert told(db, home) == [f"{folder} is a checkpoint that the store does not know."]
    # It is nobody's leftover.
    assert kinds(db, home)["leftovers"].paths == ()
    repair(db, home)
    assert told(db, home) == [] and steps(db, run) == [8, 4]
    assert checkpoints.of_run(db, run.id)[0].pinned == 1


def test_an_unknown_checkpoint_that_is_torn_is_removed(db: sqlite3.Connection, home: Home, run: Run) -> None:
    folder, *_ = write(home, run, 8)
    (folder / "model.safetensors").write_bytes(bytes(999) + b"x")
    repair(db, home)
    assert not folder.exists() and told(db, home) == [] and steps(db, run) == [4]


@pytest.mark.parametrize("content", [b"\0" * 4096, b"[]", b'{"a": 1}', b'{"a": {}}', b"[" * 100_000])
def test_a_manifest_that_is_no_list_of_files_stops_no_repair(
    db: sqlite3.Connection, home: Home, run: Run, content: bytes
) -> None:
    folder, *_ = write(home, run, 8)
    (folder / checkpoints.MANIFEST).write_bytes(content)
    repair(db, home)
    assert not folder.exists() and told(db, home) == []


def test_half_a_deleted_checkpoint_is_a_leftover_though_it_looks_finished(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    folder = save(db, home, run, 8)
    [saved, _] = checkpoints.of_run(db, run.id)
    checkpoints.set_state(db, saved, "deleted")
    assert told(db, home) == [f"{folder} is no listed checkpoint."]
    repair(db, home)
    assert not folder.exists()


def test_an_engine_that_began_since_keeps_its_checkpoints(db: sqlite3.Connection, home: Home, run: Run) -> None:
    broken = save(db, home, run, 8)
    whole, *_ = write(home, run, 12)
    (broken / "model.safetensors").unlink()
    found = faults(db, home)
    engine = locks.try_lock(home.run(run.id).lock)
    assert engine is not None and len(found) == 2
    for fault in found:
        assert fault.repair is not None
        fault.repair()
    assert steps(db, run) == [8, 4] and whole.is_dir()
    # What an engine works on is not even looked at.
    assert told(db, home) == []
    os.close(engine)


def test_a_checkpoint_that_was_made_whole_again_meanwhile_is_not_marked(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    weights = home.run(run.id).checkpoints / "checkpoint-4" / "model.safetensors"
    content = weights.read_bytes()
    weights.unlink()
    [fault] = faults(db, home)
    weights.write_bytes(content)
    assert fault.repair is not None
    fault.repair()
    assert steps(db, run) == [4]


def test_a_copy_that_somebody_put_beside_a_checkpoint_is_nobodys_leftover(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    folder = home.run(run.id).checkpoints
    for name in ("checkpoint-4-copy", "checkpoint-best", "checkpoint-0004", "checkpoint-5.tmp.bak"):
        shutil.copytree(folder / "checkpoint-4", folder / name)
    assert told(db, home) == [] and kinds(db, home)["leftovers"].paths == ()


# links, and other disks


def test_a_link_is_removed_and_what_it_leads_to_stays(
    db: sqlite3.Connection, home: Home, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "file").touch()
    folder = home.run(run.id).checkpoints
    for name in ("checkpoint-9.tmp", "checkpoint-12"):
        (folder / name).symlink_to(tmp_path / "theirs")
    repair(db, home)
    assert told(db, home) == [] and {path.name for path in folder.iterdir()} == {"checkpoint-4"}
    home.trash.mkdir()
    (home.trash / "unknown").symlink_to(tmp_path / "theirs")
    kinds(db, home)["trash"].free()
    assert list(home.trash.iterdir()) == [] and (tmp_path / "theirs" / "file").exists()


def test_runs_on_another_disk_by_a_link_are_in_order(
    db: sqlite3.Connection, home: Home, run: Run, tmp_path: Path
) -> None:
    home.runs.rename(tmp_path / "disk")
    home.runs.symlink_to(tmp_path / "disk")
    assert told(db, home) == []
    trash.delete(db, home, run)
    assert (home.trash / run.id).is_dir() and told(db, home) == []
    trash.restore(db, home, run)
    assert told(db, home) == [] and steps(db, run) == [4]


# two at once


def mend_all(folder: Path, barrier: Barrier, failed: "multiprocessing.Queue[str]") -> None:
    """What `doctor --reindex`, `doctor --repair` and `gc --yes` do, at the same moment as others."""
    home = Home(folder)
    try:
        db = database.connect(home)
        barrier.wait(30)
        reindex.take_in(db, home, reindex.unlisted(db, home))
        for fault in faults(db, home):
            if fault.repair:
                fault.repair()
        for kind in spare.found(db, home):
            if kind.kind != "checkpoints":
                kind.free()
        db.close()
    except BaseException as error:
        failed.put(repr(error))
        raise


def test_several_repairs_at_once_make_one_home_in_order(db: sqlite3.Connection, home: Home) -> None:
    for number in range(12):
        made = ended(db, home, f"run-{number}")
        save(db, home, made, 8)
        write(home, made, 12)
        (home.run(made.id).checkpoints / "checkpoint-16.tmp").mkdir()
        runs.describe(home, made)
    for lost in runs.listed(db)[:4]:
        trash.forget(db, lost.id)
    for deleted in runs.listed(db)[:4]:
        db.execute("UPDATE run SET deleted_at = 1.0 WHERE id = ?", (deleted.id,))
    spawn = multiprocessing.get_context("spawn")
    barrier, failed = spawn.Barrier(MENDERS), spawn.Queue()
    menders = [spawn.Process(target=mend_all, args=(home.root, barrier, failed)) for _ in range(MENDERS)]
    for mender in menders:
        mender.start()
    for mender in menders:
        mender.join(60)
    assert [mender.exitcode for mender in menders] == [0] * MENDERS, failed.get()
    assert told(db, home) == [] and len(runs.listed(db)) == 8
    assert {tuple(steps(db, kept)) for kept in runs.listed(db)} == {(12, 8)}


def test_a_folder_that_is_in_the_trash_by_mistake_comes_back_with_its_checkpoints(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    trash.delete(db, home, run)
    db.execute("UPDATE run SET deleted_at = NULL")
    assert told(db, home) == ["The folder of the run kept is in the trash, and the run is not."]
    repair(db, home)
    assert told(db, home) == [] and steps(db, run) == [4]


# stores that can't be written


def test_a_newer_store_is_looked_through_and_nothing_of_it_changed(
    db: sqlite3.Connection, home: Home, run: Run
) -> None:
    folder, *_ = write(home, run, 8)
    half = home.run(run.id).checkpoints / "checkpoint-9.tmp"
    half.mkdir()
    db.execute(f"PRAGMA user_version={database.SCHEMA_VERSION + 1}")
    db.close()
    newer = database.connect(home)
    [unknown, _] = faults(newer, home)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        unknown.repair()  # type: ignore[misc]
    assert folder.is_dir() and steps(newer, run) == [4]
    newer.close()


# the cache


def cached(name: str, age_seconds: float) -> Path:
    path = cache_folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    changed = path.stat().st_mtime - age_seconds
    os.utime(path, (changed, changed))
    return path


def test_what_was_asked_for_in_the_last_hour_stays_in_the_cache(db: sqlite3.Connection, home: Home) -> None:
    used = [cached("rows/a.parquet", 60), cached("rows/a.json", 90_000), cached("rows/.making-x/a.parquet", 60)]
    os.utime(cache_folder() / "rows" / ".making-x", (0, 0))
    unused = [cached("rows/b.json", 7200), cached("rows/b.parquet", 7200), cached("estimates/c.json", 7200)]
    kind = kinds(db, home)["cache"]
    assert {*kind.paths} == {*unused}
    kind.free()
    assert all(path.exists() for path in used) and not any(path.exists() for path in unused)
