"""Knowing a process again: by its id, start time and boot, so that no stranger is ever signalled."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from .errors import StateError


@dataclass(frozen=True)
class Identity:
    """A process that can be told from a later one with the same id."""

    pid: int
    start: str
    boot_id: str

    @classmethod
    def of(cls, pid: int) -> "Identity":
        return cls(pid, start_time(pid), boot_id())

    def alive(self) -> bool:
        return bool(self.start) and self.boot_id == boot_id() and start_time(self.pid) == self.start


def boot_id() -> str:
    """An id that changes with every boot of the machine."""
    return _read(Path("/proc/sys/kernel/random/boot_id")).strip()


def start_time(pid: int) -> str:
    """Clock ticks from boot to the start of the process; empty when there is none."""
    # The command's name, the second field, may hold spaces and parentheses: count from its last one.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    # A zombie has ended; only its parent has yet to learn of it.
    return fields[19] if len(fields) > 19 and fields[0] != "Z" else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # gone, which is what the callers ask


def terminate(process: Identity) -> None:
    """SIGTERM to the process alone: its data workers must live until the stop checkpoint is written."""
    _signal(process, signal.SIGTERM, group=False)


def kill(process: Identity) -> None:
    """SIGKILL to the process and everything it started."""
    _signal(process, signal.SIGKILL, group=True)


def _signal(process: Identity, number: signal.Signals, *, group: bool) -> None:
    if not process.alive():
        raise StateError(f"Process {process.pid} has ended already.", "Nothing was signalled.")
    if group and os.getpgid(process.pid) == process.pid:
        os.killpg(process.pid, number)
    else:
        os.kill(process.pid, number)
