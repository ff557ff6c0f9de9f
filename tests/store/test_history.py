"""What the store said of a run lies beside its files when it ends, and comes back when the store is lost."""

import math
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from saved import save, told, write
from seeds import ended, queue
from tunedeck.store import attempts, checkpoints, database, events, metrics, runs, samples, states
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.store.upkeep import reindex

METRICS = "SELECT rootpage FROM sqlite_master WHERE name = 'metric'"
LOSSES = ([1, 2, 3, 4, 5], [3.0, math.nan, 2.0, math.inf, 1.0])


@pytest.fixture
def run(db: sqlite3.Connection, home: Home) -> Run:
    """A run that was resumed, with points, answers, events and checkpoints, of which the older one is the best."""
    ended(db, home, "an earlier one")
    made = queue(db, home, "kept")
    runs.claim(db)
    first, second = attempts.start(db, made.id), attempts.start(db, made.id)
    attempts.set_start_step(db, second.id, 3)
    metrics.write(db, first.id, [("loss", 1, 3.0), ("loss", 2, math.nan), ("loss", 3, 2.0), ("loss", 4, 9.0)])
    metrics.write(db, second.id, [("loss", 4, math.inf), ("loss", 5, 1.0), ("eval_loss", 4, 2.0)])
    samples.write(db, made.id, first.id, 0, "Where?", "There.")
    events.write(db, made.id, "something happened", step=3)
    for step, loss in ((4, 1.0), (8, 2.0)):
        _, digest, size = write(home, made, step)
        checkpoints.begin(db, made.id, second.id, step)
        checkpoints.complete(db, made.id, step, digest, size, loss, loss)
    states.record_ending(db, home, made, -9)
    return runs.get(db, made.id)


@pytest.fixture
def lost(run: Run, db: sqlite3.Connection, home: Home) -> Iterator[sqlite3.Connection]:
    """The store that was begun anew, with a run of its own."""
    db.close()
    assert reindex.set_aside(home) is not None
    again = database.connect(home)
    metrics.write(again, attempts.start(again, queue(again, home, "a new one").id).id, [("eval_loss", 1, 7.0)])
    yield again
    again.close()


def test_all_that_was_known_of_a_run_comes_back(lost: sqlite3.Connection, home: Home, run: Run) -> None:
    done = reindex.take_in(lost, home, reindex.unlisted(lost, home))
    assert (done.runs, done.checkpoints, done.curves) == (2, 2, 1)
    steps, losses = metrics.series(lost, run.id, "loss")
    assert (steps, losses) == (LOSSES[0], pytest.approx(LOSSES[1], nan_ok=True))
    assert metrics.series(lost, run.id, "eval_loss") == ([4], [2.0])
    assert [(one.start_step, one.exit_code) for one in attempts.of_run(lost, run.id)] == [(0, -9), (3, -9)]
    assert [(one.prompt, one.answer) for one in samples.of_run(lost, run.id)] == [("Where?", "There.")]
    said = [event.text for event in events.of_run(lost, run.id)]
    assert said[0] == "something happened" and said[-1] == "listed again out of its folder"
    assert [(one.step, one.best, one.pinned, one.rank) for one in checkpoints.of_run(lost, run.id)] == [
        (8, 0, 0, 2.0), (4, 1, 0, 1.0),
    ]  # fmt: skip
    assert runs.get(lost, run.id).state == "killed" and told(lost, home) == []


def change(statement: str, place: Path) -> None:
    with closing(sqlite3.connect(place, isolation_level=None)) as history:
        history.execute(statement)


HARM = {
    "gone": lambda place: place.unlink(),
    "empty": lambda place: place.write_bytes(b""),
    "no database": lambda place: place.write_bytes(b"none at all" * 999),
    "cut off": lambda place: os.truncate(place, 5000),
    "zeroed": lambda place: place.write_bytes(place.read_bytes()[:4096] + bytes(place.stat().st_size - 4096)),
    "without points": lambda place: change("DROP TABLE point", place),
    "of other columns": lambda place: change("ALTER TABLE sample DROP COLUMN answer", place),
    "words for numbers": lambda place: change("UPDATE point SET value = 'many'", place),
    "points of no attempt": lambda place: change("UPDATE point SET attempt_id = 999", place),
    "words for ranks": lambda place: change("UPDATE checkpoint SET rank = 'best'", place),
    "events at no time": lambda place: change("UPDATE event SET at = NULL", place),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_history_that_can_not_be_used_costs_the_curves_and_nothing_else(
    lost: sqlite3.Connection, home: Home, run: Run, harm: str
) -> None:
    HARM[harm](home.run(run.id).history)
    done = reindex.take_in(lost, home, reindex.unlisted(lost, home))
    assert (done.runs, done.checkpoints, done.curves) == (2, 2, 0)
    assert metrics.series(lost, run.id, "loss") == ([], [])
    assert [saved.step for saved in checkpoints.of_run(lost, run.id)] == [8, 4]
    assert events.of_run(lost, run.id)[-1].text.endswith("its metrics, samples and events were lost with the store")
    assert told(lost, home) == []


def test_a_run_ends_though_its_history_can_not_be_written(db: sqlite3.Connection, home: Home) -> None:
    run = queue(db, home, "ends")
    runs.claim(db)
    home.run(run.id).history.with_suffix(".making").mkdir()
    states.record_ending(db, home, run, 1)
    assert runs.get(db, run.id).state == "failed" and not home.run(run.id).history.exists()
    save_again = ended(db, home, "another")
    save(db, home, save_again, 8)
    states.record_ending(db, home, save_again, 0)
    assert home.run(save_again.id).history.is_file()


def test_a_run_ends_though_its_points_can_not_be_read(run: Run, db: sqlite3.Connection, home: Home) -> None:
    root, size = (db.execute(query).fetchone()[0] for query in (METRICS, "PRAGMA page_size"))
    kept = home.run(run.id).history.read_bytes()
    db.close()
    with home.store.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with closing(database.connect(home)) as damaged:
        states.record_ending(damaged, home, run, 1)
        assert runs.get(damaged, run.id).state == "failed"
    assert home.run(run.id).history.read_bytes() == kept
    assert [path.name for path in home.run(run.id).root.glob("history*")] == ["history.db"]


def test_a_later_ending_replaces_what_an_earlier_one_left(db: sqlite3.Connection, home: Home, run: Run) -> None:
    before = home.run(run.id).history.stat().st_ino
    metrics.write(db, attempts.of_run(db, run.id)[-1].id, [("loss", 6, 0.5)])
    states.record_ending(db, home, run, 0)
    assert home.run(run.id).history.stat().st_ino != before
    with closing(sqlite3.connect(home.run(run.id).history)) as history:
        assert history.execute("SELECT MAX(step) FROM point").fetchone() == (6,)
