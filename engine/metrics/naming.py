"""Flat names of metrics: precision, recall and F1 of each class under the class's name, and their macro averages."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

# Three series each: more classes than that can't be told apart in a chart, and every evaluation writes them all.
MOST_NAMED_CLASSES = 50

Ratios = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def undefined(names: Iterable[str]) -> dict[str, float]:
    """Every name with NaN: what an evaluation without rows, or of a model that gives NaN, has to say."""
    return dict.fromkeys(names, math.nan)


def ratios(hits: NDArray[np.int64], predicted: NDArray[np.int64], actual: NDArray[np.int64]) -> Ratios:
    """Precision, recall and F1 from counts of the same shape; 0 where nothing was predicted or nothing is there."""
    return hits / np.maximum(predicted, 1), hits / np.maximum(actual, 1), 2 * hits / np.maximum(predicted + actual, 1)


def by_class(classes: Sequence[str], scores: Ratios) -> dict[str, float]:
    """`precision_<class>`, `recall_<class>` and `f1_<class>` of the first fifty classes, `<metric>_macro` of all.

    A class that is called "macro" gives way to the average.
    """
    flat: dict[str, float] = {}
    for metric, values in zip(("precision", "recall", "f1"), scores, strict=True):
        for name, value in list(zip(classes, values, strict=True))[:MOST_NAMED_CLASSES]:
            flat[f"{metric}_{_storable(name)}"] = float(value)
        flat[f"{metric}_macro"] = float(values.mean()) if len(values) else 0.0
    return flat


def _storable(name: str) -> str:
    """Half a surrogate pair, which a JSON file of labels may hold, can't be UTF-8."""
    return name.encode("utf-8", "replace").decode("utf-8")
