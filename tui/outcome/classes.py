"""Which classes are mistaken for which: the confusion matrix, and precision, recall and F1 of each class.

The figures are those of scikit-learn, as the engine records them: over the classes that are labelled or predicted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from .ratios import Ratios, ratios

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Confusion:
    """Rows counted by their class and the one that is predicted; `counts` is (classes, classes), true before told."""

    classes: tuple[str, ...]
    counts: "NDArray[int64]"
    ratios: Ratios

    @property
    def accuracy(self) -> float:
        return float(self.counts.trace() / max(self.counts.sum(), 1))

    def mistakes(self, most: int) -> list[tuple[str, str, int]]:
        """The pairs that are confused most often: the class, what it is taken for, in how many rows."""
        import numpy as np

        wrong = self.counts * (1 - np.eye(len(self.classes), dtype=np.int64))
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = (divmod(int(place), len(self.classes)) for place in order)
        return [
            (self.classes[true], self.classes[told], int(wrong[true, told]))
            for true, told in pairs
            if wrong[true, told]
        ]


def confusion(labels: Sequence[str], predicted: Sequence[str]) -> Confusion:
    """Of one class per row; both are (rows,)."""
    import numpy as np

    classes = in_order({*labels, *predicted})
    numbers = {name: number for number, name in enumerate(classes)}
    actual, told = (
        np.fromiter((numbers[name] for name in names), dtype=np.int64, count=len(names))
        for names in (labels, predicted)
    )
    cells = np.bincount(actual * len(classes) + told, minlength=len(classes) ** 2)
    counts = cells.reshape(len(classes), len(classes)).astype(np.int64)
    return Confusion(classes, counts, ratios(classes, counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)))


def by_label(labels: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], averaged: int) -> Ratios:
    """Of any number of classes per row; the mean is over all classes of the model, `averaged` many."""
    import numpy as np

    classes = in_order({*chain.from_iterable(labels), *chain.from_iterable(predicted)})
    numbers = {name: number for number, name in enumerate(classes)}
    had, told = (_marks(rows, numbers) for rows in (labels, predicted))
    counts = (np.asarray(marks.sum(axis=0), dtype=np.int64) for marks in (had & told, told, had))
    return ratios(classes, *counts, averaged=averaged)


def _marks(rows: Sequence[Sequence[str]], numbers: dict[str, int]) -> "NDArray":
    """(rows, classes): whether the row has the class."""
    import numpy as np

    marks = np.zeros((len(rows), len(numbers)), dtype=bool)
    for place, names in enumerate(rows):
        marks[place, [numbers[name] for name in names]] = True
    return marks


def in_order(names: set[str]) -> tuple[str, ...]:
    """By their value where all are numbers, else by the alphabet."""
    try:
        return tuple(sorted(names, key=lambda name: (float(name), name)))
    except ValueError:
        return tuple(sorted(names))
