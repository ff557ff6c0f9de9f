"""Locks that end with their holder, and processes that are never taken for others."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tunedeck.store import locks, processes
from tunedeck.store.errors import StateError
from tunedeck.store.processes import Identity

HOLDER = (
    "import sys; from pathlib import Path; from tunedeck.store import locks;"
    "print(locks.try_lock(Path(sys.argv[1])), flush=True); sys.stdin.read()"
)


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own."""
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_a_lock_is_held_by_one_and_ends_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "run.lock"
    assert not locks.is_held(path) and not path.exists()
    with subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline().strip().isdigit()
        assert locks.is_held(path) and locks.try_lock(path) is None
        holder.kill()
    assert not locks.is_held(path)


def test_whoever_only_looks_at_a_lock_keeps_nobody_from_taking_it(tmp_path: Path) -> None:
    path, done = tmp_path / "runner.lock", threading.Event()
    path.touch()

    def look() -> None:
        while not done.is_set():
            locks.is_held(path)
            time.sleep(0.0005)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    for _ in range(100):
        taken = locks.try_lock(path)
        assert taken is not None
        os.close(taken)
    done.set()
    for looker in lookers:
        looker.join()


def test_waiting_for_a_lock_ends_when_it_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = locks.try_lock(path)
    assert held is not None
    threading.Timer(0.1, os.close, [held]).start()
    with locks.waiting(path):
        assert locks.is_held(path)
    assert not locks.is_held(path)


def test_a_process_is_known_again(other: subprocess.Popen[bytes]) -> None:
    identity = Identity.of(other.pid)
    assert identity.alive() and identity.start.isdigit() and identity.boot_id
    processes.kill(identity)
    assert other.wait() == -signal.SIGKILL
    assert not identity.alive()


def test_terminating_reaches_the_process(other: subprocess.Popen[bytes]) -> None:
    processes.terminate(Identity.of(other.pid))
    assert other.wait() == -signal.SIGTERM


@pytest.mark.parametrize("change", [{"start": "1"}, {"boot_id": "another boot"}, {"start": ""}])
@pytest.mark.parametrize("signalled", [processes.kill, processes.terminate], ids=["kill", "terminate"])
def test_a_stranger_with_the_same_number_is_never_signalled(
    signalled, change: dict[str, str], other: subprocess.Popen[bytes]
) -> None:
    stranger = replace(Identity.of(other.pid), **change)
    with pytest.raises(StateError, match=f"Process {other.pid} has ended already. Nothing was signalled."):
        signalled(stranger)
    time.sleep(0.05)
    assert other.poll() is None


def test_a_process_that_its_parent_has_not_buried_is_not_alive() -> None:
    with subprocess.Popen(["true"]) as process:
        identity = Identity.of(process.pid)
        deadline = time.monotonic() + 10
        while identity.alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert process.returncode is None and not identity.alive()


def test_a_process_that_leads_no_group_is_killed_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        processes.kill(Identity.of(process.pid))
        assert process.wait() == -signal.SIGKILL
