"""Rows that come again: the same but for case and white space, or nearly the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..report import Report
from .finding import DROP, Finding
from .nearness import ALIKE, NearTexts
from .reading import Entry, Material
from .texts import labels_of, parts_of
from .wording import percent, rows_say, them


def exact_duplicates(material: Material) -> Iterator[Finding]:
    """As training drops them: it keeps the first of those that differ in case and white space only."""
    groups = [group for group in grouped((entry.identity, entry.index) for entry in material.entries) if len(group) > 1]
    again = sorted(index for group in groups for index in group[1:])
    if again:
        told = (
            f"{rows_say(len(again), 'is the same', 'are the same')} as an earlier one"
            f" but for case and white space ({percent(len(again), material.count)} of all). Drop {them(len(again))}, as"
            " training does."
        )
        yield Finding("exact-duplicates", "warning", told, again, groups, DROP)


def near_duplicates(material: Material, say: Report) -> Iterator[Finding]:
    """Rows that share 80% of their character 5-grams with an earlier one that is kept, and have its labels.

    None is dropped only since it is like one that is dropped itself, as joining all that are alike would have it.
    """
    groups = [group for group in _near_groups(firsts(material.entries), say).values() if len(group) > 1]
    again = sorted(index for group in groups for index in group[1:])
    if again:
        told = (
            f"{rows_say(len(again), 'is', 'are')} nearly the same as an earlier one: {ALIKE:.0%} or more of what is"
            f" said is shared. Look at some, then drop {them(len(again))}."
        )
        yield Finding("near-duplicates", "warning", told, again, groups, DROP)


def firsts(entries: Iterable[Entry]) -> list[Entry]:
    """The entries without exact duplicates."""
    kept: dict[bytes, Entry] = {}
    for entry in entries:
        kept.setdefault(entry.identity, entry)
    return list(kept.values())


def _near_groups(entries: Sequence[Entry], say: Report) -> Mapping[int, list[int]]:
    """By the index of each kept row those that are like it, itself first."""
    groups: dict[int, list[int]] = {}
    near = NearTexts.for_texts([parts_of(entry.row) for entry in entries])
    labels = [sorted(labels_of(entry.row)) for entry in entries]
    sketched = near.sketched([parts_of(entry.row) for entry in entries], say, "near duplicates")
    for place, (entry, text) in enumerate(zip(entries, sketched, strict=True)):
        like = next((other for other in near.like(text) if labels[other] == labels[place]), None)
        if like is None:
            near.add(place, text)
            groups[entry.index] = [entry.index]
        else:
            groups[entries[like].index].append(entry.index)
    return groups


def grouped(pairs: Iterable[tuple[bytes, int]]) -> list[list[int]]:
    """The indices of each key, in the order in which keys come first."""
    groups: dict[bytes, list[int]] = defaultdict(list)
    for group_key, index in pairs:
        groups[group_key].append(index)
    return list(groups.values())
