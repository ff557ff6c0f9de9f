"""Which rows are made of which: the sources chosen, how many of each, and the requests in their order."""

import csv
import hashlib
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ...store.augment import AugmentKnobs
from ...store.errors import ConfigError, DataError
from .editable import Editable
from .generators.generator import Request
from .rows import Rows

# Examples are drawn from so many rows of a label, kept in memory.
_POOL = 64


def labels_asked(only: str) -> frozenset[str]:
    """The labels of `label=neutral,mixed`; none for an empty text, which means all rows.

    Raises:
        ConfigError: it asks for something else.
    """
    name, equals, values = only.partition("=")
    if not only:
        return frozenset()
    labels = frozenset(part.strip() for part in next(csv.reader([values], skipinitialspace=True), []) if part.strip())
    if name.strip() != "label" or not equals or not labels:
        raise ConfigError(f"only is {only[:60]!r}: expected label= and labels.", "Such as label=neutral.", field="only")
    return labels


def seed_of(seed: int, origin: int, variant: int) -> int:
    """The seed of one synthetic row: the same whatever else is made."""
    return int.from_bytes(hashlib.blake2b(f"{seed} {origin} {variant}".encode(), digest_size=8).digest()) >> 1


@dataclass(frozen=True)
class Plan:
    """The sources as positions among the rows that can be rewritten, (sources,), and how many are made of each."""

    rows: Rows
    knobs: AugmentKnobs
    positions: NDArray[np.int64]
    counts: NDArray[np.int64]
    labels: Sequence[str]
    examples: Mapping[str, Sequence[Editable]]

    @classmethod
    def of(
        cls, rows: Rows, knobs: AugmentKnobs, forbidden: Callable[[Editable], bool], each: Callable[[], None]
    ) -> Self:
        """Go through the rows once; those that are `forbidden`, as evaluation rows, are never sources.

        Raises:
            DataError: there is nothing to make rows from; ConfigError: what is asked needs labels.
        """
        asked, synthetic, random = labels_asked(knobs.only), rows.synthetic_lines(), Random(knobs.seed)
        seen, chosen, of_label = Counter[str](), array("q"), defaultdict[str, "array[int]"](lambda: array("q"))
        pools = defaultdict[str, list[Editable]](list)
        for position, row in enumerate(rows):
            each()
            seen[row.label] += 1
            if row.line in synthetic or forbidden(row) or (asked and not asked & {row.label, *row.label.split("|")}):
                continue
            chosen.append(position)
            of_label[row.label].append(len(chosen) - 1)
            _keep(pools[row.label], row, len(of_label[row.label]), random)
        if not chosen:
            raise _nothing(rows, knobs, seen)
        counts = _counts(knobs, seen, of_label, len(chosen))
        examples = {label: pool for label, pool in pools.items() if label}
        return cls(rows, knobs, np.array(chosen)[counts > 0], counts[counts > 0], list(of_label), examples)

    @property
    def total(self) -> int:
        """How many rows are to be made."""
        return int(self.counts.sum())

    def requests(self, after: int = 0) -> Iterator[tuple[int, Request]]:
        """Each request behind that number, and how many sources are done once it is answered."""
        numbers = np.cumsum(self.counts) - self.counts
        counted = iter(zip(self.positions.tolist(), self.counts.tolist(), numbers.tolist(), strict=True))
        position, count, before = next(counted)
        done = 0
        for here, source in enumerate(self.rows):
            if here != position:
                continue
            for variant in range(max(0, after - before), count):
                yield done + (variant == count - 1), self._request(source, before + variant + 1, variant)
            done += 1
            position, count, before = next(counted, (-1, 0, 0))

    def sources_done(self, made: int) -> int:
        """How many sources have all their rows once so many are made."""
        return int((np.cumsum(self.counts) <= made).sum())

    def _request(self, source: Editable, number: int, variant: int) -> Request:
        seed = seed_of(self.knobs.seed, source.line, variant)
        others = [row for row in self.examples.get(source.label, ()) if row.line != source.line]
        return Request(number, source, variant, seed, Random(seed).sample(others, min(self.knobs.shots, len(others))))


def _keep(pool: list[Editable], row: Editable, seen: int, random: Random) -> None:
    """Every row of a label has the same chance to be in its pool (reservoir sampling)."""
    if len(pool) < _POOL:
        pool.append(row)
    elif (place := random.randrange(seen)) < _POOL:
        pool[place] = row


def _counts(
    knobs: AugmentKnobs, seen: Counter[str], of_label: Mapping[str, Sequence[int]], sources: int
) -> NDArray[np.int64]:
    """How many rows are made of each source, (sources,); where there is a limit the first ones get theirs."""
    counts = np.full(sources, knobs.per_row, dtype=np.int64)
    if knobs.balance:
        if not any(seen):
            raise ConfigError("balance is set, and these rows have no labels.", "Set per_row instead.", field="balance")
        target = math.ceil(knobs.balance * max(seen.values()))
        for label, places in of_label.items():
            each, more = divmod(max(0, target - seen[label]), len(places))
            counts[places] = each
            counts[places[:more]] += 1
    if knobs.max_rows:
        before = np.cumsum(counts) - counts
        counts = np.clip(knobs.max_rows - before, 0, counts)
    if not counts.any():
        raise ConfigError("Every label has rows enough already.", "Raise balance, or set per_row.", field="balance")
    return counts


def _nothing(rows: Rows, knobs: AugmentKnobs, seen: Counter[str]) -> DataError:
    if knobs.only and seen:
        known = ", ".join(f"{label[:40]} ({count:,})" for label, count in seen.most_common(8) if label)
        return DataError(
            f"{rows.path.name} has no row with {knobs.only[:60]} to make others from.",
            f"Its labels are {known}." if known else "Its rows have no labels.",
        )
    return DataError(
        f"{rows.path.name} has no row that could be rewritten.",
        "Rows set apart for evaluation, synthetic ones, and tags that stand each for a word are left alone.",
    )
