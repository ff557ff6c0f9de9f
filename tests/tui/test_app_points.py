"""What charts are given: every point once, read once, and of repeated steps the later attempt's."""

import sqlite3

import every_state
from tunedeck.store import attempts, metrics
from tunedeck.store.paths import Home
from tunedeck.tui.screens.charting import PointsReader


def test_only_what_came_since_is_read(home: Home, db: sqlite3.Connection) -> None:
    seeding = every_state.Seeding(db, home)
    run, attempt = seeding.start("learns")
    seeding.train(run, attempt, 50)
    reader = PointsReader(run.id)
    assert list(reader.loss(db).train[0]) == list(range(1, 51))
    read: list[str] = []
    db.set_trace_callback(read.append)
    metrics.write(db, attempt, [("loss", 51, 1.0), ("loss", 52, float("nan"))])
    steps, values = reader.loss(db).train
    db.set_trace_callback(None)
    assert list(steps) == list(range(1, 53)) and values[50] == 1.0 and values[51] != values[51]
    assert any("m.step > 50" in sql for sql in read)


def test_a_resumed_run_loses_the_steps_that_it_repeats(home: Home, db: sqlite3.Connection) -> None:
    seeding = every_state.Seeding(db, home)
    run, attempt = seeding.start("learns")
    seeding.train(run, attempt, 50)
    reader = PointsReader(run.id)
    reader.all(db)
    second = attempts.start(db, run.id).id
    attempts.set_start_step(db, second, 40)
    metrics.write(db, second, [("loss", 41, 9.0), ("learning_rate", 41, 8.0)])
    points = reader.all(db)
    assert list(points.loss.train[0]) == list(range(1, 42)) and points.loss.train[1][-1] == 9.0
    assert points.others["learning_rate"][1][-1] == 8.0
    assert points.loss.resumed_at == [40]
