"""How alike two texts are, and which of many texts are like one: by the runs of five characters that they share."""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

LENGTH = 5
# The least hashes of a text stand for all of them (bottom-k sketch, Cohen and Kaplan 2007). Two texts of Jaccard
# similarity 0.3 share none of 32 with a probability of 1e-5.
_SKETCH = 32
_LOOKED_AT = 4
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def shingles(text: str) -> Hashes:
    """The hashes of all runs of five characters, each once, in order; case and the width of white space don't count."""
    plain = " ".join(text.casefold().split()).ljust(LENGTH)
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    powers = np.array([pow(int(_FACTOR), power, 2**64) for power in range(1, LENGTH + 1)], dtype=np.uint64)
    mixed = sliding_window_view(codes, LENGTH) @ powers
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _FACTOR
    return np.unique(mixed ^ (mixed >> np.uint64(32)))


def similarity(one: Hashes, other: Hashes) -> float:
    """Jaccard: the share of the runs of both that are in both; 1 for texts that say the same."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


class Neighbours:
    """Texts among which those that are like another one are found; 400 bytes a text beside the text itself."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        sketches = [shingles(text)[:_SKETCH] for text in texts]
        owners = np.repeat(np.arange(len(texts)), [len(sketch) for sketch in sketches])
        hashes = np.concatenate(sketches) if sketches else np.empty(0, dtype=np.uint64)
        order = hashes.argsort(kind="stable")
        self._hashes, self._owners = hashes[order], owners[order]

    def nearest(self, hashes: Hashes) -> tuple[int, float] | None:
        """The position and similarity of the text most like one with these hashes; None where none is at all."""
        sketch = hashes[:_SKETCH]
        starts, ends = (np.searchsorted(self._hashes, sketch, side) for side in ("left", "right"))
        owners = [self._owners[start:end] for start, end in zip(starts, ends, strict=True) if start < end]
        if not owners:
            return None
        # Shingles of common words are in the sketches of very many texts: only those that share most are looked at.
        shared = np.bincount(np.concatenate(owners), minlength=len(self._texts))
        likeliest: list[int] = np.argpartition(-shared, min(_LOOKED_AT, len(shared)) - 1)[:_LOOKED_AT].tolist()
        found = [(similarity(hashes, shingles(self._texts[owner])), -owner) for owner in likeliest]
        return -max(found)[1], max(found)[0]
