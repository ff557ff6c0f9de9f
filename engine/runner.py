"""The runner: takes runs from the queue one by one, starts an engine for each, and records how it ended.

Only the standard library is imported, here and in what this imports: 30 ms to start, 12 MB for as long as a run lasts.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from ..store import attempts, commands, database, locks, runs, states, sweeps
from ..store.errors import UserError
from ..store.paths import Home
from ..store.processes import Identity
from ..store.records import Run, Sweep
from .spool import Spool

IDLE_SECONDS = float(os.environ.get("TUNEDECK_RUNNER_IDLE_SECONDS", "30"))
_LOOK_SECONDS = 0.25
_RETRY_SECONDS = 2.0


def main() -> None:
    """Work the queue of the store until it has been empty for IDLE_SECONDS; one runner per store."""
    os.umask(0o077)
    for ignored in (signal.SIGHUP, signal.SIGINT):
        signal.signal(ignored, signal.SIG_IGN)
    home = Home.default()
    try:
        while serve(home):
            pass
    except UserError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


def serve(home: Home) -> bool:
    """Hold the runner's lock and work the queue; whether something was queued while the lock was let go."""
    lock = locks.try_lock(home.runner_lock)
    if lock is None:
        return False  # another runner lives, and looks at the queue after it has let go
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    db = database.connect(home)
    try:
        _work(db, home)
    finally:
        os.close(lock)
    waiting = runs.queued_count(db) > 0 or bool(sweeps.due(db))
    db.close()
    return waiting


def _work(db: sqlite3.Connection, home: Home) -> None:
    idle_since = time.monotonic()
    while True:
        _wait_for_orphans(db, home)
        _go_on_with_sweeps(db, home)
        run = runs.claim(db) if runs.queued_count(db) else None
        if run is not None:
            _execute(db, home, run)
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since >= IDLE_SECONDS:
            return
        else:
            time.sleep(_LOOK_SECONDS)


def _wait_for_orphans(db: sqlite3.Connection, home: Home) -> None:
    """Let engines of a runner that died come to their end first: they hold the device."""
    while orphans := states.claimed(db):
        for run in orphans:
            if not locks.is_held(home.run(run.id).lock):
                _record_ending(db, home, run, exit_code=None)
        time.sleep(_LOOK_SECONDS)


def _go_on_with_sweeps(db: sqlite3.Connection, home: Home) -> None:
    """Where the runs of a sweep have all ended, rank them; if it wants another, have that queued instead."""
    for sweep in sweeps.due(db):
        if not sweeps.wants_another(db, sweep):
            sweeps.finish(db, sweep)
        elif fault := _suggest(home, sweep):
            sweeps.finish(db, sweep, fault=fault)


def _suggest(home: Home, sweep: Sweep) -> str:
    """Ask a short process, as Optuna is no standard library; what went wrong, empty when nothing did."""
    asked = subprocess.run(
        [sys.executable, "-P", "-m", "tunedeck.engine", "suggest", sweep.id],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=home.root,
    )
    if asked.returncode == 0:
        return ""
    try:
        fault = json.loads(asked.stdout)["error"]
        return f"{fault['what']} {fault['next_step']}".strip()
    except (ValueError, KeyError):
        return f"Its next run could not be queued (exit code {asked.returncode}); {home.runner_log} says more."


def _execute(db: sqlite3.Connection, home: Home, run: Run) -> None:
    folder = home.run(run.id)
    folder.create()
    lock = _wait_for_lock(folder.lock)
    folder.result.unlink(missing_ok=True)
    attempt = attempts.start(db, run.id)
    with folder.log.open("ab") as log:
        engine = subprocess.Popen(
            [sys.executable, "-P", "-m", "tunedeck.engine", "train", run.id, str(attempt.id)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # The engine inherits the lock already taken, so that no moment is without a holder.
            pass_fds=[lock],
            cwd=folder.root,
        )
    os.close(lock)
    attempts.set_process(db, attempt.id, Identity.of(engine.pid))
    _record_ending(db, home, run, exit_code=engine.wait())
    _wait_for_survivors(db, home, run)


def _wait_for_survivors(db: sqlite3.Connection, home: Home, run: Run) -> None:
    """What an engine started may outlive it, and hold the device: it is named, and the next run waits for its end."""
    lock, told = home.run(run.id).lock, None
    while locks.is_held(lock):
        alive = locks.open_in(lock)
        # What ended while it was looked for has nothing to be told of.
        if alive != told and locks.is_held(lock):
            told = alive
            Spool(db, home.run(run.id)).write("event", run.id, _survived(alive), "warning", None)
        time.sleep(_LOOK_SECONDS)


def _survived(alive: list[int]) -> str:
    named = ", ".join(map(str, alive)) or "that can't be seen from here"
    return f"its engine has ended, but process {named} that it started has not: the next run waits until it has"


def _record_ending(db: sqlite3.Connection, home: Home, run: Run, *, exit_code: int | None) -> None:
    """Record the ending, however long the store can't be written; what the engine could not write comes first."""
    spool = Spool(db, home.run(run.id))
    while True:
        try:
            spool.replay(at_once=True)
            asked = "kill" in commands.pending(db, run.id)
            return states.record_ending(db, home, run, exit_code, asked=asked)
        except sqlite3.OperationalError as error:
            print(f"store.db can't be written ({error}): trying again.", file=sys.stderr)
            time.sleep(_RETRY_SECONDS)


def _wait_for_lock(path: Path) -> int:
    """The run's lock; something started by an earlier attempt may hold it, and the device with it, for a while."""
    while (lock := locks.try_lock(path)) is None:
        time.sleep(_LOOK_SECONDS)
    return lock


if __name__ == "__main__":
    main()
