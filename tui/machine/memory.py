"""The machine's memory, as distinct from that of its devices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Memory:
    """`used_bytes` is what no program could have: the rest is free, or holds files that would make room."""

    used_bytes: int
    total_bytes: int


def read() -> Memory:
    import psutil

    told = psutil.virtual_memory()
    return Memory(told.total - told.available, told.total)
