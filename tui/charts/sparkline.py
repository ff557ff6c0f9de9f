"""A curve in one line of text."""

import math
from collections.abc import Sequence
from itertools import pairwise

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-~=+*#"


def sparkline(values: Sequence[float], width: int, *, ascii: bool = False) -> str:
    """At most `width` blocks, each as high as the mean of its share of the values; no finite value gives a space."""
    if width <= 0 or len(values) == 0:
        return ""
    shares = [_mean(share) for share in _shares(values, width)]
    known = [value for value in shares if value is not None]
    levels = _ASCII if ascii else _BLOCKS
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    return "".join(" " if value is None else levels[_level(value, low, high, len(levels))] for value in shares)


def _shares(values: Sequence[float], width: int) -> list[Sequence[float]]:
    count = min(width, len(values))
    edges = [len(values) * index // count for index in range(count + 1)]
    return [values[start:end] for start, end in pairwise(edges)]


def _mean(share: Sequence[float]) -> float | None:
    known = [float(value) for value in share if math.isfinite(value)]
    # Divided first: the sum of two floats near the largest would be infinite.
    return sum(value / len(known) for value in known) if known else None


def _level(value: float, low: float, high: float, count: int) -> int:
    if high / 2 <= low / 2:
        return 0
    share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return min(int(share * count), count - 1)
