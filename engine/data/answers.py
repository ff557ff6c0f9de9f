"""Answers as SQuAD and its kin write them, each found at its place in the context."""

from typing import Any, NamedTuple

from .chat import text_of
from .faults import RowFault

SHOWN_CHARACTERS = 40


class Answer(NamedTuple):
    """A part of the context, and the character where it starts."""

    text: str
    start: int


def answers_of(value: object, context: str, place: str) -> list[Answer]:
    """The answers of a row, however they are written; empty ones say that there is none.

    As SQuAD has them, `{"text": [...], "answer_start": [...]}`, a list of `{"text", "answer_start"}`, or only texts.

    Raises RowFault, with the place, for an answer that doesn't stand where it is said to.
    """
    if isinstance(value, list):
        items = [(item, f"{place}[{index}]") for index, item in enumerate(value)]
    else:
        items = [] if value is None else [(value, place)]
    return [answer for item, where in items for answer in _of_item(item, context, where)]


def _of_item(value: object, context: str, place: str) -> list[Answer]:
    if not isinstance(value, dict):
        return _located(value, None, context, place)
    texts = _listed(value.get("text"))
    starts = _listed(value["answer_start"]) if "answer_start" in value else [None] * len(texts)
    if len(texts) != len(starts):
        raise RowFault(f"{place} has {len(texts)} in text, but {len(starts)} in answer_start")
    is_list = isinstance(value.get("text"), list)
    found: list[Answer] = []
    for index, (text, start) in enumerate(zip(texts, starts, strict=True)):
        found += _located(text, start, context, f"{place}.text[{index}]" if is_list else f"{place}.text")
    return found


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _located(value: object, start: object, context: str, place: str) -> list[Answer]:
    """The answer where it stands; white space before it, which some exports cut off uncounted, is passed over."""
    text = text_of(value, place).strip()
    if not text:
        return []
    if start is None:
        count = context.count(text)
        if count != 1:
            raise RowFault(f"{place} stands {count:,} times in the context; answer_start has to say where")
        return [Answer(text, context.index(text))]
    if not isinstance(start, int) or isinstance(start, bool) or start < 0:
        raise RowFault(f"{place} starts at {str(start)[:SHOWN_CHARACTERS]}, expected a whole number from 0")
    behind = context[start:]
    start += len(behind) - len(behind.lstrip())
    if not context.startswith(text, start):
        there = context[start : start + len(text)][:SHOWN_CHARACTERS]
        raise RowFault(f"{place} is {text[:SHOWN_CHARACTERS]!r}, but at {start:,} the context has {there!r}")
    return [Answer(text, start)]
