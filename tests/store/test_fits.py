"""What is remembered to fit into memory, and for which runs it counts."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tunedeck.store import database, fits
from tunedeck.store.fits import Setting
from tunedeck.store.paths import Home
from tunedeck.store.records import Fit

SETTING = Setting("demo:smollm2", "lora", "causal-lm", "NVIDIA T4", 512)
GIB = 2**30


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = database.connect(Home(tmp_path))
    yield opened
    opened.close()


def test_nothing_is_known_of_another_model_method_task_or_device(db: sqlite3.Connection) -> None:
    fits.remember(db, SETTING, Fit(4, 0), 14 * GIB)
    assert fits.known(db, SETTING, 14 * GIB) == Fit(4, 0)
    for other in ({"model": "other"}, {"method": "full"}, {"task": "seq2seq-lm"}, {"device": "NVIDIA H100"}):
        assert fits.known(db, replace(SETTING, **other), 14 * GIB) is None


def test_the_newest_takes_the_place_of_the_one_before(db: sqlite3.Connection) -> None:
    fits.remember(db, SETTING, Fit(4, 0), 14 * GIB)
    fits.remember(db, SETTING, Fit(2, 0), 14 * GIB)
    fits.remember(db, SETTING, Fit(8, 0), 14 * GIB)
    assert fits.known(db, SETTING, 14 * GIB) == Fit(8, 0)


def test_what_did_not_fit_with_short_rows_does_not_fit_with_long_ones(db: sqlite3.Connection) -> None:
    fits.remember(db, SETTING, Fit(4, 0), 14 * GIB)
    assert fits.known(db, replace(SETTING, length=1024), 14 * GIB) == Fit(4, 0)
    assert fits.known(db, replace(SETTING, length=256), 14 * GIB) is None
    fits.remember(db, replace(SETTING, length=1024), Fit(8, 1), 14 * GIB)
    assert fits.known(db, replace(SETTING, length=2048), 14 * GIB) == Fit(8, 1)


def test_with_more_memory_free_than_then_it_does_not_count(db: sqlite3.Connection) -> None:
    fits.remember(db, SETTING, Fit(4, 0), 8 * GIB)
    assert fits.known(db, SETTING, 14 * GIB) is None
    assert fits.known(db, SETTING, int(8.5 * GIB)) == fits.known(db, SETTING, 4 * GIB) == Fit(4, 0)
