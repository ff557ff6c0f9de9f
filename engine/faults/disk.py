"""A disk that is full, as one process meets it: no file of its may grow beyond a kilobyte, whatever it writes."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

_ROOM_BYTES = 1024


@contextmanager
def full(pid: int) -> Iterator[None]:
    """Inside the block each write of that process beyond its files' first kilobyte fails (EFBIG, in place of ENOSPC).

    Python ignores SIGXFSZ, so the process lives on; the limit is lifted again at the end of the block.
    """
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (_ROOM_BYTES, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
