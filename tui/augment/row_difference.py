"""A row beside the one that it was made from: field by field, with [brackets] where their words differ."""

import json
from typing import Any

from ..word_difference import marked

_LONGEST = 20_000


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


def _text(value: Any) -> str:
    if value is None:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _indented(text: str) -> str:
    return "\n          ".join(text.splitlines()) or "(nothing)"
