"""The engine's line to the store: it reports what happens and hears what is asked, and outlives a store that fails."""

import contextlib
import json
import signal
import sqlite3
import time
from collections.abc import Callable

from ..store import attempts, checkpoints, commands, database, events, heartbeats, metrics, runs, samples
from ..store.paths import Home
from ..store.records import Run

# Points gathered for a moment cost one transaction (0.2 ms) instead of one each.
_FLUSH_SECONDS = 0.25

_OPERATIONS: dict[str, Callable[..., None]] = {
    "metrics": metrics.write,
    "heartbeat": heartbeats.beat,
    "event": lambda db, run_id, text, level, step: events.write(db, run_id, text, level=level, step=step),
    "sample": samples.write,
    "total_steps": runs.set_total_steps,
    "start_step": attempts.set_start_step,
    "checkpoint_begin": checkpoints.begin,
    "checkpoint_complete": checkpoints.complete,
}


class StopRequested(Exception):
    """Somebody asked the run to save and stop."""


class Session:
    """One attempt of a run, as its engine reports it."""

    def __init__(self, home: Home, run_id: str, attempt_id: int) -> None:
        self.home = home
        self.folder = home.run(run_id)
        self.db = database.connect(home)
        self.run: Run = runs.get(self.db, run_id)
        self.attempt_id = attempt_id
        self.phase, self.step = "starting", 0
        self._points: list[metrics.Point] = []
        self._flushed_at = time.monotonic()
        self._unwritten: list[list[object]] = []
        self._stop = False
        self._seen_version: int | None = None
        self._verbs: list[str] = []
        signal.signal(signal.SIGTERM, self._on_terminate)

    def _on_terminate(self, number: int, frame: object) -> None:
        self._stop = True

    # what happens

    def enter(self, phase: str, *, expect_seconds: float) -> None:
        """A new phase begins, which promises a sign of life within that time."""
        self.phase = phase
        self.beat(expect_seconds)
        self.check()

    def beat(self, expect_seconds: float, steps_per_second: float | None = None) -> None:
        self._tell("heartbeat", self.run.id, self.phase, self.step, expect_seconds, steps_per_second)

    def event(self, text: str, *, level: str = "info") -> None:
        print(text, flush=True)
        self._tell("event", self.run.id, text, level, self.step)

    def sample(self, prompt: str, answer: str) -> None:
        self._tell("sample", self.run.id, self.attempt_id, self.step, prompt, answer)

    def planned(self, total_steps: int) -> None:
        self._tell("total_steps", self.run.id, total_steps)

    def started_at(self, step: int) -> None:
        """The attempt begins after that step; 0 for a new run."""
        self.step = step
        self._tell("start_step", self.attempt_id, step)

    def saving(self, step: int) -> None:
        self._tell("checkpoint_begin", self.run.id, self.attempt_id, step)

    def saved(self, step: int, manifest_hash: str, size_bytes: int, eval_loss: float | None) -> None:
        self._tell("checkpoint_complete", self.run.id, step, manifest_hash, size_bytes, eval_loss)

    def measure(self, **values: float) -> None:
        """Metric points of the present step, written with others a moment later."""
        self._points += [(name, self.step, float(value)) for name, value in values.items()]
        if time.monotonic() - self._flushed_at >= _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the points gathered so far."""
        if self._points:
            points, self._points = self._points, []
            self._tell("metrics", self.attempt_id, points)
        self._flushed_at = time.monotonic()

    # what is asked

    def stop_asked(self) -> bool:
        """Whether the run is to save and stop: by a command row, or by SIGTERM."""
        if not self._stop:
            self._stop = "stop" in self._pending()
        return self._stop

    def has_trained(self) -> bool:
        """Whether any attempt of the run has made an update."""
        return self.step > 0 or metrics.latest(self.db, self.run.id, "loss") is not None

    def take(self, verb: str) -> bool:
        """Whether that was asked; it is marked as done with."""
        if verb not in self._pending():
            return False
        with contextlib.suppress(sqlite3.OperationalError):  # a store that can't be written: asked again next step
            commands.take(self.db, self.run.id, verb)
            self._verbs = [other for other in self._verbs if other != verb]
        return True

    def check(self) -> None:
        """Called inside every long phase.

        Raises:
            StopRequested: the run is to stop.
        """
        if self.stop_asked():
            raise StopRequested

    def _pending(self) -> list[str]:
        try:
            # 2 microseconds when nobody has written, against 20 for the rows.
            version = database.data_version(self.db)
            if version != self._seen_version:
                self._verbs = commands.pending(self.db, self.run.id)
                self._seen_version = version
        except sqlite3.OperationalError:
            return []  # a busy or unreadable store asks for nothing; training goes on
        return self._verbs

    # a store that fails

    def _tell(self, operation: str, *arguments: object) -> None:
        try:
            self._replay()
            _OPERATIONS[operation](self.db, *arguments)
        except sqlite3.OperationalError as error:
            self._keep(operation, arguments, error)

    def _keep(self, operation: str, arguments: tuple[object, ...], error: sqlite3.OperationalError) -> None:
        if not self._unwritten:
            print(f"store.db can't be written ({error}): metrics go to {self.folder.spool} until it can.", flush=True)
        self._unwritten.append([operation, *arguments])
        with contextlib.suppress(OSError), self.folder.spool.open("a", encoding="utf-8") as spool:
            spool.write(json.dumps(self._unwritten[-1]) + "\n")  # on a full disk they stay in memory alone

    def _replay(self) -> None:
        while self._unwritten:
            operation, *arguments = self._unwritten[0]
            _OPERATIONS[str(operation)](self.db, *arguments)
            self._unwritten.pop(0)
            if not self._unwritten:
                self.folder.spool.unlink(missing_ok=True)
                print("store.db can be written again: nothing is missing from it.", flush=True)

    def close(self) -> None:
        self.flush()
        self.db.close()
