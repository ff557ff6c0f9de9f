"""Rows with the same text and different labels: whatever the model says, one of them is wrong."""

from collections.abc import Iterator

from .duplicates import grouped
from .finding import DROP, Finding
from .reading import Material
from .texts import labels_of
from .wording import counted, rows_say


def label_conflicts(material: Material) -> Iterator[Finding]:
    """Texts are the same as duplicates are; labels whatever their order and case."""
    labelled = [entry for entry in material.entries if labels_of(entry.row)]
    labels = {entry.index: entry.identity for entry in labelled}
    groups = [
        group
        for group in grouped((entry.question, entry.index) for entry in labelled)
        if len({labels[index] for index in group}) > 1
    ]
    rows = sorted(index for group in groups for index in group)
    if rows:
        told = (
            f"{rows_say(len(rows), 'has', 'have')} the same text as another, but other labels"
            f" ({counted(len(groups), 'text')}). Mend the labels, or drop the rows."
        )
        yield Finding("label-conflicts", "warning", told, rows, groups, DROP)
