"""A home of its own for every test, so that none touches the user's runs."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tunedeck.store import database
from tunedeck.store.paths import Home

pytest_plugins = ["tally", "far_store"]

# Read by torch when it is imported, here and in every engine that a test starts: with two workers on two cores more
# threads would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("home", "cache", "config"):
        monkeypatch.setenv(f"TUNEDECK_{name.upper()}", str(tmp_path / name))
    return Home(tmp_path / "home")


@pytest.fixture
def db(home: Home) -> Iterator[sqlite3.Connection]:
    connection = database.connect(home)
    yield connection
    connection.close()
