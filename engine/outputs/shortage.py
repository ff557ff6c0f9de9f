"""Memory that was not enough for a piece of work, told apart from other errors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import psutil
import torch
from accelerate.utils.memory import clear_device_cache, should_reduce_batch_size

# What accelerate takes for no shortage: a GPU that other programs fill, and Windows.
_SIGNS = ("CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "not enough memory")

Result = TypeVar("Result")


@dataclass(frozen=True)
class Shortage:
    """What was said when memory ran out, and how much was free then."""

    said: str
    free_bytes: int
    total_bytes: int

    def __str__(self) -> str:
        return f"{self.free_bytes / 2**30:.1f} of {self.total_bytes / 2**30:.1f} GiB free"

    @classmethod
    def of(cls, error: BaseException, device: str) -> "Shortage | None":
        """The shortage that the error tells of; None where it is about something else."""
        is_one = isinstance(error, torch.OutOfMemoryError | MemoryError) or (
            isinstance(error, RuntimeError)
            and (should_reduce_batch_size(error) or any(sign in str(error) for sign in _SIGNS))
        )
        said = next(iter(str(error).splitlines()), "") or type(error).__name__
        return cls(said, *free_and_total(device)) if is_one else None


def free_and_total(device: str) -> tuple[int, int]:
    """Free and total bytes of the device's memory."""
    if device == "cuda":
        return torch.cuda.mem_get_info()
    if device == "mps":
        total = torch.mps.recommended_max_memory()
        return total - torch.mps.driver_allocated_memory(), total
    memory = psutil.virtual_memory()
    return memory.available, memory.total


def unless_short(work: Callable[[], Result], device: str) -> Result | Shortage:
    """What the work gives, or that memory ran out; then what the work held is free again."""
    try:
        return work()
    except Exception as error:  # torch tells of a shortage by several classes, some of them for other errors too
        shortage = Shortage.of(error, device)
        if shortage is None:
            raise
    # Only here, as the error's frames hold all tensors of the work.
    clear_device_cache(garbage_collection=True)
    # For the log: it says how much was asked for.
    print(shortage.said, flush=True)
    return shortage
