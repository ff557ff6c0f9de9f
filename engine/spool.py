"""Rows that the store could not take: kept in memory and in a file, and written in order once it can."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable

from ..store import attempts, checkpoints, commands, events, heartbeats, metrics, runs, samples
from ..store.paths import RunFolder

# A try at a locked store takes its busy timeout (2 s in the engine): training gives it no more than that share of time.
_RETRY_SECONDS = 10.0

_OPERATIONS: dict[str, Callable[..., None]] = {
    "metrics": metrics.write,
    "heartbeat": heartbeats.beat,
    "event": lambda db, run_id, text, level, step: events.write(db, run_id, text, level=level, step=step),
    "sample": samples.write,
    "total_steps": runs.set_total_steps,
    "start_step": attempts.set_start_step,
    "checkpoint_begin": checkpoints.begin,
    "checkpoint_complete": checkpoints.complete,
    "taken": commands.take,
}


class Spool:
    """Writes rows to the store by the name of their operation, or keeps them until it can; never raises for a store
    that is locked, full or read-only."""

    def __init__(self, db: sqlite3.Connection, folder: RunFolder) -> None:
        self._db, self._file = db, folder.spool
        self._kept = self._left_by_earlier()
        self._retry_at = 0.0
        self._refile_at: float | None = None

    def _left_by_earlier(self) -> list[list[object]]:
        """What an engine that was killed meanwhile left in the file; a line cut short by the kill is passed over."""
        kept: list[list[object]] = []
        with contextlib.suppress(FileNotFoundError):
            for line in self._file.read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(ValueError):
                    kept.append(json.loads(line))
        return kept

    def __contains__(self, row: object) -> bool:
        return row in self._kept

    def __len__(self) -> int:
        """How many rows wait."""
        return len(self._kept)

    def write(self, operation: str, *arguments: object) -> None:
        """One row, after all that wait."""
        if not self.replay() or not self._written(operation, arguments):
            self._keep(operation, arguments)

    def replay(self, *, at_once: bool = False) -> bool:
        """Write what waits, unless the last try was a moment ago; whether nothing waits any more."""
        if self._kept and (at_once or time.monotonic() >= self._retry_at):
            while self._kept and self._written(str(self._kept[0][0]), self._kept[0][1:]):
                self._kept.pop(0)
            if not self._kept:
                self._file.unlink(missing_ok=True)
                self._refile_at = None
                print("store.db can be written again: nothing is missing from it.", flush=True)
        return not self._kept

    def _written(self, operation: str, arguments: tuple[object, ...] | list[object]) -> bool:
        try:
            _OPERATIONS[operation](self._db, *arguments)
        except sqlite3.OperationalError as error:
            if not self._kept:
                print(f"store.db can't be written ({error}): rows go to {self._file} until it can.", flush=True)
            self._retry_at = time.monotonic() + _RETRY_SECONDS
            return False
        return True

    def _keep(self, operation: str, arguments: tuple[object, ...]) -> None:
        """In memory, and in the file as soon as the disk takes it: after a row that it did not, all that wait."""
        self._kept.append([operation, *arguments])
        if self._refile_at is not None and time.monotonic() < self._refile_at:
            return
        try:
            if self._refile_at is None:
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(_line(self._kept[-1]))
            else:
                anew = self._file.with_suffix(".tmp")
                anew.write_text("".join(map(_line, self._kept)), encoding="utf-8")
                anew.replace(self._file)
            self._refile_at = None
        except OSError:
            self._refile_at = time.monotonic() + _RETRY_SECONDS


def _line(row: list[object]) -> str:
    return json.dumps(row) + "\n"
