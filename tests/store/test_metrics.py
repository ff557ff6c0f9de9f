"""Metric points: what is not finite, what a later attempt repeats, and what a point costs."""

import math
import sqlite3
import time

import seeds
from tunedeck.store import attempts, metrics
from tunedeck.store.paths import Home


def test_what_is_not_finite_comes_back_as_it_was(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    attempt = attempts.start(db, run.id)
    values = [1.5, math.nan, math.inf, -math.inf, 0.0]
    metrics.write(db, attempt.id, [("loss", step, value) for step, value in enumerate(values)])
    steps, told = metrics.series(db, run.id, "loss")
    assert steps == [0, 1, 2, 3, 4] and math.isnan(told[1])
    assert [told[0], *told[2:]] == [1.5, math.inf, -math.inf, 0.0]
    flags = [row["flag"] for row in db.execute("SELECT flag FROM metric ORDER BY step")]
    assert flags == [0, 1, 2, 3, 0] and db.execute("SELECT COUNT(value) FROM metric").fetchone()[0] == 2


def test_of_each_attempt_only_what_no_later_one_repeats(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    first, second, third = (attempts.start(db, run.id) for _ in range(3))
    metrics.write(db, first.id, [("loss", step, 1.0) for step in range(1, 10)])
    attempts.set_start_step(db, second.id, 6)
    metrics.write(db, second.id, [("loss", step, 2.0) for step in range(7, 9)])
    attempts.set_start_step(db, third.id, 4)
    metrics.write(db, third.id, [("loss", step, 3.0) for step in range(5, 8)])
    assert metrics.series(db, run.id, "loss") == ([1, 2, 3, 4, 5, 6, 7], [1.0] * 4 + [3.0] * 3)
    assert metrics.series(db, run.id, "loss", after_step=5) == ([6, 7], [3.0, 3.0])
    assert metrics.latest(db, run.id, "loss") == 3.0


def test_a_run_shows_only_its_own_metrics_in_the_order_they_came(db: sqlite3.Connection, home: Home) -> None:
    one, two = seeds.queue(db, home), seeds.queue(db, home)
    metrics.write(db, attempts.start(db, one.id).id, [("zeta", 1, 1.0)])
    metrics.write(db, attempts.start(db, two.id).id, [("loss", 1, 1.0), ("loss", 1, 2.0)])
    assert (metrics.names(db, one.id), metrics.names(db, two.id)) == (["zeta"], ["loss"])
    assert metrics.series(db, two.id, "loss") == ([1], [2.0])
    metrics.write(db, 1, [(name, 1, 1.0) for name in "hgfedcba"])
    assert metrics.names(db, one.id) == ["zeta", *"hgfedcba"]
    assert metrics.series(db, one.id, "loss") == ([], []) and metrics.latest(db, one.id, "loss") is None


def test_a_point_takes_under_30_bytes_and_100_000_are_read_at_once(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    attempt = attempts.start(db, run.id)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = home.store.stat().st_size
    metrics.write(db, attempt.id, [("loss", step, 1 / (step + 1)) for step in range(100_000)])
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert (home.store.stat().st_size - before) / 100_000 < 30
    began = time.perf_counter()
    assert len(metrics.series(db, run.id, "loss")[0]) == 100_000
    assert time.perf_counter() - began < 2
