"""A row of data for the eye: in one line for a list, and in full for a pane; both bounded, whatever the row holds."""

import json
from collections.abc import Iterator
from typing import Any

from .rows_file import DataRow, RowFacts

_SUMMARY = 400
_PART_OF_SUMMARY = 160
# A pane folds 20,000 characters in 4 ms, in the event loop.
_LONGEST = 20_000
_SHORT = 48
# Names of the speaker and of what is said, in the shapes that chats come in.
_TURNS = (("role", "content"), ("from", "value"))


def summary(row: DataRow) -> str:
    """The row in one line: of a chat who says what, of an object its fields."""
    if row.fault:
        return f"! {row.fault}"[:_SUMMARY]
    value = _value(row.row)
    return "  ".join(_parts(value))[:_SUMMARY]


def _parts(value: object) -> list[str]:
    """The fields of an object, those that are a chat by their turns; or the turns, or the value."""
    turns = _turns(value)
    if turns is not None:
        return [f"{speaker}: {_line(said)}" for speaker, said in turns[:8]]
    if not isinstance(value, dict):
        return [_line(value)]
    fields = list(value.items())[:8]
    return [part for name, said in fields for part in (_parts(said) if _turns(said) else [f"{name}: {_line(said)}"])]


def told(row: DataRow, facts: RowFacts | None = None) -> str:
    """The row in full under a line of what is known of it; the end of a very long one is left out, and said to be."""
    head = [f"line {row.line}", f"{len(row.row):,} characters"]
    if facts is not None:
        tokens, label = facts.of(row.place)
        head += [f"{tokens:,} tokens"] if tokens >= 0 else []
        head += [f"label {label}"] if label else []
    head += [f"made by {row.generator}"] if row.generator else []
    head += [f"from line {row.origin}"] if row.origin is not None else []
    body = f"! {row.fault}" if row.fault else "\n".join(_shown(_value(row.row)))
    if len(body) > _LONGEST:
        body = f"{body[:_LONGEST]}\n… {len(body) - _LONGEST:,} more characters"
    return f"{'   '.join(head)}\n\n{body}"


def _value(row: str) -> Any:
    try:
        return json.loads(row)
    except (ValueError, RecursionError):
        # The engine writes JSON only; a file that somebody else has touched is shown as it is.
        return row


def _line(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(_bounded(value), ensure_ascii=False)
    text = " ".join(text[: 2 * _PART_OF_SUMMARY].split())
    return text if len(text) <= _PART_OF_SUMMARY else text[: _PART_OF_SUMMARY - 1] + "…"


def _bounded(value: object) -> object:
    """A list of a million tokens need not be written to show its first."""
    return value[:_PART_OF_SUMMARY] if isinstance(value, list) else value


def _turns(value: object) -> list[tuple[str, Any]] | None:
    """The turns of a chat, (speaker, what is said); None where it is none."""
    if not isinstance(value, list) or not value or not all(isinstance(turn, dict) for turn in value):
        return None
    for speaker, said in _TURNS:
        if all(isinstance(turn.get(speaker), str) and said in turn for turn in value):
            return [(turn[speaker], turn[said]) for turn in value]
    return None


def _shown(value: object) -> Iterator[str]:
    turns = _turns(value)
    if turns is not None:
        for speaker, said in turns:
            yield from [f"{speaker}:", *_indented(said), ""]
    elif isinstance(value, dict):
        width = min(max(map(len, value), default=0), 16)
        for name, said in value.items():
            yield from _field(name, said, width)
    else:
        yield from _text(value).split("\n")


def _field(name: str, value: object, width: int) -> Iterator[str]:
    turns = _turns(value)
    text = _text(value) if turns is None else ""
    if turns is not None:
        yield from [name, *(f"  {line}" for line in _shown(value))]
    elif len(text) <= _SHORT and "\n" not in text:
        yield f"{name:<{width}}  {text}"
    else:
        yield from [name, *_indented(value)]


def _indented(value: object) -> list[str]:
    return [f"  {line}" for line in _text(value).split("\n")]


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
