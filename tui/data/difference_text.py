"""Rows that differ between two versions, for the eye: in one line, and in full with what differs marked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..word_difference import marked

KINDS = {"added": "+", "removed": "-", "changed": "~"}
_LONGEST = 20_000


def kind_of(difference: Mapping[str, Any]) -> str:
    return next(kind for kind in KINDS if kind in difference)


def summary(difference: Mapping[str, Any]) -> str:
    """In one line: the row, or the fields that changed."""
    kind = kind_of(difference)
    told = difference[kind]
    if kind == "changed":
        return "; ".join(f"{field or 'row'}: {_words(after)[:160]}" for field, (_, after) in told.items())[:400]
    return _words(told)[:400]


def text(difference: Mapping[str, Any]) -> str:
    """In full: of a row that changed each field, before and after, what differs as [-this-] and {+this+}."""
    kind = kind_of(difference)
    head = f"{KINDS[kind]} {kind}   line {difference['line']}"
    if kind != "changed":
        return f"{head}\n\n{_in_full(difference[kind])}"
    parts = [f"{field or 'row'}\n  - {before}\n  + {after}" for field, before, after in _changes(difference[kind])]
    return "\n\n".join([head, *parts])


def _changes(fields: Mapping[str, Sequence[object]]) -> Iterator[tuple[str, str, str]]:
    for field, (before, after) in fields.items():
        yield (field, *marked(_in_full(before), _in_full(after), removed=("[-", "-]"), added=("{+", "+}")))


def _in_full(value: object) -> str:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}… {len(told) - _LONGEST:,} more characters"


def _words(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
