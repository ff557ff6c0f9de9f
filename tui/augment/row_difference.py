"""A row beside the one that it was made from: field by field, with [brackets] where their words differ."""

import json
import re
from difflib import SequenceMatcher
from typing import Any

# The matcher takes time with the square of the words: 0.2 s for these.
_MOST_WORDS = 1_500
_LONGEST = 20_000
_WORD = re.compile(r"\S+\s*")


def told(before: Any, after: Any) -> str:
    """Both rows; of a field that is the same in both, the field once."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = dict.fromkeys([*before, *after])
        parts = [_field(f"{name}  ", before.get(name), after.get(name)) for name in names]
    else:
        parts = [_field("", before, after)]
    return "\n".join(parts)


def _field(name: str, before: Any, after: Any) -> str:
    old, new = _text(before), _text(after)
    if old == new:
        return f"{name}{new}"
    marked_old, marked_new = marked(old, new)
    return f"{name}\n  made    {_indented(marked_new)}\n  source  {_indented(marked_old)}"


def marked(before: str, after: str) -> tuple[str, str]:
    """Both texts, with brackets around the words that only one of them has, and empty ones where it lacks some."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > 2 * _MOST_WORDS:
        return before, after
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    parts: tuple[list[str], list[str]] = ([], [])
    for what, *places in matcher.get_opcodes():
        for side, words, start, end in ((0, old, *places[:2]), (1, new, *places[2:])):
            text = "".join(words[start:end])
            parts[side].append(text if what == "equal" else _bracketed(text))
    return "".join(parts[0]).strip(), "".join(parts[1]).strip()


def _bracketed(text: str) -> str:
    bare = text.rstrip()
    return f"[{bare}]{text[len(bare) :] or ' ' * (not bare)}"


def _text(value: Any) -> str:
    if value is None:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _indented(text: str) -> str:
    return "\n          ".join(text.splitlines()) or "(nothing)"
