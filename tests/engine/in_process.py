"""Runs inside the test's own process: the engine without its 8 seconds of starting."""

import shutil
import signal
from pathlib import Path

from bench import Bench
from tunedeck.engine.model.measured import Measured
from tunedeck.engine.train import train
from tunedeck.store import attempts, events, runs, states
from tunedeck.store.records import Run


def train_here(bench: Bench, run: Run) -> Run:
    """Do what runner and engine do for a queued run; the run as it is then."""
    claimed = runs.claim(bench.db)
    assert claimed is not None and claimed.id == run.id
    attempt = attempts.start(bench.db, run.id)
    handler = signal.getsignal(signal.SIGTERM)
    try:
        train(bench.home, run.id, attempt.id)
    finally:
        signal.signal(signal.SIGTERM, handler)
    states.record_ending(bench.db, bench.home, run, 0)
    return bench.now(run)


def resume_here(bench: Bench, run: Run) -> Run:
    """Go on with a run as if its engine had been killed where it stands."""
    bench.db.execute("UPDATE run SET state = 'killed' WHERE id = ?", (run.id,))
    runs.requeue(bench.db, run)
    return train_here(bench, run)


def copy_of(bench: Bench, folder: Path) -> Bench:
    """A bench of its own with everything that this one holds."""
    bench.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(bench.home.root, folder / "home")
    copied = Bench(folder, bench.model)
    copied.data = bench.data
    return copied


def of_attempt(bench: Bench, attempt_id: int, name: str) -> dict[int, float]:
    """The values of a metric by step, as that attempt wrote them."""
    rows = bench.db.execute(
        "SELECT step, value FROM metric WHERE attempt_id = ? AND key_id = (SELECT id FROM metric_key WHERE name = ?)",
        (attempt_id, name),
    )
    return {row["step"]: row["value"] for row in rows}


def queue_unmeasured(bench: Bench, **knobs: object) -> Run:
    """A run that need not measure which attention is faster: that would count as its activations."""
    run = bench.queue(**knobs)
    Measured(bench.home.run(run.id).measured).keep(eager_attention_speedup=1.0)
    return run


def told(bench: Bench, run: Run) -> list[str]:
    """The sentences of the run's events, in order."""
    return [event.text for event in events.of_run(bench.db, run.id)]
