"""Texts that are nearly the same: sketches find the candidates, which are then held against each other in full."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rensa import RMinHash, RMinHashLSH  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from ..report import Report
from .texts import Parts

# The Jaccard index of their shingles from which on two texts are alike.
ALIKE = 0.8
SHINGLE_CHARACTERS = 5
# MinHash with 20 bands of 6 values: of the pairs that share 80% it finds 99.8%, and of those that share half of their
# shingles it has 27% looked at (1 - (1 - s^6)^20).
SKETCH_VALUES = 120
SKETCH_BANDS = 20
SEED = 42
# The end of a longer text is not looked at: shingles take about 100 bytes a character.
MOST_CHARACTERS = 100_000
BATCH_ROWS = 1000
BATCH_CHARACTERS = 500_000
# Where very many rows are half alike, looking at all of them would take the square of their number.
MOST_CANDIDATES = 20
SAMPLE_ROWS = 1000
LEAST_SAMPLE_ROWS = 200


class Sketched(NamedTuple):
    """A text in parts, the shingles of each, and the sketch of all of them."""

    parts: Parts
    shingles: Sequence[set[str]]
    sketch: RMinHash


class NearTexts:
    """Texts by number, among which those that are like another text are found.

    Shingles that more than half of the rows have, such as those of an instruction that stands in each, say nothing of
    whether two rows are alike, and are left out.
    """

    def __init__(self, common: frozenset[str] = frozenset()) -> None:
        self._common = common
        self._index = RMinHashLSH(threshold=ALIKE, num_perm=SKETCH_VALUES, num_bands=SKETCH_BANDS)
        self._parts: dict[int, Parts] = {}

    @classmethod
    def for_texts(cls, texts: Sequence[Parts]) -> "NearTexts":
        """Empty, and knowing what these texts have in common, by an even sample of them."""
        sample = texts[:: max(1, len(texts) // SAMPLE_ROWS)]
        if len(sample) < LEAST_SAMPLE_ROWS:
            return cls()
        counts = Counter(shingle for parts in sample for shingle in set[str]().union(*map(_shingles, parts)))
        return cls(frozenset(shingle for shingle, count in counts.items() if 2 * count > len(sample)))

    def sketched(self, texts: Sequence[Parts], say: Report, what: str) -> Iterator[Sketched]:
        """Every text with its sketch, in order; a batch of them is in memory at a time."""
        done = 0
        for batch in _batches(texts):
            say(f"{what}: {done / len(texts):.0%}")
            done += len(batch)
            shingled = [self._shingled(parts) for parts in batch]
            sketches = RMinHash.from_token_sets(map(_marked, shingled), SKETCH_VALUES, SEED)
            yield from map(Sketched, batch, shingled, sketches)

    def add(self, number: int, text: Sketched) -> None:
        if any(text.shingles):
            self._index.insert(number, text.sketch)
            self._parts[number] = text.parts

    def like(self, text: Sketched) -> Iterator[int]:
        """The numbers of the texts that are like this one in every part, the lowest first."""
        if any(text.shingles):
            for number in islice(sorted(self._index.query(text.sketch)), MOST_CANDIDATES):
                if all(map(_alike, text.shingles, self._shingled(self._parts[number]))):
                    yield number

    def _shingled(self, parts: Parts) -> Sequence[set[str]]:
        return [_shingles(part) - self._common for part in parts]


def _shingles(text: str) -> set[str]:
    """All stretches of five characters, whatever the case and the white space; a shorter text is one by itself."""
    plain = " ".join(text[:MOST_CHARACTERS].split()).casefold()
    if len(plain) <= SHINGLE_CHARACTERS:
        return {plain} if plain else set()
    return {plain[start : start + SHINGLE_CHARACTERS] for start in range(len(plain) - SHINGLE_CHARACTERS + 1)}


def _alike(one: set[str], other: set[str]) -> bool:
    shared = len(one & other)
    return shared >= ALIKE * (len(one) + len(other) - shared)


def _marked(shingles: Sequence[set[str]]) -> set[str]:
    """The shingles of all parts in one set, from the second part on with its number."""
    first, *others = shingles
    return first.union(*({f"{number}\x1f{shingle}" for shingle in part} for number, part in enumerate(others)))


def _batches(texts: Iterable[Parts]) -> Iterator[list[Parts]]:
    batch: list[Parts] = []
    characters = 0
    for parts in texts:
        batch.append(parts)
        characters += sum(map(len, parts))
        if len(batch) == BATCH_ROWS or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
