"""Calibration: whether a model that says 80% is right four times of five (Guo et al. 2017, arXiv:1706.04599)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 15


class Bin(NamedTuple):
    """The rows whose confidence lies above `lower` and up to `upper`: how sure the model was, and how often right."""

    lower: float
    upper: float
    rows: int
    confidence: float
    accuracy: float


def reliability(confidence: ArrayLike, correct: ArrayLike, bins: int = BINS) -> list[Bin]:
    """The reliability diagram: equal-width bins of confidence, lowest first; bins without rows are left out.

    Both arguments are (rows,): the probability of the predicted class, and whether it is the label.
    """
    sure, right = np.asarray(confidence, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    edges = np.linspace(0, 1, bins + 1)
    places = np.digitize(sure, edges[1:-1], right=True)
    return [
        _bin(edges[place : place + 2], sure[places == place], right[places == place]) for place in np.unique(places)
    ]


def _bin(edges: NDArray[np.float64], sure: NDArray[np.float64], right: NDArray[np.float64]) -> Bin:
    return Bin(float(edges[0]), float(edges[1]), len(sure), float(sure.mean()), float(right.mean()))


def expected_calibration_error(confidence: ArrayLike, correct: ArrayLike, bins: int = BINS) -> float:
    """Mean gap between confidence and accuracy over the bins, weighted by their rows (equation 3); NaN without rows."""
    found = reliability(confidence, correct, bins)
    rows = sum(group.rows for group in found)
    return sum(group.rows * abs(group.accuracy - group.confidence) for group in found) / rows if rows else float("nan")
