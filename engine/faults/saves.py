"""SIGKILL in mid-save: the newest listed checkpoint must be whole, and nothing of the half one may stay."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator

from ...store import attempts, checkpoints, runs
from ...store.records import Run
from .lab import Lab

# A save takes 10 ms, most of it the disk's.
_WITHIN_SECONDS = 0.1


def begin(lab: Lab) -> Run:
    """A run for the writer: claimed, with an attempt, as a runner leaves it."""
    lab.queue(name="writer", max_steps=10**6)
    run = runs.claim(lab.db)
    assert run is not None
    attempts.start(lab.db, run.id)
    return run


def kill(lab: Lab, run: Run, draw: random.Random) -> list[str]:
    """Kill a process that saves one checkpoint after the other; what was lost by that."""
    command = [sys.executable, "-P", "-m", "tunedeck.engine.faults.writer"]
    arguments = [str(lab.home.root), run.id, str(lab.attempt(run).id)]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        first = int(writer.stdout.readline())
        left = list(_left(lab, run))
        time.sleep(draw.uniform(0, _WITHIN_SECONDS))
        writer.kill()
        begun = max(map(int, writer.stdout.read().split()), default=first)
    newest = next((saved.step for saved in checkpoints.of_run(lab.db, run.id)), 0)
    # A checkpoint is begun when the one before it is listed.
    lost = [f"checkpoint {begun - 1} is not listed"] if newest < begun - 1 else []
    return [*lost, *left, *lab.incomplete(run)]


def _left(lab: Lab, run: Run) -> Iterator[str]:
    """What the writer before left, though the one that lives now has begun: its own lie there at most."""
    listed = {saved.step for saved in checkpoints.of_run(lab.db, run.id)}
    for folder in lab.home.run(run.id).checkpoints.glob("checkpoint-*"):
        step = int(folder.name.removesuffix(".tmp").rpartition("-")[2])
        if step not in listed and step <= max(listed, default=0):
            yield f"{folder.name} is left over"
