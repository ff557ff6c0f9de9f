"""Setting rows apart for evaluation: by chance, by label, by group or by time, with nothing that leaks across."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import ClassVar, NamedTuple

import numpy as np

from ...store.datasets import EVALUATION, TRAIN
from ...store.errors import ConfigError, DataError
from ..data.row import key
from ..data.split import split_by_question
from ..report import Report
from . import moments
from .leakage import leakage_near
from .operation import Derived, Mask, Operation, Parent
from .options import Options
from .reading import Material
from .subjects import Pool, Subject, read_pool
from .wording import counted, listed

WORDS = {
    "random": "split at random",
    "stratified": "split by {by}, each in proportion",
    "group": "split by {by}, each on one side",
    "time": "split by {by}, the latest apart",
}


class Sides(NamedTuple):
    """Which rows of the parent are trained, and which are set apart."""

    train: Mask
    evaluation: Mask


@dataclass(frozen=True)
class Split(Operation):
    """Two versions of one: rows to train on, and rows for evaluation that share no question with them.

    `by` is the column of a group or a time, or that of the labels where the task has none. The same rows and seed make
    the same split, whatever the order of the rows. Synthetic rows are never set apart, and follow the row that they
    were made from.
    """

    name: ClassVar[str] = "split"
    parameters: ClassVar[tuple[str, ...]] = ("kind", "by", "fraction", "seed", "task", "columns")
    kind: str = "random"
    by: str = ""
    fraction: float = 0.1
    seed: int = 42
    task: str = ""
    columns: str = ""

    def derive(self, parent: Parent) -> Sequence[Derived]:
        self._check(parent)
        pool = read_pool(parent, self.by, Options(task=self.task, columns=self.columns))
        if self.kind in ("group", "time"):
            _refuse_without_value(pool.genuine, self.by, parent.label)
        apart = SETS_APART[self.kind](pool.genuine, self, parent.label)
        leaking = _leaking(pool.genuine, apart)
        following = _leaking_synthetic(pool, apart, leaking)
        evaluation = _marked(parent, apart)
        usable = _marked(parent, (subject.index for subject in (*pool.genuine, *pool.synthetic)))
        train = usable & ~evaluation & ~_marked(parent, (subject.index for subject in (*leaking, *following)))
        if not train.any():
            raise DataError(f"No row of {parent.label} would be left to train on.", "Set a smaller fraction apart.")
        left_out = {
            "that ask the same": len(leaking),
            "synthetic of what is set apart": len(following),
            "bad": pool.bad_rows,
        }
        near = _near_count(pool.material, train, evaluation, parent.report)
        return self._derived(parent, Sides(train, evaluation), left_out, near)

    def _check(self, parent: Parent) -> None:
        if self.kind not in SETS_APART:
            raise ConfigError(
                f"There is no split {self.kind[:40]!r}.", f"There is {', '.join(SETS_APART)}.", field="kind"
            )
        if not 0 < self.fraction < 1:
            raise ConfigError(f"fraction is {self.fraction:g}: expected more than 0 and less than 1.", field="fraction")
        if self.kind in ("group", "time") and not self.by:
            raise ConfigError(
                f"A split by {self.kind} needs a column.", f"Name it: --by-{self.kind} COLUMN.", field="by"
            )
        if parent.dataset.role == EVALUATION:
            raise DataError(
                f"{parent.label} was set apart for evaluation, and no part of it is ever trained.",
                f"Split the version that it comes from ({parent.dataset.parent}).",
            )

    def _derived(self, parent: Parent, sides: Sides, left_out: Mapping[str, int], near: int) -> list[Derived]:
        counts = {"train": int(sides.train.sum()), "evaluation": int(sides.evaluation.sum()), "near": near}
        out = ", ".join(f"{count:,} {which}" for which, count in left_out.items() if count)
        sentence = (
            f"{WORDS[self.kind].format(by=self.by or 'label')}: {counted(counts['train'])} to train on, "
            f"{counts['evaluation']:,} for evaluation{f'; left out: {out}' if out else ''}"
            f"{f'; kept, though nearly the same as one for evaluation: {near:,}' if near else ''}"
        )
        return [
            Derived(parent.only(sides.evaluation), sentence, counts, EVALUATION),
            Derived(parent.only(sides.train), sentence, counts, TRAIN),
        ]


def _marked(parent: Parent, indices: Iterable[int]) -> Mask:
    mask = np.zeros(len(parent.lines), bool)
    mask[[*indices]] = True
    return mask


def _by_chance(subjects: Sequence[Subject], split: Split, label: str) -> set[int]:
    return _set_apart([replace(subject, layer="") for subject in subjects], split)


def _by_label(subjects: Sequence[Subject], split: Split, label: str) -> set[int]:
    if split.by:
        subjects = [replace(subject, layer=_text(subject.value)) for subject in subjects]
    if not any(subject.layer for subject in subjects):
        raise ConfigError(
            f"The rows of {label} have no labels to go by.", "Name their column: --by-label COLUMN.", field="by"
        )
    # A question is of the label of its first row: which that is must not hang on the order.
    return _set_apart(sorted(subjects, key=lambda subject: subject.layer), split)


def _by_group(subjects: Sequence[Subject], split: Split, label: str) -> set[int]:
    groups = [replace(subject, asked=key((_text(subject.value),)), layer="") for subject in subjects]
    if len({subject.asked for subject in groups}) < 2:
        raise DataError(f"All rows of {label} have the same {split.by}.", "Split by another column, or at random.")
    return _set_apart(groups, split)


def _by_time(subjects: Sequence[Subject], split: Split, label: str) -> set[int]:
    """The latest rows, all of one moment on one side; at least those of the last moment."""
    times = moments.of_all(subjects, split.by, label)
    if len(set(times)) < 2:
        raise DataError(f"All rows of {label} have the same {split.by}.", "Split by another column, or at random.")
    latest_first = sorted(zip(times, (subject.index for subject in subjects), strict=True), reverse=True)
    apart: set[int] = set()
    for _, same in groupby(latest_first, key=itemgetter(0)):
        indices = {index for _, index in same}
        if apart and len(apart) + len(indices) > split.fraction * len(subjects):
            break
        apart |= indices
    return apart


SETS_APART: Mapping[str, Callable[[Sequence[Subject], Split, str], set[int]]] = {
    "random": _by_chance,
    "stratified": _by_label,
    "group": _by_group,
    "time": _by_time,
}


def _set_apart(subjects: Sequence[Subject], split: Split) -> set[int]:
    return {subject.index for subject in split_by_question(subjects, split.fraction, split.seed).evaluation}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _refuse_without_value(subjects: Sequence[Subject], column: str, label: str) -> None:
    lines = [subject.line for subject in subjects if subject.value is None or subject.value == ""]
    if lines:
        raise DataError(f"{label} {listed(lines)}: {column} is missing.", "Edit or drop these rows; nothing was made.")


def _leaking(subjects: Sequence[Subject], apart: Set[int]) -> list[Subject]:
    """The rows not set apart that ask what a row set apart asks."""
    asked = {subject.asked for subject in subjects if subject.index in apart}
    return [subject for subject in subjects if subject.index not in apart and subject.asked in asked]


def _leaking_synthetic(pool: Pool, apart: Set[int], leaking: Sequence[Subject]) -> list[Subject]:
    """The synthetic rows that were made from a row set apart, or from one that leaks, or ask the same as one."""
    held_out = [subject for subject in pool.genuine if subject.index in apart]
    asked = {subject.asked for subject in held_out}
    lines = {subject.line for subject in (*held_out, *leaking)}
    found: list[Subject] = []
    # A row stands behind the one that it was made from, so that one pass finds what was made of what was made.
    for subject in pool.synthetic:
        if subject.origin in lines or subject.asked in asked:
            lines.add(subject.line)
            found.append(subject)
    return found


def _near_count(material: Material, train: Mask, evaluation: Mask, report: Report) -> int:
    """How many rows to train on ask nearly, though not quite, what a row for evaluation asks."""

    def of(side: Mask) -> Material:
        return replace(material, entries=[entry for entry in material.entries if side[entry.index]])

    return sum(len(finding.rows) for finding in leakage_near(of(train), of(evaluation), report))
