"""Entities in BIO tags: faults in the tagging, the spans it marks, and precision, recall and F1 of whole spans.

The numbers are seqeval's in strict mode (scheme IOB2), and the tests hold them equal. seqeval itself is not used here:
it comes as source only, which a box that installs from a folder of wheels can't build.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from .naming import by_class, ratios, undefined

OUTSIDE = "O"
ENTITIES = ("precision", "recall", "f1", "precision_macro", "recall_macro", "f1_macro", "accuracy")


class Span(NamedTuple):
    """An entity: its type, its first word, and the word after its last."""

    type: str
    start: int
    end: int


def bio_faults(tags: Sequence[object]) -> str:
    """The first place where the tags are not BIO, with the reason; empty when they are.

    >>> bio_faults(["O", "I-PER"])
    'tags[1] is "I-PER" but no PER begins before it; the first word of an entity is "B-PER"'
    """
    before = OUTSIDE
    for position, tag in enumerate(tags):
        if not isinstance(tag, str):
            return f"tags[{position}] is not text"
        if tag != OUTSIDE and not (tag.startswith(("B-", "I-")) and tag[2:]):
            return f'tags[{position}] is "{tag[:40]}", expected "O", "B-" and a type, or "I-" and a type'
        if tag.startswith("I-") and before[1:] != tag[1:]:
            kind = tag[2:42]
            return (
                f'tags[{position}] is "I-{kind}" but no {kind} begins before it;'
                f' the first word of an entity is "B-{kind}"'
            )
        before = tag
    return ""


def spans(tags: Sequence[str]) -> list[Span]:
    """The entities that the tags mark, in order; an I- that continues nothing marks nothing (strict IOB2)."""
    found: list[Span] = []
    for position, tag in enumerate(tags):
        if tag.startswith("B-"):
            found.append(Span(tag[2:], position, position + 1))
        elif found and tag == f"I-{found[-1].type}" and found[-1].end == position:
            found[-1] = found[-1]._replace(end=position + 1)
    return found


def entity_metrics(labels: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> dict[str, float]:
    """Precision, recall and F1 of whole entities: over all of them, of each type, and the types' macro average.

    labels and predicted are rows of tags of the same lengths; an entity is right when type, start and end are.
    `accuracy` is that of the single tags. Without any tag all are NaN; without any entity they are 0, as in seqeval.

    Raises:
        ValueError: rows or their tags are not equally many.
    """
    right = [one == other for row in zip(labels, predicted, strict=True) for one, other in zip(*row, strict=True)]
    if not right:
        return undefined(ENTITIES)
    actual, told = ([set(spans(tags)) for tags in rows] for rows in (labels, predicted))
    hits = [one & other for one, other in zip(actual, told, strict=True)]
    counts = [Counter(span.type for span in chain.from_iterable(rows)) for rows in (hits, told, actual)]
    types = sorted(set().union(*counts))
    by_type = [np.array([count[name] for name in types], dtype=np.int64) for count in counts]
    overall = map(float, ratios(*(count.sum() for count in by_type)))
    return (
        by_class(types, ratios(*by_type))
        | dict(zip(("precision", "recall", "f1"), overall, strict=True))
        | {"accuracy": sum(right) / len(right)}
    )
