"""File locks: held by a process for as long as it lives, so that no crash can leave one behind."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# `is_held` takes the lock for microseconds; who really wants it must not take that for a holder.
_TRIES, _BETWEEN_TRIES_SECONDS = 5, 0.01


def try_lock(path: Path) -> int | None:
    """The descriptor of the lock taken, or None when another process holds it; closing it lets go."""
    descriptor = _open(path)
    for _ in range(_TRIES):
        if _locked(descriptor, fcntl.LOCK_EX):
            return descriptor
        time.sleep(_BETWEEN_TRIES_SECONDS)
    os.close(descriptor)
    return None


def _open(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether some process holds the lock; a missing file is held by nobody."""
    if not path.exists():
        return False
    descriptor = _open(path)
    try:
        # Shared, so that two who ask at once are not each other's answer.
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


@contextmanager
def if_free(path: Path) -> Iterator[bool]:
    """Hold the lock inside the block where nobody else does; whether it is held. Who wants it meanwhile must wait."""
    descriptor = try_lock(path)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def holder(path: Path) -> int | None:
    """The process that holds the lock, if it wrote its id into the file as the runner does."""
    if not is_held(path):
        return None
    written = path.read_text(encoding="utf-8", errors="replace").strip()
    return int(written) if written.isdecimal() else None


def open_in(path: Path) -> list[int]:
    """The processes that have the file open, of those that we may look at: who inherited a lock wrote no id into it."""
    found, place = set[int](), path.resolve()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        # A process, or one of its files, that went away meanwhile.
        with suppress(OSError):
            if link.readlink() == place:
                found.add(int(link.parts[2]))
    return sorted(found - {os.getpid()})


@contextmanager
def waiting(path: Path) -> Iterator[None]:
    """Hold the lock inside the block, waiting for it first."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
