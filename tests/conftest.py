"""A home of its own for every test, so that none touches the user's runs."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tunedeck.store import database
from tunedeck.store.paths import Home


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
