"""What charts are given: every point once, read once, of repeated steps the later attempt's, on any axis."""

import sqlite3

import every_state
import numpy as np
from tunedeck.store import attempts, checkpoints, metrics
from tunedeck.store.paths import Home
from tunedeck.tui.charts.alignment import ALIGNMENTS
from tunedeck.tui.points import PointsReader, PointsReaders


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


def test_evaluations_the_best_and_the_resume_lie_where_their_steps_do(home: Home, db: sqlite3.Connection) -> None:
    seeding = every_state.Seeding(db, home)
    run, attempt = seeding.start("learns")
    seeding.train(run, attempt, 50)
    seeding.save(run, attempt, 20, 40)
    second = attempts.start(db, run.id).id
    attempts.set_start_step(db, second, 40)
    seeding.train(run, second, 60, first=41)
    reader = PointsReader(run.id)
    for alignment, per_step, end in zip(ALIGNMENTS, (1, 600, 1.5), (200, 120_000, 300), strict=True):
        points = reader.all(db, alignment).loss
        assert points.train[0].tolist() == [per_step * step for step in range(1, 61)]
        assert points.evaluation[0].tolist() == [per_step * step for step in (0, 20, 40, 60)]
        assert (points.end, points.resumed_at, points.best_at) == (end, [40 * per_step], 40 * per_step)
    checkpoints.set_state(db, checkpoints.of_run(db, run.id)[0], "deleted")
    assert reader.loss(db).best_at == 20


def test_of_a_long_run_the_loss_comes_first_as_it_is_with_the_others(home: Home, db: sqlite3.Connection) -> None:
    run, attempt = every_state.Seeding(db, home).start("long", total=60_000)
    curve = [("loss", step, 1 / step) for step in range(1, 50_001)]
    metrics.write(db, attempt, [*curve, ("learning_rate", 1, 0.1)])
    reader = PointsReader(run.id)
    first = reader.first(db)
    whole = reader.all(db)
    assert (first.is_whole, first.others, first.names) == (False, {}, whole.names)
    assert all(map(np.array_equal, first.loss.train, whole.loss.train)) and first.loss.end == whole.loss.end
    again = reader.first(db)
    assert again.is_whole and again.others.keys() == whole.others.keys()


def test_memory_is_in_gigabytes_and_left_out_where_none_is_recorded(home: Home, db: sqlite3.Connection) -> None:
    seeding = every_state.Seeding(db, home)
    run, attempt = seeding.start("learns")
    metrics.write(db, attempt, [("loss", 1, 1.0)])
    assert "memory_bytes" not in PointsReader(run.id).all(db).others
    metrics.write(db, attempt, [("memory_bytes", 1, 2.5e9)])
    assert PointsReader(run.id).all(db).others["memory_bytes"][1].tolist() == [2.5]


def test_what_was_read_of_a_run_is_kept_while_few_others_are_looked_at() -> None:
    readers = PointsReaders()
    first = readers.of_run("a")
    assert [readers.of_run(run_id) is first for run_id in ("b", "a", "c", "d", "e", "a")][1::4] == [True, True]
    for run_id in "bcdef":
        readers.of_run(run_id)
    assert readers.of_run("a") is not first
