"""Duplicates out, and the rest apart into training and evaluation rows that share no question."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ...store.errors import DataError
from .row import Row, key

AnyRow = TypeVar("AnyRow", bound=Row)
Groups = Mapping[bytes, Sequence[int]]


@dataclass(frozen=True)
class Split(Generic[AnyRow]):
    """Rows to train on and rows to evaluate with, each in file order."""

    train: tuple[AnyRow, ...]
    evaluation: tuple[AnyRow, ...]


def drop_duplicates(rows: Iterable[AnyRow]) -> tuple[list[AnyRow], int]:
    """Keep the first of the rows that are equal but for case and white space; count the others."""
    first_rows: dict[bytes, AnyRow] = {}
    total = 0
    for row in rows:
        total += 1
        first_rows.setdefault(key(row.identity), row)
    return list(first_rows.values()), total - len(first_rows)


def split_by_question(rows: Sequence[AnyRow], eval_fraction: float, seed: int) -> Split[AnyRow]:
    """Set about `eval_fraction` of the rows of each stratum aside, so that no question stands on both sides.

    Questions are the same when they differ in case and white space only. Which are set aside depends on the seed and
    the questions, not on the order of the rows.

    Raises DataError for fewer than two questions, unless `eval_fraction` is 0.
    """
    if eval_fraction == 0:
        return Split(tuple(rows), ())
    groups: dict[bytes, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        groups[key(row.question)].append(index)
    if len(groups) < 2:
        raise DataError(
            f"The {len(rows):,} rows ask {len(groups)} question, too few to set some aside for evaluation.",
            "Add rows with other questions, or name held-out rows as eval_data.",
        )
    chosen = _chosen_of_strata(rows, groups, eval_fraction, seed)
    aside = {index for group in chosen for index in groups[group]}
    return Split(
        tuple(row for index, row in enumerate(rows) if index not in aside),
        tuple(row for index, row in enumerate(rows) if index in aside),
    )


def _chosen_of_strata(rows: Sequence[AnyRow], groups: Groups, eval_fraction: float, seed: int) -> list[bytes]:
    """The groups set aside, stratum by stratum; a group is of its first row's stratum."""
    strata: dict[str, dict[bytes, Sequence[int]]] = defaultdict(dict)
    for group, members in groups.items():
        strata[rows[members[0]].stratum][group] = members
    # Strata whose share is less than a row, such as the numbers of a regression, go together: each by itself has none.
    small: dict[bytes, Sequence[int]] = {}
    chosen: list[bytes] = []
    for stratum in strata.values():
        target_rows = eval_fraction * _row_count(stratum)
        if target_rows < 1:
            small |= stratum
        else:
            chosen += _chosen(stratum, target_rows, seed)
    chosen += _chosen(small, eval_fraction * _row_count(small), seed)
    # Where no stratum has a group small enough, the smallest of all makes an evaluation possible.
    return chosen or [min(_drawn(groups, seed), key=lambda group: len(groups[group]))]


def _row_count(groups: Groups) -> int:
    return sum(map(len, groups.values()))


def _chosen(groups: Groups, target_rows: float, seed: int) -> list[bytes]:
    """Groups in an order drawn by the seed, as long as they fit; the last one stays for training."""
    chosen: list[bytes] = []
    taken_rows = 0
    for group in _drawn(groups, seed)[:-1]:
        if taken_rows + len(groups[group]) <= target_rows:
            chosen.append(group)
            taken_rows += len(groups[group])
    return chosen


def _drawn(groups: Groups, seed: int) -> list[bytes]:
    return sorted(groups, key=lambda group: hashlib.sha256(f"{seed}:".encode() + group).digest())
