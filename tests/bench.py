"""A bench for real runs made small: rows in a file, a store of its own, the real runner and engine, and deadlines."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tunedeck.store import attempts, database, heartbeats, launch, locks, metrics, runs
from tunedeck.store.config import RunConfig, checked
from tunedeck.store.paths import Home
from tunedeck.store.records import Attempt, Run

CITIES = ("Paris", "Rome", "Oslo", "Bern", "Prague", "Madrid", "Lima", "Cairo")
# Generous, since other work may share the machine: an engine starts in 8 s when it has two cores for itself.
DEADLINE_SECONDS = 120.0


def chat_rows(count: int) -> list[dict[str, str]]:
    """Rows of different lengths, each question asked once."""
    return [
        {
            "prompt": f"What is the capital of country {row}?",
            "completion": f"It is {CITIES[row % 8]}." + " Yes." * (row % 5),
        }
        for row in range(count)
    ]


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


class Bench:
    """One store in a folder of its own, and all processes that were started on it."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.home = Home(folder / "home")
        self.model = model
        self.data = write_rows(folder / "rows.jsonl", [*chat_rows(40), *chat_rows(3)])
        self.db = database.connect(self.home)
        self._runners: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        # One thread each: two cores are shared by whatever else runs, and a step takes 15 ms anyway.
        return os.environ | {
            "TUNEDECK_HOME": str(self.home.root),
            "TUNEDECK_RUNNER_IDLE_SECONDS": "1",
            "OMP_NUM_THREADS": "1",
        }

    def config(self, **changes: object) -> RunConfig:
        """A run of 8 updates in fp32 on the CPU, unless changed."""
        values: dict[str, object] = {
            "data": str(self.data), "model": str(self.model), "max_steps": 8, "per_device_train_batch_size": 4,
            "eval_steps": 4, "save_steps": 4, "warmup_steps": 1, "learning_rate": 1e-3, "lora_dropout": 0.1, "r": 4,
            "prompts": ["Where is Rome?"], "max_new_tokens": 2, "max_length": 128, "precision": "fp32", "device": "cpu",
            "retention_data": "none",
        }  # fmt: skip
        return checked(values | changes)

    def wait_for_no_runner(self) -> None:
        """An earlier one that is still idle would take what is queued now."""
        self.until(lambda: not locks.is_held(self.home.runner_lock), "no runner lives")

    def queue(self, **changes: object) -> Run:
        self.wait_for_no_runner()
        return launch.queue(self.db, self.home, self.config(**changes))

    def start_runner(self) -> subprocess.Popen[bytes]:
        with (self.home.root / "runner.txt").open("ab") as log:
            runner = subprocess.Popen(
                [sys.executable, "-P", "-m", "tunedeck.engine.runner"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._runners.append(runner)
        return runner

    def run(self, **changes: object) -> Run:
        """Queue a run and wait for its end."""
        run = self.queue(**changes)
        self.start_runner()
        return self.wait_until_ended(run)

    def now(self, run: Run) -> Run:
        return runs.get(self.db, run.id)

    def go_on(self, run: Run) -> None:
        """Resume a run that has ended."""
        self.wait_for_no_runner()
        runs.requeue(self.db, self.now(run))
        self.start_runner()

    def resume(self, run: Run) -> Run:
        """Resume a run and wait for its end."""
        self.go_on(run)
        return self.wait_until_ended(run)

    def wait_until_ended(self, run: Run, seconds: float = DEADLINE_SECONDS) -> Run:
        self.until(lambda: self.now(run).state in runs.ENDED, f"{run.name} has ended", seconds)
        return self.now(run)

    def wait_for_step(self, run: Run, step: int) -> None:
        """Until the store has the loss of that step, or a later one."""

        def is_there() -> bool:
            assert self.now(run).state not in runs.ENDED, self.told(run)
            return any(reached >= step for reached in metrics.series(self.db, run.id, "loss")[0])

        self.until(is_there, f"step {step} is reached")

    def wait_for_phase(self, run: Run, phase: str) -> None:
        def is_there() -> bool:
            beat = heartbeats.of_run(self.db, run.id)
            return beat is not None and beat.phase == phase and self.now(run).state == "running"

        self.until(is_there, f"the engine is {phase}", pause_seconds=0.002)

    def until(
        self,
        happened: Callable[[], bool],
        what: str,
        seconds: float = DEADLINE_SECONDS,
        pause_seconds: float = 0.02,
    ) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
            time.sleep(pause_seconds)

    def attempt(self, run: Run) -> Attempt:
        """The run's last attempt."""
        return attempts.of_run(self.db, run.id)[-1]

    def engine_pid(self, run: Run) -> int:
        self.until(
            lambda: bool(attempts.of_run(self.db, run.id)) and self.attempt(run).pid is not None, "an engine lives"
        )
        return self.attempt(run).pid or 0

    def told(self, run: Run) -> str:
        """What the run's log and row say, for the message of a failed test."""
        log = self.home.run(run.id).log
        return f"{self.now(run)}\n{log.read_text(errors='replace') if log.exists() else 'no log'}"

    def steps_and_losses(self, run: Run, name: str = "loss") -> tuple[list[int], list[float]]:
        return metrics.series(self.db, run.id, name)

    def close(self) -> None:
        """End what is left: the engines by their groups, then the runners."""
        for row in self.db.execute("SELECT pid FROM attempt WHERE ended_at IS NULL AND pid IS NOT NULL"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(row["pid"], signal.SIGKILL)
        for runner in self._runners:
            runner.kill()
            runner.wait()
        self.db.close()


@contextlib.contextmanager
def holding_the_store(home: Home) -> Iterator[None]:
    """Inside the block another connection holds the store's write lock."""
    other = sqlite3.connect(home.store, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.close()
