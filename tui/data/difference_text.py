"""Rows that differ between two versions, for the eye: in one line, and in full with what differs marked."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

KINDS = {"added": "+", "removed": "-", "changed": "~"}
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# SequenceMatcher takes 5 ms for so many words of which half differ, and its time grows with their square.
_MOST_WORDS = 400
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
        yield (field, *marked(_in_full(before), _in_full(after)))


def marked(before: str, after: str) -> tuple[str, str]:
    """Both texts with the words marked that the other has not; long ones are left as they are."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return before, after
    left, right = "", ""
    for what, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        left += removed if what == "equal" or not removed else f"[-{removed}-]"
        right += added if what == "equal" or not added else f"{{+{added}+}}"
    return left, right


def _in_full(value: object) -> str:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}… {len(told) - _LONGEST:,} more characters"


def _words(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
