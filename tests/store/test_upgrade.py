"""Stores as earlier versions really wrote them, brought to this schema with all that they hold, after a backup."""

import multiprocessing
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from tunedeck.store import checkpoints, database, datasets, fits, migrations, overview, runs, samples, sweeps
from tunedeck.store.errors import StoreError
from tunedeck.store.fits import Setting
from tunedeck.store.paths import Home
from tunedeck.store.records import Fit
from tunedeck.store.upkeep import integrity

FOLDER = Path(__file__).parent / "earlier"
# No version was ever released with schema 3; a migration from 2 that was killed leaves one.
WRITTEN = (1, 2, 4, 5)
OPENERS = 4

Rows = list[tuple[object, ...]]


def put_back(home: Home, schema: int) -> None:
    """The store as that version left it."""
    home.root.mkdir(mode=0o700, exist_ok=True)
    with closing(sqlite3.connect(home.store)) as db:
        db.executescript((FOLDER / f"schema-{schema}.sql").read_text(encoding="utf-8"))


@pytest.fixture(params=WRITTEN)
def schema(request: pytest.FixtureRequest, home: Home) -> int:
    put_back(home, request.param)
    return request.param


@pytest.fixture
def upgraded(schema: int, home: Home) -> Iterator[sqlite3.Connection]:
    db = database.connect(home)
    yield db
    db.close()


