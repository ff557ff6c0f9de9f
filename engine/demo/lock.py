"""One process at a time: a lock on a file, which the kernel lets go when its holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..report import Report


@contextmanager
def held(path: Path, report: Report, waiting_for: str) -> Iterator[None]:
    """Hold the lock on `path` inside the block; where another process has it, say so and wait."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"waiting for another process that {waiting_for}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
