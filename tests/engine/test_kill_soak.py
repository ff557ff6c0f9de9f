"""Ten kills at random moments: no acknowledged metric is lost, and every listed checkpoint is whole (FAULTS 3, 4)."""

import os
import random
import signal
import time

import pytest
from bench import Bench
from tunedeck.store import attempts, checkpoints, metrics
from tunedeck.store.records import Run

KILLS, STEPS = 10, 1500
SEED = int(os.environ.get("TUNEDECK_SOAK_SEED", random.randrange(10**6)))

Point = tuple[int, int, int, float | None]


def points(bench: Bench) -> set[Point]:
    rows = bench.db.execute("SELECT attempt_id, key_id, step, value FROM metric")
    return {(row["attempt_id"], row["key_id"], row["step"], row["value"]) for row in rows}


def faults(bench: Bench, run: Run) -> list[str]:
    folder = bench.home.run(run.id).checkpoints
    listed = [
        (folder / checkpoints.folder_name(c.step), c.manifest_hash or "") for c in checkpoints.of_run(bench.db, run.id)
    ]
    return [fault for place, manifest_hash in listed if (fault := checkpoints.fault(place, manifest_hash))]


def kill_at_a_random_moment(bench: Bench, run: Run, draw: random.Random) -> set[Point]:
    """Kill the engine up to half a second into its steps; the points that had been acknowledged just before."""
    start = bench.attempt(run).start_step
    bench.until(lambda: bool(checkpoints.of_run(bench.db, run.id)), "there is a checkpoint to go on from")
    bench.wait_for_step(run, start + 1)
    time.sleep(draw.uniform(0, 0.5))
    acknowledged = points(bench)
    os.kill(bench.engine_pid(run), signal.SIGKILL)
    return acknowledged


@pytest.mark.slow
def test_ten_kills_at_random_moments_lose_nothing(bench: Bench) -> None:
    print(f"TUNEDECK_SOAK_SEED={SEED}")
    draw = random.Random(SEED)
    # Saved at every second step, so that about half of the kills meet a save.
    run = bench.queue(max_steps=STEPS, save_steps=2, eval_steps=10_000)
    bench.start_runner()
    for _ in range(KILLS):
        bench.engine_pid(run)
        acknowledged = kill_at_a_random_moment(bench, run, draw)
        assert bench.wait_until_ended(run, seconds=5).state == "killed"
        assert acknowledged <= points(bench) and faults(bench, run) == []
        seen = len(attempts.of_run(bench.db, run.id))
        bench.go_on(run)
        bench.until(lambda seen=seen: len(attempts.of_run(bench.db, run.id)) > seen, "the next attempt began")
    assert bench.wait_until_ended(run, seconds=300).state == "completed", bench.told(run)
    assert metrics.series(bench.db, run.id, "loss")[0] == list(range(1, STEPS + 1))
    assert faults(bench, run) == []
    on_disk = {path.name for path in bench.home.run(run.id).checkpoints.iterdir()}
    assert on_disk == {checkpoints.folder_name(saved.step) for saved in checkpoints.of_run(bench.db, run.id)}
