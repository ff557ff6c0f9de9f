"""A store as full as years make it: thousands of runs, one of them of a million points; and a run that trains."""

import math
import sqlite3
import time
from collections.abc import Iterable

import every_state
from tunedeck.store import attempts, database, heartbeats, locks, metrics, runs
from tunedeck.store.config import checked
from tunedeck.store.paths import Home

LONG_RUN, LIVE_RUN = "a-million-points", "learns-now"
CURVES = ("loss", "learning_rate", "grad_norm", "tokens_per_second")
_RUN = (
    "INSERT INTO run (id, name, state, kind, config, versions, fingerprint, created_at, total_steps)"
    " VALUES (?, ?, 'completed', 'new', ?, '{}', '', ?, ?)"
)
_ATTEMPT = "INSERT INTO attempt (id, run_id, start_step, started_at, ended_at, exit_code) VALUES (?, ?, 0, ?, ?, 0)"
_POINT = "INSERT OR REPLACE INTO metric (attempt_id, key_id, step, value) VALUES (?, ?, ?, ?)"


def fill(home: Home, run_count: int, point_count: int) -> None:
    """That many runs that have ended, with short curves, and a newest one with that many points; 15 s for the most."""
    db = database.connect(home)
    config = checked({"data": "demo:chat", "model": "demo:smollm2"}).model_dump_json()
    with database.transaction(db):
        for name in (*CURVES, "eval_loss"):
            db.execute("INSERT INTO metric_key (name) VALUES (?)", (name,))
        keys = {row["name"]: row["id"] for row in db.execute("SELECT id, name FROM metric_key")}
        for number in range(1, run_count + 1):
            _add(db, number, f"run-{number:05d}", config, 100)
        db.executemany(_POINT, _short_curves(run_count, keys))
        steps = point_count // len(CURVES)
        _add(db, run_count + 1, LONG_RUN, config, steps)
        db.executemany(_POINT, _long_curves(run_count + 1, keys, steps))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _add(db: sqlite3.Connection, number: int, name: str, config: str, steps: int) -> None:
    at = every_state.EPOCH + 60 * number
    db.execute(_RUN, (f"b{number:07d}", name, config, at, steps))
    db.execute(_ATTEMPT, (number, f"b{number:07d}", at, at + 60))


def _short_curves(run_count: int, keys: dict[str, int]) -> Iterable[tuple[int, int, int, float]]:
    for attempt in range(1, run_count + 1):
        for name, steps in (("loss", range(1, 101, 20)), ("eval_loss", range(0, 101, 50))):
            yield from ((attempt, keys[name], step, 1 + attempt % 97 / 50 + math.exp(-step / 40)) for step in steps)


def _long_curves(attempt: int, keys: dict[str, int], steps: int) -> Iterable[tuple[int, int, int, float]]:
    for name in CURVES:
        for step in range(1, steps + 1):
            yield attempt, keys[name], step, 2 + math.sin(step) + math.exp(-step / 9000)


def start_live_run(home: Home, seconds: float) -> None:
    """A run of which two hundred steps are made, and that says for so long that it lives."""
    db = database.connect(home)
    seeding = every_state.Seeding(db, home)
    run, attempt = seeding.start(LIVE_RUN, total=2000)
    seeding.train(run, attempt, 200)
    heartbeats.beat(db, run.id, "training", 200, seconds, steps_per_second=10.0)
    db.close()


def train_live_run(home: Home, seconds: float, steps_per_second: float) -> None:
    """Write what an engine writes of so many steps a second, each on its own; holds the runner's lock."""
    lock = locks.try_lock(home.runner_lock)
    assert lock is not None
    db = database.connect(home)
    run = runs.find(db, LIVE_RUN)
    attempt = attempts.of_run(db, run.id)[-1].id
    first = heartbeats.of_run(db, run.id)
    step, until = first.step if first else 0, time.monotonic() + seconds
    while time.monotonic() < until:
        step += 1
        value = 1.2 + math.exp(-step / 400) + 0.05 * math.sin(1.7 * step)
        totals = [("num_input_tokens_seen", step, 600.0 * step), ("train_seconds", step, 1.5 * step + math.sin(step))]
        metrics.write(db, attempt, [*((name, step, value) for name in CURVES), *totals])
        heartbeats.beat(db, run.id, "training", step, 60.0, steps_per_second=steps_per_second)
        time.sleep(1 / steps_per_second)
