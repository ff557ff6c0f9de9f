"""Windows on a context: where in one the answer stands, and which span of one scores highest."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..data.answers import Answer

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Window:
    """What of a row an example shows: by token its first character and the one behind its last, -1 outside the context.

    `null` is the place that means that there is no answer. As arrays: tuples took 46 KB for 384 tokens, these take 3.
    """

    context: str
    answers: tuple[Answer, ...]
    starts: array[int]
    ends: array[int]
    null: int


class Span(NamedTuple):
    """A part of a context that may be the answer, its first character there, and how high it scores."""

    text: str
    start: int
    score: float


def best_span(window: Window, scores: Tensor, max_answer_length: int) -> Span:
    """The span of the context that scores highest, its start's score and its end's added up; `scores` is (2, places).

    Of all spans of up to `max_answer_length` tokens, not only of those with the likeliest starts and ends.
    """
    import torch

    is_context = torch.tensor(window.starts) >= 0
    start, end = scores[:, : len(is_context)].masked_fill(~is_context, -math.inf)
    longest = min(max_answer_length, len(is_context))
    sums = start[:, None] + torch.nn.functional.pad(end, (0, longest - 1), value=-math.inf).unfold(0, longest, 1)
    place, more = divmod(int(sums.argmax()), longest)
    # Without a context that the tokenizer knows, or with a score that is NaN, there may be no such place.
    last = min(place + more, len(is_context) - 1)
    is_span = bool(is_context[place] and is_context[last])
    text = window.context[window.starts[place] : window.ends[last]] if is_span else ""
    before = len(text) - len(text.lstrip())
    return Span(text.strip(), window.starts[place] + before, float(sums[place, more]))


def label_of(window: Window) -> list[int]:
    """The places of the first answer that the window holds whole: its first token and its last; else twice `null`."""
    shown = [place for place, start in enumerate(window.starts) if start >= 0]
    for text, start in window.answers:
        end = start + len(text)
        if shown and window.starts[shown[0]] <= start and end <= window.ends[shown[-1]]:
            inside = [place for place in shown if window.starts[place] < end and window.ends[place] > start]
            return [inside[0], inside[-1]] if inside else [window.null] * 2
    return [window.null] * 2
