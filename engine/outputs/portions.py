"""Work on many items in batches that fit into memory."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from ...store.errors import ConfigError
from ..session import Session
from .shortage import Shortage, unless_short

Item = TypeVar("Item")
Found = TypeVar("Found")


@dataclass
class Portions:
    """How many items go through the model at once without gradients: halved whenever memory runs out (FAULTS 9).

    `field` is the knob that says how many it begins with, `lower` what else takes memory.
    """

    rows: int
    device: str
    session: Session
    field: str = "per_device_eval_batch_size"
    lower: str = "max_length"

    def of(self, items: Sequence[Item], work: Callable[[Sequence[Item]], list[Found]]) -> Iterator[list[Found]]:
        """What the work finds in each batch of the items, in their order.

        Raises ConfigError where one item does not fit; StopRequested between two batches.
        """
        start = 0
        while start < len(items):
            began = time.monotonic()
            batch = items[start : start + self.rows]
            found = unless_short(partial(work, batch), self.device)
            if isinstance(found, Shortage):
                self._halve(len(batch), found)
                continue
            yield found
            start += len(batch)
            # Not after the last: what was found is used first.
            if start < len(items):
                self.session.beat(expect_seconds=10 + 5 * (time.monotonic() - began))
                self.session.check()

    def _halve(self, rows: int, shortage: Shortage) -> None:
        if rows == 1:
            raise ConfigError(
                f"out of memory while {self.session.phase} with 1 row at once ({shortage}).",
                f"Lower {self.lower}, or take a smaller model.",
                field=self.field,
            )
        self.rows = rows // 2
        self.session.event(
            f"out of memory while {self.session.phase} with {rows} rows at once ({shortage}):"
            f" {rows // 2} at once from here on, which changes no result",
            level="warning",
        )
