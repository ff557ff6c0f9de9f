"""How well entities are found, type by type: whole spans in BIO tags, strictly, with the figures of seqeval (IOB2)."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from .ratios import Ratios, ratios

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    Numbers = NDArray[int64]

OUTSIDE = "O"


class Spans(NamedTuple):
    """Entities in all rows, laid end to end: (entities,) each, the first word, the word after the last, the type."""

    starts: "Numbers"
    ends: "Numbers"
    types: "Numbers"


def by_type(labels: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Ratios:
    """Of rows of tags; an entity is right when its type, start and end are. Tags that are not BIO mark a word each."""
    import numpy as np

    tags = {*chain.from_iterable(chain(labels, predicted))}
    is_bio = all(tag == OUTSIDE or tag.startswith(("B-", "I-")) for tag in tags)
    names = sorted({_type(tag, is_bio=is_bio) for tag in tags} - {""})
    numbers = {name: number for number, name in enumerate(names)}
    lengths = np.array([len(row) for row in labels], dtype=np.int64)
    had, told = (_spans(rows, lengths, numbers, is_bio=is_bio) for rows in (labels, predicted))
    hits, said, were = (
        np.bincount(types, minlength=len(names)) for types in (_right(had, told), told.types, had.types)
    )
    # A type that only tags without a beginning have marks nothing.
    seen = np.flatnonzero(said + were)
    return ratios([names[place] for place in seen], hits[seen], said[seen], were[seen])


def _type(tag: str, *, is_bio: bool) -> str:
    if is_bio:
        return tag[2:] if tag.startswith(("B-", "I-")) else ""
    return tag


def _spans(rows: Iterable[Sequence[str]], lengths: "Numbers", numbers: dict[str, int], *, is_bio: bool) -> Spans:
    import numpy as np

    tags = [*chain.from_iterable(rows)]
    known = {tag: numbers.get(_type(tag, is_bio=is_bio), -1) for tag in set(tags)}
    types = np.fromiter((known[tag] for tag in tags), dtype=np.int64, count=len(tags))
    inside = np.fromiter((is_bio and tag.startswith("I-") for tag in tags), dtype=bool, count=len(tags))
    firsts = np.zeros(len(tags) + 1, dtype=bool)
    firsts[np.cumsum(lengths) - lengths] = True
    # An I- goes on with what stands before it in its row, if that is of its type; whatever else is there starts anew.
    goes_on = inside & ~firsts[:-1] & (types == np.roll(types, 1))
    starts = np.flatnonzero(~goes_on)
    ends = np.append(starts[1:], len(tags)).astype(np.int64)
    is_entity = (types[starts] >= 0) & ~inside[starts]
    return Spans(starts[is_entity], ends[is_entity], types[starts][is_entity])


def _right(had: Spans, told: Spans) -> "Numbers":
    """The types of the entities that are in both."""
    import numpy as np

    _, here, there = np.intersect1d(had.starts, told.starts, assume_unique=True, return_indices=True)
    same = (had.ends[here] == told.ends[there]) & (had.types[here] == told.types[there])
    return had.types[here][same]
