"""A store on a network filesystem: known by its type, kept without WAL, and a real run works with it (FAULTS 26)."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import far_store
import pytest
from labs import OpenLab
from tally import Tally
from tunedeck.store import database, metrics
from tunedeck.store.paths import Home

STORE_TESTS = Path(__file__).parent.parent / "store"


@pytest.fixture
def on_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far_store.move_away(monkeypatch, tmp_path)


def mode(db: sqlite3.Connection) -> str:
    return db.execute("PRAGMA journal_mode").fetchone()[0]


@pytest.mark.slow
@pytest.mark.usefixtures("on_network")
def test_a_real_run_works_without_the_shared_memory_of_wal(open_lab: OpenLab) -> None:
    lab = open_lab("network")
    run = lab.queue(name="far", max_steps=6, eval_steps=3)
    lab.start_runner()
    assert lab.wait_until_ended(run).state == "completed"
    assert metrics.series(lab.db, run.id, "loss")[0] == [1, 2, 3, 4, 5, 6]
    assert mode(lab.db) == "delete" and not list(lab.home.root.glob("store.db-*"))


@pytest.mark.slow
def test_the_stores_own_tests_pass_without_wal(tally: Tally) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-n0", far_store.OPTION, str(STORE_TESTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    tally.add(tried=int(passed[1]))


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "lustre"])
def test_the_filesystem_is_that_of_the_deepest_mount(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nfar:/ {tmp_path} {kind} rw 0 0\n/dev/sdb1 {tmp_path}/near xfs rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda path, **options: mounts)
    assert database.on_network(tmp_path / "store.db")
    assert not database.on_network(tmp_path / "near" / "store.db") and not database.on_network(Path("/store.db"))


def test_a_store_that_moved_to_the_network_leaves_wal(home: Home, request: pytest.FixtureRequest) -> None:
    db = database.connect(home)
    assert mode(db) == "wal"
    db.close()
    request.getfixturevalue("on_network")
    db = database.connect(home)
    assert mode(db) == "delete"
    db.close()
