"""The first rows of a finding, for the eye: each with its line, what it says, and the row that it is like."""

from typing import Any

from .finding import Finding
from .reading import Material
from .texts import labels_of, parts_of

EXAMPLES = 3
SHOWN_CHARACTERS = 200
# A row that has more labels than these is a text with a tag for each word.
SHOWN_LABELS = 3


def examples_of(finding: Finding, material: Material) -> list[dict[str, Any]]:
    """Of three rows the line, the text with its label, and the line of the other row of its group; None without one."""
    return [
        {
            "line": material.line(index),
            "text": _shown(index, material),
            "like": None if (other := _other(finding, index)) is None else material.line(other),
        }
        for index in finding.rows[:EXAMPLES]
    ]


def _other(finding: Finding, index: int) -> int | None:
    """The first row of its group, or for this one the second; None where it has no group."""
    group = next((group for group in finding.groups if index in group), ())
    return next((other for other in group if other != index), None)


def _shown(index: int, material: Material) -> str:
    entry = material.entry(index)
    if entry is None:
        return material.bad[index].told
    labels = labels_of(entry.row)
    label = f"[{', '.join(labels)}] " if 0 < len(labels) <= SHOWN_LABELS else ""
    text = label + " | ".join(part for part in parts_of(entry.row) if part)
    return " ".join(text[:SHOWN_CHARACTERS].split())
