"""The trash: it gives back what was put in, and lets go what nobody needs, whatever else happens meanwhile."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import seeds
from saved import kinds, steps, stopped, told
from tunedeck.store import attempts, commands, events, heartbeats, metrics, runs, samples, trash
from tunedeck.store.errors import NotFoundError, StateError
from tunedeck.store.paths import Home
from tunedeck.store.records import Run


@pytest.fixture
def run(db: sqlite3.Connection, home: Home) -> Run:
    return stopped(db, home)


def test_the_trash_gives_back_what_was_put_in(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.ended(db, home)
    (home.run(run.id).root / "log.txt").write_text("words")
    trash.delete(db, home, run)
    assert runs.listed(db) == [] and not home.run(run.id).root.exists()
    assert [gone.id for gone in runs.listed(db, deleted=True)] == [run.id]
    trash.restore(db, home, run)
    assert runs.listed(db) == [run] and home.run(run.id).log.read_text() == "words"


def test_a_queued_run_in_the_trash_is_not_worked(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    trash.delete(db, home, run)
    assert runs.claim(db) is None and runs.queued_count(db) == 0
    trash.restore(db, home, run)
    assert runs.get(db, run.id).state == "stopped"


def test_a_running_run_is_not_deleted(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    runs.claim(db)
    with pytest.raises(StateError, match=r"first is running. Stop it first."):
        trash.delete(db, home, run)
    assert home.run(run.id).root.exists()


def test_emptying_the_trash_leaves_no_row_and_no_file_of_its_runs_alone(
    db: sqlite3.Connection, home: Home, tmp_path: Path
) -> None:
    kept, gone = seeds.ended(db, home, "kept"), seeds.ended(db, home, "gone")
    (tmp_path / "precious").touch()
    (home.run(gone.id).root / "link").symlink_to(tmp_path)
    attempt = attempts.of_run(db, gone.id)[0]
    metrics.write(db, attempt.id, [("loss", 1, 1.0)])
    samples.write(db, gone.id, attempt.id, 1, "prompt", "answer")
    events.write(db, gone.id, "text")
    heartbeats.beat(db, gone.id, "training", 1, 1.0)
    commands.ask(db, gone.id, "stop")
    trash.delete(db, home, gone)
    assert trash.empty(db, home) == 1
    assert runs.listed(db) == [kept] and runs.listed(db, deleted=True) == []
    assert not (home.trash / gone.id).exists() and (tmp_path / "precious").exists() and home.run(kept.id).root.exists()
    assert db.execute("SELECT COUNT(*) FROM metric").fetchone()[0] == 0
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_run_that_others_lie_on_is_not_emptied_out_of_the_trash(db: sqlite3.Connection, home: Home, run: Run) -> None:
    first, between = seeds.ended(db, home, "first"), seeds.ended(db, home, "between")
    db.execute("UPDATE run SET parent_run = ? WHERE id = ?", (first.id, between.id))
    db.execute("UPDATE run SET parent_run = ? WHERE id = ?", (between.id, run.id))
    for gone in (first, between, seeds.ended(db, home, "alone")):
        trash.delete(db, home, gone)
    freed = kinds(db, home)["trash"]
    assert len(freed.paths) == 1 and "but for 2 that other runs lie on" in freed.what
    freed.free()
    assert {one.name for one in runs.listed(db, deleted=True)} == {"first", "between"}
    assert (home.trash / first.id).is_dir() and told(db, home) == []


def test_a_run_taken_out_of_the_trash_since_is_not_emptied(db: sqlite3.Connection, home: Home, run: Run) -> None:
    trash.delete(db, home, run)
    freed = kinds(db, home)["trash"]
    assert len(freed.paths) == 1
    trash.restore(db, home, run)
    freed.free()
    assert runs.get(db, run.id).deleted_at is None and steps(db, run) == [4] and told(db, home) == []


def test_a_run_that_was_emptied_since_is_not_taken_out(db: sqlite3.Connection, home: Home, run: Run) -> None:
    trash.delete(db, home, run)
    assert trash.empty(db, home) == 1
    with pytest.raises(NotFoundError):
        trash.restore(db, home, run)
    assert told(db, home) == [] and list(home.runs.iterdir()) == []


def test_a_trash_that_was_half_emptied_when_killed_is_freed_later(
    db: sqlite3.Connection, home: Home, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash.delete(db, home, run)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(shutil, "rmtree", killed)
        trash.empty(db, home)
    assert (home.trash / run.id).is_dir()
    kinds(db, home)["trash"].free()
    assert list(home.trash.iterdir()) == [] and told(db, home) == []


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    if not Path("/dev/shm").is_dir() or Path("/dev/shm").stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one disk only")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


def test_a_run_that_can_not_be_moved_to_the_trash_stays_where_it_is(
    db: sqlite3.Connection, home: Home, run: Run, other_disk: Path
) -> None:
    shutil.move(home.runs, other_disk / "runs")
    home.runs.symlink_to(other_disk / "runs")
    with pytest.raises(StateError, match="have to lie on one disk"):
        trash.delete(db, home, run)
    assert runs.get(db, run.id).deleted_at is None and told(db, home) == []
    (other_disk / "trash").mkdir()
    home.trash.rmdir()
    home.trash.symlink_to(other_disk / "trash")
    trash.delete(db, home, run)
    assert (other_disk / "trash" / run.id).is_dir() and told(db, home) == []
