"""What a drawing is asked for, and whether another would look the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .colors import ChartColors
from .series import Frame, Series

if TYPE_CHECKING:
    # numpy takes 80 ms to import, which the first paint must not wait for.
    import numpy as np

    Numbers = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Asked:
    """All that a drawing depends on, but for the limits of the y axis, which lie still."""

    series: Sequence[Series]
    frame: Frame
    colors: ChartColors
    ascii: bool

    def same(self, other: Asked) -> bool:
        """Whether both look the same; with 250,000 points that are other arrays of the same numbers it takes 1 ms."""
        looks = ((asked.frame, asked.colors, asked.ascii) for asked in (self, other))
        return len(set(looks)) == 1 and self.same_curves(other)

    def same_curves(self, other: Asked) -> bool:
        """Whether both show the same curves, at whatever size."""
        pairs = zip(self.series, other.series, strict=False)
        return len(self.series) == len(other.series) and all(_same(*pair) for pair in pairs)


def _same(one: Series, other: Series) -> bool:
    looks = ((each.label, each.color, each.style, each.marker, each.span) for each in (one, other))
    return len(set(looks)) == 1 and _equal(one.steps, other.steps) and _equal(one.values, other.values)


def _equal(numbers: Numbers, others: Numbers) -> bool:
    import numpy as np

    return numbers is others or (len(numbers) == len(others) and np.array_equal(numbers, others, equal_nan=True))
