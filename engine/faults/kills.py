"""SIGKILL at a random moment of a run: what was acknowledged must stay, and the run must go the way it would have."""

import math
import os
import random
import signal
import time

from ...store import checkpoints
from ...store.records import Run
from .lab import Lab

# Of all kills that many come while the engine starts: reads the rows, loads the model, takes up its checkpoint.
_SHARE_AT_START = 0.25
_START_SECONDS, _STEPS_SECONDS = 4.0, 0.5
_TOLD_WITHIN_SECONDS = 5.0


def kill(lab: Lab, run: Run, draw: random.Random) -> list[str]:
    """Kill the run's engine at a random moment; what was lost by that.

    The run is one that trains, and has, or will have in a moment, a checkpoint to go on from.
    """
    _wait_for_the_moment(lab, run, draw)
    acknowledged = lab.points()
    os.kill(lab.engine_pid(run), signal.SIGKILL)
    ended = lab.wait_until_ended(run, _TOLD_WITHIN_SECONDS)
    gone = len(acknowledged - lab.points())
    lost = [f"{gone} metrics that had been acknowledged"] if gone else []
    lost += [f"the ending is told as {ended.state}"] if ended.state != "killed" else []
    return lost + lab.incomplete(run)


def _wait_for_the_moment(lab: Lab, run: Run, draw: random.Random) -> None:
    lab.engine_pid(run)
    lab.until(lambda: checkpoints.of_run(lab.db, run.id), "there is a checkpoint to go on from")
    if draw.random() < _SHARE_AT_START:
        return time.sleep(draw.uniform(0, _START_SECONDS))
    lab.until(lambda: lab.has_stepped(run), "a step is made")
    time.sleep(draw.uniform(0, _STEPS_SECONDS))


def losses(lab: Lab, run: Run) -> list[tuple[int, float]]:
    """Step and loss of every update that any attempt of the run has made."""
    rows = lab.db.execute(
        "SELECT step, value FROM metric WHERE attempt_id IN (SELECT id FROM attempt WHERE run_id = ?)"
        " AND key_id = (SELECT id FROM metric_key WHERE name = 'loss') ORDER BY step",
        (run.id,),
    )
    return [(row["step"], row["value"]) for row in rows]


def differing(killed: list[tuple[int, float]], straight: list[tuple[int, float]]) -> list[str]:
    """Where a run that was killed did not compute what the one that nobody harmed did."""
    expected = dict(straight)
    missing = sorted(expected.keys() - {step for step, _ in killed})
    other = [
        f"step {step} has loss {loss}, the straight run {expected.get(step)}"
        for step, loss in killed
        if not math.isclose(loss, expected.get(step, math.nan), rel_tol=1e-6)
    ]
    return [f"steps {missing} are missing"] * bool(missing) + other
