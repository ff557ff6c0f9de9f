"""Exact match and F1 of extracted answers (SQuAD: Rajpurkar et al. 2016, arXiv:1606.05250; 2018, arXiv:1806.03822).

All are shares from 0 to 1; SQuAD's tables show them times 100.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from .naming import undefined

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


class Match(NamedTuple):
    """How well one answer was found: 1 where the texts are the same, and the F1 of their words."""

    exact_match: float
    f1: float


def normalise(text: str) -> str:
    """Lower case, without punctuation and articles, words apart by one space."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def match(prediction: str, answers: Sequence[str]) -> Match:
    """The best match with any of the answers; no answers, or only empty ones, mean that "" is the right prediction."""
    words = normalise(prediction).split()
    golden = [normalise(answer).split() for answer in answers]
    golden = [answer for answer in golden if answer] or [[]]
    return Match(float(words in golden), max(_f1(words, answer) for answer in golden))


def _f1(prediction: list[str], answer: list[str]) -> float:
    """F1 of two bags of words; where either is empty, whether both are."""
    if not prediction or not answer:
        return float(prediction == answer)
    return 2 * (Counter(prediction) & Counter(answer)).total() / (len(prediction) + len(answer))


def squad_metrics(predictions: Sequence[str], answers: Sequence[Sequence[str]]) -> dict[str, float]:
    """`exact_match` and `f1` over all rows; with no-answer rows (SQuAD 2) also over those with and without an answer.

    answers holds the right answers of each row, none where the question has none. Without rows all are NaN.

    Raises:
        ValueError: predictions and answers are not equally many.
    """
    matches = [match(prediction, golden) for prediction, golden in zip(predictions, answers, strict=True)]
    flat = _means("", matches)
    has_answer = [any(map(normalise, golden)) for golden in answers]
    if all(has_answer):
        return flat
    for prefix, kind in (("HasAns_", True), ("NoAns_", False)):
        flat |= _means(prefix, [found for found, has in zip(matches, has_answer, strict=True) if has is kind])
    return flat


def _means(prefix: str, matches: list[Match]) -> dict[str, float]:
    names = [prefix + name for name in Match._fields]
    return dict(zip(names, map(fmean, zip(*matches, strict=True)), strict=True)) if matches else undefined(names)
