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

SETTING = Setting("demo:smollm2", "lora", "causal-lm", "NVIDIA T4")
FOUND = Fit(4, 512, 0)
GIB = 2**30


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = database.connect(Home(tmp_path))
    yield opened
    opened.close()


def test_nothing_is_known_of_another_model_method_task_or_device(db: sqlite3.Connection) -> None:
    fits.remember(db, SETTING, FOUND, 14 * GIB)
    assert fits.known(db, SETTING, 512, 14 * GIB) == FOUND
    assert FOUND.tokens == 2048
    for other in ({"model": "other"}, {"method": "full"}, {"task": "seq2seq-lm"}, {"device": "NVIDIA H100"}):
        assert fits.known(db, replace(SETTING, **other), 512, 14 * GIB) is None


def test_the_newest_takes_the_place_of_the_one_before(db: sqlite3.Connection) -> None:
    for rows in (4, 2, 8):
        fits.remember(db, SETTING, Fit(rows, 512, 0), 14 * GIB)
    assert fits.known(db, SETTING, 512, 14 * GIB) == Fit(8, 512, 0)


def test_what_did_not_fit_with_short_rows_does_not_fit_with_long_ones(db: sqlite3.Connection) -> None:
    fits.remember(db, SETTING, FOUND, 14 * GIB)
    assert fits.known(db, SETTING, 1024, 14 * GIB) == FOUND
    assert fits.known(db, SETTING, 256, 14 * GIB) is None
    fits.remember(db, SETTING, Fit(8, 1024, 1), 14 * GIB)
    assert fits.known(db, SETTING, 2048, 14 * GIB) == Fit(8, 1024, 1)


def test_of_several_the_fewest_tokens_count_and_not_the_fewest_rows(db: sqlite3.Connection) -> None:
    fits.remember(db, SETTING, Fit(2, 1024, 0), 14 * GIB)
    fits.remember(db, SETTING, Fit(8, 128, 0), 14 * GIB)
    assert fits.known(db, SETTING, 1024, 14 * GIB) == Fit(8, 128, 0)


def test_with_more_memory_free_than_then_it_does_not_count(db: sqlite3.Connection) -> None:
    fits.remember(db, SETTING, FOUND, 8 * GIB)
    assert fits.known(db, SETTING, 512, 14 * GIB) is None
    assert fits.known(db, SETTING, 512, int(8.5 * GIB)) == fits.known(db, SETTING, 512, 4 * GIB) == FOUND
