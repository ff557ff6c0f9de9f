"""What an evaluation says of a model beyond its metrics, computed from the predictions beside the run; in threads."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ...store.paths import RunFolder
from .. import predictions
from .answers import Answered, by_kind
from .classes import Confusion, by_label, confusion
from .entities import by_type
from .ratios import Ratios


@dataclass(frozen=True)
class Labels:
    """Of any number of classes per row."""

    ratios: Ratios


@dataclass(frozen=True)
class Entities:
    """Of tags."""

    ratios: Ratios


Outcome = Confusion | Labels | Entities | tuple[Answered, ...] | None
"""None where the task's metrics say it all, or where the model gave no numbers."""


class Outcomes(NamedTuple):
    """By step, in order: of the base model (step 0), the best and the newest weights, as far as they are kept."""

    of_steps: dict[int, Outcome]
    best: int | None

    @property
    def newest(self) -> tuple[int, Outcome]:
        return next(reversed(self.of_steps.items()))


def of_run(folder: RunFolder, best: int | None) -> Outcomes | None:
    """Before the first evaluation None. Raises NotFoundError where a file can't be read."""
    kept = predictions.steps(folder)
    if not kept:
        return None
    chosen = sorted({step for step in (0, best, kept[-1]) if step in kept})
    found = {step: _of_step(predictions.of_step(folder, step)) for step in chosen}
    return Outcomes(found, best if best in found else None)


def _of_step(path: Path) -> Outcome:
    return _computed(path, path.stat().st_mtime_ns)


# The pane asks as often as the store changes, and the answer changes with each evaluation only.
@lru_cache(6)
def _computed(path: Path, changed_ns: int) -> Outcome:
    known = predictions.names(path)
    if {"tags", "predicted"} <= known:
        return Entities(by_type(*_columns(path, "tags", "predicted")))
    if {"answers", "exact_match", "f1"} <= known:
        return by_kind(*_columns(path, "answers", "exact_match", "f1"))
    if {"label", "predicted", "probabilities"} <= known:
        return _of_classes(path)
    return None


def _columns(path: Path, *names: str) -> list[list[Any]]:
    return [[[] if value is None else value for value in column] for column in predictions.columns(path, *names)]


def _of_classes(path: Path) -> Outcome:
    import numpy as np

    labels, predicted = _columns(path, "label", "predicted")
    likely = predictions.numbers(path, "probabilities")
    if not labels or not np.isfinite(likely).all():
        return None
    if isinstance(labels[0], list):
        return Labels(by_label(labels, predicted, len(likely) // len(labels)))
    return confusion(labels, predicted)
