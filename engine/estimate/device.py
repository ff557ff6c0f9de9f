"""The memory of the device that a run would train on; torch is asked only where there may be more than a processor."""

import sys
from pathlib import Path
from typing import NamedTuple

import psutil

# NVIDIA, AMD, and the GPU of Windows inside WSL.
_DEVICE_FILES = ("nvidia[0-9]*", "kfd", "dxg")


class Device(NamedTuple):
    """Its kind (cuda, mps or cpu), its name, and its memory in bytes as it is now."""

    kind: str
    name: str
    free_bytes: int
    total_bytes: int


def of_kind(kind: str) -> Device:
    """The device that training on `kind` takes."""
    if kind == "cpu":
        memory = psutil.virtual_memory()
        return Device("cpu", "cpu", memory.available, memory.total)
    import torch

    from ..outputs.shortage import free_and_total

    name = torch.cuda.get_device_name() if kind == "cuda" else kind
    return Device(kind, name, *free_and_total(kind))


def best() -> Device:
    """The one that `device = auto` takes. A processor alone is known without the 2 s that torch takes to import."""
    return of_kind(_best_kind() if _may_have_more() else "cpu")


def _may_have_more() -> bool:
    return sys.platform == "darwin" or any(found for name in _DEVICE_FILES for found in Path("/dev").glob(name))


def _best_kind() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
