"""How well questions are answered: those that have an answer, and those that have none (as in SQuAD 2)."""

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


@dataclass(frozen=True)
class Answered:
    """The questions of one kind: how many, how many are matched word for word, and the mean F1 of words (0 to 1)."""

    kind: str
    questions: int
    exact_match: float
    f1: float


def by_kind(
    answers: Sequence[Sequence[str]], exact_match: Sequence[float], f1: Sequence[float]
) -> tuple[Answered, ...]:
    """All questions; and, where some have no answer, those with and without one. All are (rows,)."""
    rows = [(_has_words(golden), *scores) for golden, *scores in zip(answers, exact_match, f1, strict=True)]
    kinds = {"all": rows}
    if not all(has for has, _, _ in rows):
        kinds |= {name: [row for row in rows if row[0] is has] for name, has in (("with", True), ("without", False))}
    return tuple(
        Answered(kind, len(some), fmean(row[1] for row in some), fmean(row[2] for row in some))
        for kind, some in kinds.items()
        if some
    )


def _has_words(answers: Sequence[str]) -> bool:
    """As SQuAD compares them: punctuation and articles are no words."""
    return any(_ARTICLES.sub(" ", answer.lower().translate(_PUNCTUATION)).split() for answer in answers)