def content(db: sqlite3.Connection) -> dict[str, tuple[list[str], Rows]]:
    """Every table's columns and rows."""
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    columns = {name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")] for name in names}
    return {name: (columns[name], _rows(db, name, columns[name])) for name in names}


def _rows(db: sqlite3.Connection, table: str, columns: list[str]) -> Rows:
    return sorted((tuple(row) for row in db.execute(f"SELECT {', '.join(columns)} FROM {table}")), key=repr)


def backup_of(home: Home) -> sqlite3.Connection:
    [place] = home.backups.iterdir()
    assert place.suffix == ".db"
    return sqlite3.connect(place)


def is_whole(db: sqlite3.Connection, home: Home, before: dict[str, tuple[list[str], Rows]]) -> None:
    """Of this schema, nothing wrong with it, and with every value that there was."""
    assert db.execute("PRAGMA user_version").fetchone()[0] == database.SCHEMA_VERSION
    assert list(integrity.faults(db, home)) == []
    for table, (columns, rows) in before.items():
        assert _rows(db, table, columns) == rows, table


def test_each_version_wrote_what_its_dump_holds() -> None:
    assert {path.name for path in FOLDER.glob("*.sql")} == {f"schema-{schema}.sql" for schema in WRITTEN}
    assert set(range(1, database.SCHEMA_VERSION)) - {*WRITTEN} == {3}


def test_nothing_of_an_earlier_store_is_lost(schema: int, home: Home) -> None:
    with closing(sqlite3.connect(home.store)) as old:
        before = content(old)
    assert all(before[table][1] for table in ("run", "attempt", "metric", "checkpoint", "sample", "event"))
    with closing(database.connect(home)) as db:
        is_whole(db, home, before)
    with closing(backup_of(home)) as kept:
        assert kept.execute("PRAGMA user_version").fetchone()[0] == schema
        assert content(kept) == before
    # A second start changes nothing more.
    database.connect(home).close()
    assert len(list(home.backups.iterdir())) == 1


def test_the_upgraded_store_is_the_schema_of_a_new_one(upgraded: sqlite3.Connection, tmp_path: Path) -> None:
    with closing(database.connect(Home(tmp_path / "new"))) as new:
        assert _columns(upgraded) == _columns(new)


def _columns(db: sqlite3.Connection) -> dict[str, set[tuple[object, ...]]]:
    """Each table's columns but for their order, and the columns of each index."""
    told = {
        f"table {name}": {tuple(row)[1:] for row in db.execute(f"PRAGMA table_info({name})")} for name in content(db)
    }
    for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall():
        told[f"index {row[0]}"] = {tuple(one)[::2] for one in db.execute(f"PRAGMA index_info({row[0]})")}
    return told


def test_all_that_is_read_of_runs_is_read_of_earlier_ones(
    schema: int, upgraded: sqlite3.Connection, home: Home
) -> None:
    found = {view.run.name: view for view in overview.of_all(upgraded)}
    assert {"first", "resumed", "waits"} <= set(found)
    finished = found["first"]
    assert finished.state == "completed" and finished.eval_losses and finished.best and finished.step == 8
    assert [saved.step for saved in checkpoints.of_run(upgraded, finished.run.id)] == [8, 4]
    assert samples.of_run(upgraded, finished.run.id)
    assert [gone.name for gone in runs.listed(upgraded, deleted=True)] == ["gone"]
    if schema >= 4:
        device = Setting("llama 2x32", "lora", "causal-lm", "a test device")
        assert fits.known(upgraded, device, 128, 10**9) == Fit(2, 128, 0)
        assert sweeps.find(upgraded, "sweep").summary and len(sweeps.siblings(upgraded, found["sweep r=2"].run)) == 1
    assert [made.label for made in datasets.of_all(upgraded)] == (["capitals@v1"] if schema >= 5 else [])
    if schema >= 2:
        assert found["transferred"].parent_name == "first"


def test_the_queue_of_an_earlier_version_goes_on(upgraded: sqlite3.Connection, home: Home) -> None:
    claimed = runs.claim(upgraded)
    assert claimed is not None and claimed.name in ("waits", "of-data")
    runs.finish(upgraded, claimed.id, "stopped")
    runs.requeue(upgraded, runs.get(upgraded, claimed.id))


@pytest.mark.parametrize("reached", range(2, database.SCHEMA_VERSION))
def test_a_migration_that_was_killed_goes_on_where_it_stopped(home: Home, reached: int) -> None:
    put_back(home, 1)
    with closing(sqlite3.connect(home.store, isolation_level=None)) as db:
        before = content(db)
        for number, change in enumerate(migrations.MIGRATIONS[1:reached], start=2):
            migrations._apply(db, number, change)
    with closing(database.connect(home)) as db:
        is_whole(db, home, before)


KILLED = """
import os, signal, sys
from pathlib import Path
from tunedeck.store import database, migrations
from tunedeck.store.paths import Home
def killed(store):
    last(store)
    os.kill(os.getpid(), signal.SIGKILL)
*others, last = migrations.MIGRATIONS
migrations.MIGRATIONS = (*others, killed)
database.connect(Home(Path(sys.argv[1])))
"""


def test_a_kill_inside_a_change_leaves_the_schema_before_it(schema: int, home: Home) -> None:
    with closing(sqlite3.connect(home.store)) as old:
        before = content(old)
    killed = subprocess.run([sys.executable, "-P", "-c", KILLED, str(home.root)], check=False)
    assert killed.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(home.store)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == database.SCHEMA_VERSION - 1
    with closing(database.connect(home)) as db:
        is_whole(db, home, before)


def open_it(folder: Path, barrier: Barrier) -> None:
    barrier.wait(30)
    database.connect(Home(folder)).close()


def test_several_that_open_it_at_once_upgrade_it_once(home: Home) -> None:
    put_back(home, 1)
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(OPENERS)
    openers = [spawn.Process(target=open_it, args=(home.root, barrier)) for _ in range(OPENERS)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(60)
    assert [opener.exitcode for opener in openers] == [0] * OPENERS
    backup_of(home).close()


NO_ROOM = """
import resource, signal, sys
from pathlib import Path
from tunedeck.store import database
from tunedeck.store.errors import StoreError
from tunedeck.store.paths import Home
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    database.connect(Home(Path(sys.argv[1])))
except StoreError as error:
    print(error)
"""


def test_without_room_for_a_backup_nothing_is_changed(schema: int, home: Home) -> None:
    before = home.store.read_bytes()
    done = subprocess.run(
        [sys.executable, "-P", "-c", NO_ROOM, str(home.root)], capture_output=True, text=True, check=True
    )
    assert "is of an earlier Tunedeck, and can't be copied to" in done.stdout and "Nothing was changed." in done.stdout
    with closing(sqlite3.connect(home.store)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == schema
    assert len(home.store.read_bytes()) == len(before) and not list(home.backups.glob("*.db"))


def test_a_backup_that_can_not_be_made_is_one_sentence(schema: int, home: Home) -> None:
    home.backups.write_text("no folder")
    with pytest.raises(StoreError, match=r"can't be copied to .*backups first: .*File exists.* Nothing was changed"):
        database.connect(home)
