"""One thing in a home that is not as it should be."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong, as a sentence, and what to do; `repair` does it, where that can be done without a person."""

    what: str
    next_step: str
    repair: Callable[[], object] | None = None
