"""The schema: made once however many begin, taken from the oldest with its data, or left as it was."""

import multiprocessing
import sqlite3
import subprocess
import sys

import pytest
import seeds
import sqlite_utils
from tunedeck.store import checkpoints, database, metrics, migrations, overview, runs, sweeps
from tunedeck.store.paths import Home

STARTERS = 8


def m999_a_column_more(store: sqlite_utils.Database) -> None:
    store["run"].add_column("mood", str)


def m999_half_a_change(store: sqlite_utils.Database) -> None:
    m999_a_column_more(store)
    raise sqlite3.OperationalError("the power went")


@pytest.fixture
def next_schema(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A later Tunedeck, with one more change of the schema."""
    version = database.SCHEMA_VERSION + 1
    for module in (database, migrations):
        monkeypatch.setattr(module, "SCHEMA_VERSION", version)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, m999_a_column_more))
    return monkeypatch


# What the first version wrote, kept as it was: its functions are others by now.
VERSION_1_ROWS = """
INSERT INTO run (number, id, name, state, kind, config, versions, fingerprint, created_at, queue_position)
VALUES (1, 'bcdfghjk', 'first', 'stopped', 'new', '{"eval_steps": 4}', '{}', 'sha256:00', 1.0, 1),
       (2, 'mnpqrstv', 'second', 'queued', 'new', '{"eval_steps": 4}', '{}', 'sha256:00', 2.0, 2);
INSERT INTO attempt (id, run_id, start_step, started_at, ended_at) VALUES (1, 'bcdfghjk', 0, 1.0, 2.0);
INSERT INTO metric_key (id, name) VALUES (1, 'loss');
INSERT INTO metric (attempt_id, key_id, step, value, flag) VALUES (1, 1, 1, 2.5, 0), (1, 1, 2, NULL, 1);
INSERT INTO checkpoint (run_id, attempt_id, step, state, eval_loss, best, created_at)
VALUES ('bcdfghjk', 1, 2, 'complete', 2.5, 0, 2.0), ('bcdfghjk', 1, 4, 'complete', 2.0, 1, 2.0);
INSERT INTO event (run_id, at, level, text) VALUES ('bcdfghjk', 2.0, 'info', 'stopped');
"""


def oldest_with_data(home: Home) -> str:
    """A store of schema 1 with two runs, and points and checkpoints of one; that run's id."""
    home.root.mkdir(mode=0o700)
    db = sqlite3.connect(home.store, isolation_level=None)
    migrations._apply(db, 1, migrations.m001_first_light)
    db.executescript(VERSION_1_ROWS)
    db.close()
    return "bcdfghjk"


def test_the_numbers_are_without_gap() -> None:
    numbers = [int(change.__name__[1:4]) for change in migrations.MIGRATIONS]
    assert numbers == list(range(1, database.SCHEMA_VERSION + 1))


def test_the_oldest_store_keeps_its_data_and_a_backup(home: Home, next_schema: pytest.MonkeyPatch) -> None:
    run_id = oldest_with_data(home)
    db = database.connect(home)
    assert db.execute("SELECT mood FROM run").fetchone()["mood"] is None
    assert runs.get(db, run_id).name == "first"
    assert metrics.series(db, run_id, "loss")[0] == [1, 2]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()
    [backup] = home.backups.glob("*.db")
    assert backup.stat().st_mode & 0o077 == 0 or home.root.stat().st_mode & 0o077 == 0
    old = sqlite3.connect(backup)
    assert old.execute("SELECT id FROM run").fetchall() == [(run_id,), ("mnpqrstv",)]
    assert old.execute("PRAGMA user_version").fetchone() == (1,)
    old.close()


def test_what_the_first_version_wrote_is_read_by_this_one(home: Home) -> None:
    run_id = oldest_with_data(home)
    db = database.connect(home)
    run = runs.get(db, run_id)
    assert (run.state, run.sweep_id, run.options) == ("stopped", None, None)
    assert [(saved.step, saved.best, saved.rank) for saved in checkpoints.of_run(db, run_id)] == [
        (4, 1, 2.0), (2, 0, 2.5),
    ]  # fmt: skip
    assert [view.run.name for view in overview.of_all(db)] == ["second", "first"]
    assert sweeps.due(db) == []
    claimed = runs.claim(db)
    assert claimed is not None and claimed.name == "second"
    db.close()


def test_a_change_that_fails_leaves_the_store_as_it_was(home: Home, next_schema: pytest.MonkeyPatch) -> None:
    run_id = oldest_with_data(home)
    next_schema.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS[:-1], m999_half_a_change))
    with pytest.raises(database.StoreError, match="the power went"):
        database.connect(home)
    next_schema.undo()
    next_schema.setenv("TUNEDECK_HOME", str(home.root))
    db = database.connect(home)
    assert runs.get(db, run_id).name == "first"
    assert "mood" not in [row["name"] for row in db.execute("PRAGMA table_info(run)")]
    db.close()


def test_a_store_that_is_up_to_date_needs_no_heavy_import(db: sqlite3.Connection, home: Home) -> None:
    code = (
        "import sys; from pathlib import Path; from tunedeck.store import database, paths;"
        "database.connect(paths.Home(Path(sys.argv[1]))).close(); sys.exit('sqlite_utils' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-P", "-c", code, str(home.root)]).returncode == 0


def test_many_processes_at_once_make_one_store(home: Home) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(STARTERS)
    starters = [spawn.Process(target=seeds.connect_and_queue, args=(home.root, barrier)) for _ in range(STARTERS)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(60)
    assert [starter.exitcode for starter in starters] == [0] * STARTERS
    db = database.connect(home)
    assert sorted(run.queue_position or 0 for run in runs.listed(db)) == list(range(1, STARTERS + 1))
    db.close()
