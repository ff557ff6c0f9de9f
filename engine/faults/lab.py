"""A store in a folder of its own, with the real runner and engine on it, and deadlines for whatever is awaited."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from ...store import attempts, checkpoints, database, launch, metrics, processes, runs, states
from ...store.config import checked
from ...store.errors import StateError
from ...store.paths import Home
from ...store.records import Attempt, Run
from ..model.measured import Measured
from .tiny import Tiny

# Generous, since other work may share the machine: an engine starts in 5 s when it has a core for itself.
DEADLINE_SECONDS = 120.0
# Saved at every second step, so that about half of all moments are in mid-save; an update takes 15 ms.
KNOBS: dict[str, object] = {
    "per_device_train_batch_size": 4, "save_steps": 2, "eval_steps": 10_000, "warmup_steps": 1, "learning_rate": 1e-3,
    "lora_dropout": 0.1, "r": 4, "prompts": ["Where is Rome?"], "max_new_tokens": 2, "max_length": 128,
    "precision": "fp32", "device": "cpu", "torch_compile": "off", "retention_data": "none",
}  # fmt: skip

_Found = TypeVar("_Found")
Point = tuple[int, int, int, float | None]


class Lab:
    """Where runs are started to be harmed; what it started ends with it."""

    def __init__(self, folder: Path, tiny: Tiny) -> None:
        self.home, self.tiny = Home(folder / "home"), tiny
        self.db = database.connect(self.home)
        self.runners: list[subprocess.Popen[bytes]] = []

    def queue(self, **knobs: object) -> Run:
        values = KNOBS | {"data": str(self.tiny.data), "model": str(self.tiny.model)} | knobs
        run = launch.queue(self.db, self.home, checked(values))
        # Runs that are compared must not choose their attention by the clock.
        Measured(self.home.run(run.id).measured).keep(eager_attention_speedup=1.0)
        return run

    def start_runner(self) -> None:
        """Have a runner work the queue; another that lives goes on, and this one leaves."""
        own = {"TUNEDECK_HOME": str(self.home.root), "TUNEDECK_RUNNER_IDLE_SECONDS": "1", "OMP_NUM_THREADS": "1"}
        with self.home.runner_log.open("ab") as log:
            command = [sys.executable, "-P", "-m", "tunedeck.engine.runner"]
            environment = os.environ | own
            self.runners.append(
                subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            )

    def go_on(self, run: Run) -> None:
        """Resume a run that has ended, and wait until its next attempt has begun."""
        seen = len(attempts.of_run(self.db, run.id))
        runs.requeue(self.db, self.now(run))
        self.start_runner()
        self.until(lambda: len(attempts.of_run(self.db, run.id)) > seen, "the next attempt has begun")

    def now(self, run: Run) -> Run:
        return runs.get(self.db, run.id)

    def attempt(self, run: Run) -> Attempt:
        """The run's last attempt."""
        return attempts.of_run(self.db, run.id)[-1]

    def engine_pid(self, run: Run) -> int:
        """The process of the last attempt, once it is known."""
        self.until(lambda: attempts.of_run(self.db, run.id), "the run has begun")
        return self.until(lambda: self.attempt(run).pid or 0, "an engine lives")

    def pids(self, run: Run) -> list[int]:
        """The run's engine, and the runner that started it."""
        return [self.engine_pid(run), *(runner.pid for runner in self.runners if runner.poll() is None)]

    def has_stepped(self, run: Run) -> bool:
        """Whether the last attempt has made an update."""
        found = self.db.execute("SELECT 1 FROM metric WHERE attempt_id = ? LIMIT 1", (self.attempt(run).id,))
        return found.fetchone() is not None

    def wait_until_ended(self, run: Run, seconds: float = DEADLINE_SECONDS) -> Run:
        self.until(lambda: self.now(run).state in runs.ENDED, "the run has ended", seconds)
        return self.now(run)

    def steps(self, run: Run) -> list[int]:
        """The steps whose loss the store has."""
        return metrics.series(self.db, run.id, "loss")[0]

    def reached(self, run: Run) -> int:
        """The newest of them."""
        return max(self.steps(run), default=0)

    def until(self, happened: Callable[[], _Found], what: str, seconds: float = DEADLINE_SECONDS) -> _Found:
        """What `happened` gives once that is true. Raises StateError when the time is over."""
        deadline = time.monotonic() + seconds
        while not (found := happened()):
            if time.monotonic() > deadline:
                raise StateError(
                    f"Not within {seconds:.0f} s: {what}.",
                    "Other work may hold the machine: try again when it is done.",
                )
            time.sleep(0.02)
        return found

    def points(self) -> set[Point]:
        """Every metric point that the store has acknowledged."""
        rows = self.db.execute("SELECT attempt_id, key_id, step, value FROM metric")
        return {(row["attempt_id"], row["key_id"], row["step"], row["value"]) for row in rows}

    def incomplete(self, run: Run) -> list[str]:
        """What is wrong with each listed checkpoint that is not as it was written."""
        folder = self.home.run(run.id).checkpoints
        found = {
            saved.step: checkpoints.fault(folder / checkpoints.folder_name(saved.step), saved.manifest_hash or "")
            for saved in checkpoints.of_run(self.db, run.id)
        }
        # A run that lives deletes the oldest meanwhile.
        still = {saved.step for saved in checkpoints.of_run(self.db, run.id)}
        return [f"checkpoint {step}: {fault}" for step, fault in found.items() if fault and step in still]

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Inside the block another connection holds the store's write lock."""
        other = database.connect(self.home)
        try:
            other.execute("BEGIN IMMEDIATE")
            yield
        finally:
            other.close()

    def close(self) -> None:
        """End what is left: the runners, which start no more, then the engines by their groups."""
        for runner in self.runners:
            runner.kill()
            runner.wait()
        for run in states.claimed(self.db):
            with contextlib.suppress(StateError, ProcessLookupError):
                if process := attempts.process(self.db, run.id):
                    processes.kill(process)
        self.db.close()
