"""What a run will need, as the engine estimates it from sizes and from earlier runs of this machine, in two lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..words import counted, duration, size

_BATCH = ("per_device_train_batch_size", "gradient_accumulation_steps")


@dataclass(frozen=True)
class Estimate:
    """The engine's answer, as far as the form shows it; sizes in bytes, None where it is not known."""

    steps: int | None
    memory: float | None
    capacity: float | None
    fits: bool | None
    seconds: float | None
    least_seconds: float | None
    most_seconds: float | None
    like: int
    notes: tuple[str, ...]

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Estimate":
        return cls(
            steps=answer["steps"],
            memory=(answer["memory"] or {}).get("total"),
            capacity=answer["total_bytes"],
            fits=answer["fits"],
            seconds=answer["seconds"],
            least_seconds=answer["seconds_low"],
            most_seconds=answer["seconds_high"],
            like=answer["like"],
            notes=tuple(map(str, answer["notes"])),
        )


def shape(values: Mapping[str, object], found: Estimate | None, *, waits: bool = False) -> str:
    """What follows from the knobs at once: the rows of an update, and the updates."""
    parts = [_batch(values), _steps(values, found), "estimating..." if waits else ""]
    return "   ".join(filter(None, parts))


def needs(found: Estimate | None, fault: str = "") -> str:
    """Memory and time, or why they are not known; 80 columns hold what can be known."""
    if found is None:
        return f"no estimate: {fault}" if fault else ""
    return "   ".join(filter(None, [_memory(found), _time(found)]))


def _batch(values: Mapping[str, object]) -> str:
    rows, batches = (_whole(values, name) for name in _BATCH)
    return f"effective batch {rows * batches} ({rows} x {batches})" if rows and batches else ""


def _steps(values: Mapping[str, object], found: Estimate | None) -> str:
    steps = _whole(values, "max_steps") or (found.steps if found else None)
    return counted(steps, "step") if steps else ""


def _whole(values: Mapping[str, object], name: str) -> int:
    """The knob as a number, 0 where somebody typed what is none."""
    text = str(values.get(name, ""))
    return int(text) if text.isdecimal() and len(text) < 12 else 0


def _memory(found: Estimate) -> str:
    if found.memory is None:
        return ""
    of = f" of {size(found.capacity)}" if found.capacity else ""
    return f"memory ~{size(found.memory)}{of}{': too much' if found.fits is False else ''}"


def _time(found: Estimate) -> str:
    if found.seconds is None:
        return ""
    if found.least_seconds is None or found.most_seconds is None:
        return f"time ~{duration(found.seconds)}"
    by = f"by {counted(found.like, 'run')} like it" if found.like else "roughly"
    between = f"{duration(found.least_seconds)} to {duration(found.most_seconds)}"
    return f"time ~{duration(found.seconds)}, {between} {by}"
