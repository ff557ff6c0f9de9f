"""Smoothed curves: what a noisy one does on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .series import Series

if TYPE_CHECKING:
    # numpy takes 80 ms to import, which the first paint must not wait for.
    import numpy as np

# How many points are averaged, from none to many.
SPANS = (1, 10, 50, 250)


def following(span: int) -> int:
    """The next span after this one, in a ring."""
    return SPANS[(SPANS.index(span) + 1) % len(SPANS)]


def telling(span: int) -> str:
    """How noisy curves are shown now, in a sentence."""
    return f"Noisy curves are means of {span} points." if span > 1 else "Curves are as measured."


def smoothed(series: Sequence[Series]) -> list[Series]:
    """The series as they are drawn; a million points take 20 ms, so in a thread."""
    import numpy as np

    return [
        replace(one, values=trailing_mean(np.asarray(one.values, dtype=np.float64), one.span)) if one.span > 1 else one
        for one in series
    ]


def trailing_mean(values: np.ndarray, points: int) -> np.ndarray:
    """The mean of each value and those before it, `points` in all, fewer at the start; (points,) in and out.

    What is not finite is left out, and is a gap only where nothing else is in its span.
    """
    import numpy as np

    finite = np.isfinite(values)
    sums, counts = (np.cumsum(part, dtype=np.float64) for part in (np.where(finite, values, 0.0), finite))
    sums[points:], counts[points:] = sums[points:] - sums[:-points], counts[points:] - counts[:-points]
    return np.divide(sums, counts, out=np.full(len(values), np.nan), where=counts > 0)
