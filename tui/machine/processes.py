"""The processes that matter to runs: those on the devices, our engines, and the runner."""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ...store import attempts, locks, states
from ...store.paths import Home
from .devices import Device

if TYPE_CHECKING:
    import psutil


@dataclass(frozen=True)
class Process:
    """One process; `devices` are its bytes by the index of the device, `run` is the id of ours that it belongs to.

    One that can't be seen from here, as those of other containers, has no user and no name.
    """

    pid: int
    run: str | None = None
    is_runner: bool = False
    user: str = ""
    name: str = ""
    busy_percent: float = 0.0
    memory_bytes: int = 0
    started_at: float = 0.0
    devices: tuple[tuple[int, int | None], ...] = ()


class Ours(NamedTuple):
    """Our processes by their ids: engines with the run that each works on, and the runner."""

    engines: Mapping[int, str]
    runner: int | None


def ours(db: sqlite3.Connection, home: Home) -> Ours:
    """By process id and start time, so that a stranger who got the id of one that ended is none of ours."""
    found = {run.id: attempts.process(db, run.id) for run in states.claimed(db)}
    engines = {process.pid: run_id for run_id, process in found.items() if process and process.alive()}
    return Ours(engines, locks.holder(home.runner_lock))


class Processes:
    """Reads them again and again: how busy one is, is told of the time between two readings."""

    def __init__(self) -> None:
        self._known: dict[int, psutil.Process] = {}

    def read(self, devices: Iterable[Device], ours: Ours) -> list[Process]:
        """Ours first, then those on the devices by their ids."""
        on_devices: dict[int, list[tuple[int, int | None]]] = {}
        for device in devices:
            for pid, used in device.processes:
                on_devices.setdefault(pid, []).append((device.index, used))
        runner = [ours.runner] if ours.runner is not None else []
        pids = list(dict.fromkeys([*ours.engines, *runner, *sorted(on_devices)]))
        self._known = {pid: process for pid, process in self._known.items() if pid in pids}
        return [self._process(pid, ours, tuple(on_devices.get(pid, ()))) for pid in pids]

    def _process(self, pid: int, ours: Ours, devices: tuple[tuple[int, int | None], ...]) -> Process:
        import psutil

        run, is_runner = ours.engines.get(_session(pid)), pid == ours.runner
        try:
            known = self._known.setdefault(pid, psutil.Process(pid))
            with known.oneshot():
                return Process(
                    pid=pid,
                    run=run,
                    is_runner=is_runner,
                    user=known.username(),
                    name=known.name(),
                    busy_percent=known.cpu_percent(),
                    memory_bytes=known.memory_info().rss,
                    started_at=known.create_time(),
                    devices=devices,
                )
        except psutil.Error:
            self._known.pop(pid, None)
            return Process(pid, run, is_runner, devices=devices)


def _session(pid: int) -> int:
    """The leader of its session: an engine leads one, and its data workers are in it."""
    try:
        return os.getsid(pid)
    except OSError:
        return pid  # it has ended, or is not to be seen from here
