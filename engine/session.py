"""The engine's line to the store: it reports what happens and hears what is asked, and outlives a store that fails."""

import signal
import sqlite3
import time

from ..store import commands, database, metrics, runs
from ..store.paths import Home
from ..store.records import Run
from .spool import Spool

# Points gathered for a moment cost one transaction (0.2 ms) instead of one each.
_FLUSH_SECONDS = 0.25
# A store that somebody holds locked must not hold up the training: what it can't take is kept and written later.
_BUSY_MILLISECONDS = 2000
_RENEW_SECONDS = 5.0


class StopRequested(Exception):
    """Somebody asked the run to save and stop."""


class Session:
    """One attempt of a run, as its engine reports it."""

    def __init__(self, home: Home, run_id: str, attempt_id: int) -> None:
        self.home = home
        self.folder = home.run(run_id)
        self.db = database.connect(home)
        self.db.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        self.run: Run = runs.get(self.db, run_id)
        self.spool = Spool(self.db, self.folder)
        self.spool.replay()
        self.attempt_id = attempt_id
        self.phase, self.step = "starting", 0
        self._points: list[metrics.Point] = []
        self._flushed_at = time.monotonic()
        self._beat_at, self._expect_seconds = time.monotonic(), 60.0
        self._stop = False
        self._looked_at = time.monotonic()
        self._seen_version: int | None = None
        self._verbs: list[str] = []
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def _on_terminate(self, number: int, frame: object) -> None:
        self._stop = True

    # what happens

    def enter(self, phase: str, *, expect_seconds: float) -> None:
        """A new phase begins, which promises a sign of life within that time."""
        # What was asked in the phase before is told as of that one.
        self.check()
        self.phase = phase
        self.beat(expect_seconds)

    def beat(self, expect_seconds: float, steps_per_second: float | None = None) -> None:
        self._beat_at, self._expect_seconds = time.monotonic(), expect_seconds
        self.spool.write("heartbeat", self.run.id, self.phase, self.step, expect_seconds, steps_per_second)

    def event(self, text: str, *, level: str = "info") -> None:
        print(text, flush=True)
        self.spool.write("event", self.run.id, text, level, self.step)

    def sample(self, prompt: str, answer: str) -> None:
        self.spool.write("sample", self.run.id, self.attempt_id, self.step, prompt, answer)

    def planned(self, total_steps: int) -> None:
        self.spool.write("total_steps", self.run.id, total_steps)

    def started_at(self, step: int) -> None:
        """The attempt begins after that step; 0 for a new run."""
        self.step = step
        self.spool.write("start_step", self.attempt_id, step)

    def saving(self, step: int) -> None:
        # Points first: a run resumed from this checkpoint must not lack those of its last steps.
        self.flush()
        self.spool.write("checkpoint_begin", self.run.id, self.attempt_id, step)

    def saved(
        self, step: int, manifest_hash: str, size_bytes: int, eval_loss: float | None, rank: float | None
    ) -> None:
        self.spool.write("checkpoint_complete", self.run.id, step, manifest_hash, size_bytes, eval_loss, rank)

    def measure(self, **values: float) -> None:
        """Metric points of the present step, written with others a moment later."""
        self._points += [(name, self.step, float(value)) for name, value in values.items()]
        if time.monotonic() - self._flushed_at >= _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the points gathered so far."""
        if self._points:
            points, self._points = self._points, []
            self.spool.write("metrics", self.attempt_id, points)
        self._flushed_at = time.monotonic()

    # what is asked

    def stop_asked(self) -> bool:
        """Whether the run is to save and stop: by a command row, or by SIGTERM."""
        if not self._stop:
            self._stop = "stop" in self._pending()
        return self._stop

    def past(self, name: str, *, after_step: int = -1) -> dict[int, float]:
        """The metric's values by step up to the present one; none of them while the store is busy."""
        try:
            steps, values = metrics.series(self.db, self.run.id, name, after_step=after_step)
        except sqlite3.OperationalError:
            return {}
        return {step: value for step, value in zip(steps, values, strict=True) if step <= self.step}

    def last_value(self, name: str) -> float | None:
        """The metric's value at the step from which this attempt goes on; None for a new run."""
        return next(reversed(metrics.series(self.db, self.run.id, name)[1]), None)

    def take(self, verb: str) -> bool:
        """Whether that was asked; it is marked as done with."""
        if verb not in self._pending():
            return False
        self.spool.write("taken", self.run.id, verb)
        self._verbs = [other for other in self._verbs if other != verb]
        return True

    def check(self) -> None:
        """Called inside every long phase; renews the phase's promise of a sign of life.

        Raises:
            StopRequested: the run is to stop.
        """
        if self.stop_asked():
            raise StopRequested
        if time.monotonic() - self._beat_at > _RENEW_SECONDS:
            self.beat(self._expect_seconds)

    def _leave_if_deleted(self) -> None:
        """An engine whose run was deleted from the disk would go on for nobody, and hold the device."""
        if time.monotonic() - self._looked_at > _RENEW_SECONDS:
            self._looked_at = time.monotonic()
            if not self.folder.root.exists():
                raise SystemExit(f"{self.folder.root} is gone: nobody can see this run any more.")

    def _pending(self) -> list[str]:
        self._leave_if_deleted()
        try:
            # 2 microseconds when nobody has written, against 20 for the rows.
            version = database.data_version(self.db)
            if version != self._seen_version:
                pending = commands.pending(self.db, self.run.id)
                self._verbs = [verb for verb in pending if ["taken", self.run.id, verb] not in self.spool]
                self._seen_version = version
        except sqlite3.OperationalError:
            return []  # a busy or unreadable store asks for nothing; training goes on
        return self._verbs

    def close(self) -> None:
        self.flush()
        self.spool.replay(at_once=True)
        self.db.close()
