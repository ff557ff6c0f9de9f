"""Precision, recall and F1 of each of several names, from counts; and their averages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Ratio:
    """One name: how many rows or entities have it, and how well they are found; nothing out of nothing is 0."""

    name: str
    support: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Ratios:
    """All names in order, the mean over them, and the one of all counts together."""

    names: tuple[Ratio, ...]
    macro: Ratio
    micro: Ratio

    def f1_of(self, name: str) -> float | None:
        return next((ratio.f1 for ratio in self.names if ratio.name == name), None)


def ratios(
    names: Sequence[str], hits: "NDArray[int64]", told: "NDArray[int64]", actual: "NDArray[int64]", averaged: int = 0
) -> Ratios:
    """From counts by name; the mean is over so many names where there are more than these, which count as 0."""
    found = tuple(
        _ratio(name, int(hit), int(said), int(had))
        for name, hit, said, had in zip(names, hits, told, actual, strict=True)
    )
    total, support = max(averaged, len(found), 1), int(actual.sum())
    means = (sum(getattr(ratio, part) for ratio in found) / total for part in ("precision", "recall", "f1"))
    return Ratios(found, Ratio("macro", support, *means), _ratio("micro", int(hits.sum()), int(told.sum()), support))


def _ratio(name: str, hits: int, told: int, actual: int) -> Ratio:
    return Ratio(name, actual, hits / max(told, 1), hits / max(actual, 1), 2 * hits / max(told + actual, 1))
