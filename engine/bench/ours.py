"""Our own engine, as a user's run has it: queued in a store of its own, with its evaluations, events and checkpoint."""

import json
import time
from contextlib import closing
from threading import Thread

import torch

from ...store import attempts, database, launch, metrics, runs
from ...store.errors import StateError
from ...store.paths import Home
from ..loop.memory import peak_bytes
from ..train import train as train_run
from .job import Job
from .trained import Trained

_LOOK_SECONDS = 0.05


class FirstUpdate(Thread):
    """Waits for the first update of a run, as anybody who looks at the store sees it; `at` is by `time.time`."""

    def __init__(self, home: Home, run_id: str) -> None:
        super().__init__(daemon=True)
        self._home, self._run_id = home, run_id
        self.at = 0.0

    def run(self) -> None:
        with closing(database.connect(self._home)) as db:
            while metrics.latest(db, self._run_id, "loss") is None:
                if runs.get(db, self._run_id).state in runs.ENDED or self._home.run(self._run_id).result.exists():
                    return
                time.sleep(_LOOK_SECONDS)
        self.at = time.time()


def train(job: Job, name: str) -> Trained:
    """Train as the job says. Raises StateError where the run did not complete."""
    home = Home(job.folder / "home")
    db = database.connect(home)
    queued = launch.queue(db, home, job.config)
    runs.claim(db)
    attempt = attempts.start(db, queued.id)
    first = FirstUpdate(home, queued.id)
    first.start()
    outcome = train_run(home, queued.id, attempt.id)
    first.join()
    if outcome.state != "completed":
        raise StateError(f"The run ended as {outcome.state}: {outcome.cause}.")
    steps, seconds = metrics.series(db, queued.id, "train_seconds")
    tokens = metrics.series(db, queued.id, "num_input_tokens_seen")[1]
    evaluating = metrics.series(db, queued.id, "eval_seconds")[1]
    db.close()
    measured = json.loads(home.run(queued.id).measured.read_text(encoding="utf-8"))
    return Trained(
        contender=name,
        updates=len(steps),
        examples=(len(steps) - 1) * job.config.per_device_train_batch_size,
        tokens=int(tokens[-1] - tokens[0]),
        seconds=seconds[-1] - seconds[0],
        first_update_at=first.at - job.began,
        total_seconds=time.time() - job.began,
        eval_seconds=sum(evaluating),
        peak_bytes=peak_bytes("cuda" if torch.cuda.is_available() else "cpu"),
        weights=str(home.run(queued.id).adapter),
        chosen=", ".join(f"{key} {value}" for key, value in measured.items()),
    )
