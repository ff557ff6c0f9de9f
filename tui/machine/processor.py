"""The processor: how busy it is, over how many cores."""

import os
from dataclasses import dataclass

# What psutil says first is of the time since it was asked last, which it never was.
_FIRST_SECONDS = 0.1


@dataclass(frozen=True)
class Processor:
    """All cores together; `load` is the mean number of processes that ran or waited to in the last minute."""

    busy_percent: float
    cores: int
    load: float


def read(*, first: bool = False) -> Processor:
    """The processor since the reading before; the first one takes 0.1 s to look by itself."""
    import psutil

    busy = psutil.cpu_percent(_FIRST_SECONDS if first else None)
    return Processor(busy, os.cpu_count() or 1, os.getloadavg()[0])
