"""How many rows there are of each label, and whether some are too rare to be learned."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from ..data.labels import number_of, ordered, shares
from ..tasks.sequence_classification import MOST_NUMBERED_CLASSES, LabelledRow
from .finding import Finding, Severity
from .reading import Material
from .texts import labels_of
from .wording import counted

# The most frequent label against the rarest: from the first on it is worth knowing, from the second on worth mending.
UNEVEN = 3
LOPSIDED = 10


def label_counts(material: Material) -> Mapping[str, int] | None:
    """The rows of each label, or the words of each tag; None where rows have none, or numbers to be predicted."""
    counts = Counter(label for entry in material.entries for label in labels_of(entry.row))
    return None if not counts or _are_amounts(counts) else {name: counts[name] for name in ordered(counts)}


def _are_amounts(names: Iterable[str]) -> bool:
    """Whether the labels are numbers to be predicted, and not classes: as the task itself tells them apart."""
    numbers = [number_of(name) for name in names]
    values = [number for number in numbers if number is not None]
    is_whole = all(value.is_integer() for value in values)
    return len(values) == len(numbers) and not (is_whole and len(values) <= MOST_NUMBERED_CLASSES)


def label_balance(material: Material, counts: Mapping[str, int] | None) -> Iterator[Finding]:
    """Tags are left out: most words have none."""
    labelled = [entry for entry in material.entries if isinstance(entry.row, LabelledRow)]
    if not counts or not labelled:
        return
    rarest, commonest = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    if len(counts) > 1 and counts[commonest] < UNEVEN * counts[rarest]:
        return
    rows = [entry.index for entry in labelled if rarest in labels_of(entry.row)]
    yield Finding("label-balance", *_told(counts, rarest, commonest, len(labelled)), rows)


def _told(counts: Mapping[str, int], rarest: str, commonest: str, total: int) -> tuple[Severity, str]:
    if len(counts) == 1:
        return "error", f"All rows have the label {rarest[:40]!r}: there is nothing to tell apart. Add rows of another."
    told = (
        f"{shares(counts, total)}. {rarest[:40]!r} has {counted(counts[rarest])}, {commonest[:40]!r}"
        f" {counts[commonest]:,}: judge by F1, set class_weight to balanced, or augment the rarer ones."
    )
    return ("warning" if counts[commonest] >= LOPSIDED * counts[rarest] else "info"), told
