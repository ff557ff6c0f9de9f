"""What the soak watches: the processes of one home, their memory, handles and threads, the store, and the steps."""

import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import numpy as np
from terminal import cpu_seconds
from tunedeck.store.paths import Home

_ROLES = {"tunedeck.tui": "app", "tunedeck.engine.runner": "runner", "tunedeck.engine": "engine"}


class Process(NamedTuple):
    """One process at one moment; an engine that answers a question of the app has the role of its verb."""

    pid: int
    role: str
    memory_bytes: int
    handles: int
    threads: int
    cpu_seconds: float


class Sample(NamedTuple):
    """What there was at one moment; `zombies` are children that have ended and were waited for by nobody yet."""

    at: float
    processes: tuple[Process, ...]
    zombies: frozenset[int]
    store_bytes: int
    log_bytes: int


def taken(home: Home) -> Sample:
    """A look at everything; 5 ms."""
    pids = list(_pids(home))
    log = home.store.with_name("store.db-wal")
    return Sample(
        time.monotonic(),
        tuple(process for pid in pids if (process := _process(pid))),
        frozenset(_zombies({os.getpid(), *pids})),
        home.store.stat().st_size,
        log.stat().st_size if log.exists() else 0,
    )


def _pids(home: Home) -> Iterator[int]:
    """Those that were started for this home."""
    sign = f"TUNEDECK_HOME={home.root}\0".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            content = path.read_bytes()
        except OSError:
            continue  # ended, or somebody else's
        if sign in content and int(path.parent.name) != os.getpid():
            yield int(path.parent.name)


def _process(pid: int) -> Process | None:
    folder = Path(f"/proc/{pid}")
    try:
        arguments = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        status = dict(re.findall(r"^(VmRSS|Threads):\s+(\d+)", (folder / "status").read_text(), re.MULTILINE))
        handles = sum(1 for _ in (folder / "fd").iterdir())
        used = cpu_seconds(pid)
    except OSError:
        return None
    module = arguments[arguments.index("-m") + 1] if "-m" in arguments else ""
    role = _ROLES.get(module, "other")
    if role == "engine":
        role = f"engine {arguments[arguments.index('-m') + 2]}"
    return Process(pid, role, 1024 * int(status.get("VmRSS", 0)), handles, int(status.get("Threads", 0)), used)


def _zombies(parents: set[int]) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text(errors="replace").rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state == "Z" and int(parent) in parents:
            yield int(path.parent.name)


def of_process(samples: Iterable[Sample], pid: int) -> list[tuple[float, Process]]:
    """The moments at which the process was seen."""
    return [(sample.at, process) for sample in samples for process in sample.processes if process.pid == pid]


def growth(times: Sequence[float], values: Sequence[float], *, warm_up: float = 0.3) -> float:
    """By how much a line through the values rises from the end of the warm-up to the last; 0.0 for less than ten."""
    first = int(len(times) * warm_up)
    if len(times) - first < 10:
        return 0.0
    slope, _ = np.polyfit(np.asarray(times[first:]) - times[first], np.asarray(values[first:], dtype=float), 1)
    return float(slope * (times[-1] - times[first]))


def ratio_of_quarters(values: Sequence[float]) -> float:
    """The fastest tenth of the last quarter over that of the first, which other work on the machine changes least; 1.0
    for less than eight values."""
    quarter = len(values) // 4
    if quarter < 2:
        return 1.0
    first, last = (quantiles(part, n=10)[0] for part in (values[:quarter], values[-quarter:]))
    return last / first
