"""Opening the store: who may read it, and what happens to files that are no store (FAULTS 25)."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import seeds
from tunedeck.store import database, runs, states
from tunedeck.store.errors import StoreError
from tunedeck.store.paths import Home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read_it_whatever_the_umask(home: Home) -> None:
    before = os.umask(0)
    try:
        db = database.connect(home)
        run = seeds.queue(db, home)
        assert mode(home.root) == 0o700 and mode(home.run(run.id).root) == 0o700
        assert {mode(path) for path in home.root.glob("store.db*")} == {0o600}
        db.close()
    finally:
        os.umask(before)


LOOK = """
import sys
from pathlib import Path
from tunedeck.store import database, runs
from tunedeck.store.paths import Home
db = database.connect(Home(Path(sys.argv[1])))
print(len(runs.listed(db)))
db.close()
"""


def seen_by_another_process(home: Home) -> int:
    done = subprocess.run([sys.executable, "-c", LOOK, str(home.root)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_a_second_connection_keeps_the_first_ones_writes_in_sight(db: sqlite3.Connection, home: Home) -> None:
    seeds.queue(db, home, "one")
    database.connect(home).close()
    assert seen_by_another_process(home) == 1
    seeds.queue(db, home, "two")
    assert seen_by_another_process(home) == 2


def test_a_connection_waits_for_others_and_keeps_the_rules(db: sqlite3.Connection, home: Home) -> None:
    told = {
        name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("busy_timeout", "foreign_keys", "journal_mode")
    }
    journal = "delete" if database.on_network(home.store) else "wal"
    assert told == {"busy_timeout": 10_000, "foreign_keys": 1, "journal_mode": journal}
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO event (run_id, at, level, text) VALUES ('none', 0, 'info', '')")
    with pytest.raises(sqlite3.IntegrityError, match="datatype mismatch"):
        db.execute("INSERT INTO metric_key (id, name) VALUES ('x', 'y')")


def kept_as_it_is(home: Home, content: bytes) -> StoreError:
    """The error for a store.db of that content, of which no byte has changed."""
    home.root.mkdir(exist_ok=True)
    home.store.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        database.connect(home)
    assert home.store.read_bytes() == content and str(home.store) in str(caught.value)
    return caught.value


def test_what_is_no_database_is_refused_and_kept(home: Home) -> None:
    error = kept_as_it_is(home, b"no database at all, " * 100)
    assert "file is not a database" in error.what
    assert error.next_step.startswith("Nothing was changed.") and "There is no backup of it." in error.next_step


def test_the_newest_backup_is_offered(home: Home) -> None:
    home.backups.mkdir(parents=True)
    for age, name in enumerate(("store-2.db", "store-1.db")):
        (home.backups / name).touch()
        os.utime(home.backups / name, (1000 - age, 1000 - age))
    assert "The newest backup is " + str(home.backups / "store-2.db") in kept_as_it_is(home, b"x" * 4096).next_step


def test_another_programs_database_is_refused_and_kept(home: Home, tmp_path: Path) -> None:
    for pragma in ("PRAGMA user_version=0", "PRAGMA application_id=12345"):
        other = sqlite3.connect(tmp_path / "other.db")
        other.executescript(f"CREATE TABLE IF NOT EXISTS theirs (x); {pragma};")
        other.close()
        error = kept_as_it_is(home, (tmp_path / "other.db").read_bytes())
        assert "is a database of another program" in error.what


@pytest.mark.parametrize("keep", [0.5, 0.1, 0.004])
def test_a_truncated_store_is_refused_and_kept(keep: float, db: sqlite3.Connection, home: Home) -> None:
    seeds.ended(db, home)
    db.close()
    content = home.store.read_bytes()
    error = kept_as_it_is(home, content[: int(len(content) * keep)])
    assert "can't be read" in error.what and str(home.runs) in error.next_step


def test_an_emptied_store_beside_runs_is_refused_until_it_is_removed(db: sqlite3.Connection, home: Home) -> None:
    seeds.queue(db, home)
    db.close()
    error = kept_as_it_is(home, b"")
    assert "is empty, though there are runs beside it" in error.what and "remove the empty file" in error.next_step
    home.store.unlink()
    database.connect(home).close()


def test_an_empty_file_without_runs_becomes_a_store(home: Home) -> None:
    home.root.mkdir()
    home.store.touch()
    db = database.connect(home)
    assert runs.listed(db) == []
    db.close()


def test_a_newer_store_is_read_and_never_written(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.ended(db, home)
    db.execute("UPDATE run SET state = 'running'")
    db.execute(f"PRAGMA user_version={database.SCHEMA_VERSION + 1}")
    db.close()
    newer = database.connect(home)
    assert database.is_read_only(newer) and [seen.id for seen in runs.listed(newer)] == [run.id]
    assert states.settle(newer, home) == []
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        runs.finish(newer, run.id, "stopped")
    newer.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(home: Home) -> None:
    home.root.mkdir(mode=0o500)
    with pytest.raises(StoreError, match="can't be opened: Permission denied"):
        database.connect(home)


def test_a_home_that_is_a_file_is_one_sentence(home: Home) -> None:
    home.root.write_text("")
    with pytest.raises(StoreError, match=r"can't be opened: File exists[.] Set TUNEDECK_HOME"):
        database.connect(home)


def test_a_name_with_the_signs_of_an_address_is_a_name(tmp_path: Path) -> None:
    home = Home(tmp_path / "a?b#c%20d e")
    database.connect(home).close()
    assert home.store.stat().st_size > 0


def test_a_transaction_leaves_nothing_behind_when_it_fails(db: sqlite3.Connection) -> None:
    for _ in range(2):
        with pytest.raises(KeyError), database.transaction(db, durable=True):
            db.execute("INSERT INTO metric_key (name) VALUES ('x')")
            raise KeyError
    assert db.execute("SELECT COUNT(*) FROM metric_key").fetchone()[0] == 0
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 1


def test_a_transaction_that_finds_the_store_locked_can_be_tried_again(db: sqlite3.Connection, home: Home) -> None:
    db.execute("PRAGMA busy_timeout=10")
    other = database.connect(home)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"), database.transaction(db, durable=True):
        raise AssertionError("not reached")
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 1
    other.execute("ROLLBACK")
    other.close()
    with database.transaction(db):
        db.execute("INSERT INTO metric_key (name) VALUES ('x')")


def test_a_full_disk_fails_one_write_and_not_the_next(db: sqlite3.Connection) -> None:
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count={pages}")
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="full"), database.transaction(db):
            db.execute("INSERT INTO metric_key (name) VALUES (?)", ("x" * 100_000,))
    db.execute(f"PRAGMA max_page_count={pages + 100}")
    with database.transaction(db):
        db.execute("INSERT INTO metric_key (name) VALUES (?)", ("x" * 100_000,))


def test_the_number_that_tells_of_writes_is_blind_to_our_own(db: sqlite3.Connection, home: Home) -> None:
    before = database.data_version(db)
    seeds.queue(db, home)
    assert database.data_version(db) == before
    other = database.connect(home)
    seeds.queue(other, home)
    other.close()
    assert database.data_version(db) != before


@pytest.mark.skipif("config.getoption('--store-on-network')", reason="all folders are taken for one of the network")
def test_a_local_folder_is_not_on_the_network(tmp_path: Path) -> None:
    assert shutil.disk_usage(tmp_path).free and not database.on_network(tmp_path / "store.db")
