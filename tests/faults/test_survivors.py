"""What outlives an engine that was killed: the next run waits for it, and it is named (FAULTS 28)."""

import os
import signal
import subprocess
import sys
import time

from tunedeck.engine.faults.lab import Lab
from tunedeck.store import events, locks

HOLD = (
    "import sys; from pathlib import Path; from tunedeck.store import locks\n"
    "with locks.waiting(Path(sys.argv[1])):\n    sys.stdin.read()"
)


def test_the_next_run_waits_for_what_holds_the_lock_and_it_is_named(lab: Lab) -> None:
    run, following = lab.queue(name="killed", max_steps=10_000), lab.queue(name="following", max_steps=1)
    lab.start_runner()
    pid, lock = lab.engine_pid(run), lab.home.run(run.id).lock
    # It waits for the engine's lock, and has it as soon as that is killed: as a child that was forked with it would.
    with subprocess.Popen([sys.executable, "-P", "-c", HOLD, str(lock)], stdin=subprocess.PIPE) as survivor:
        lab.until(lambda: survivor.pid in locks.open_in(lock), "the other process waits for the lock")
        os.kill(pid, signal.SIGKILL)
        assert lab.wait_until_ended(run, 5).state == "killed"
        lab.until(lambda: len(events.of_run(lab.db, run.id)), "it is told")
        time.sleep(1)
        assert lab.now(following).state == "queued" and locks.is_held(lock)
        [told] = [event.text for event in events.of_run(lab.db, run.id) if "the next run waits" in event.text]
        assert f"process {survivor.pid} that it started has not" in told
        survivor.kill()
    assert lab.wait_until_ended(following).state == "completed"
