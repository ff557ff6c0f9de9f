"""ROUGE-1, -2, -L and -Lsum: which share of words, pairs and order a text has in common with its reference.

Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries", as in the package rouge-score with its defaults
(no stemming), and the tests hold the numbers equal. rouge-score itself is not used here: it comes as source only, which
a box that installs from a folder of wheels can't build, and it brings nltk and 2 s of imports. Only a to z and digits
make words for it: for other scripts chrF is the number to read.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from statistics import fmean

from .naming import undefined

ROUGE = ("rouge1", "rouge2", "rougeL", "rougeLsum")

_WORD = re.compile("[a-z0-9]+")


def row(prediction: str, reference: str) -> dict[str, float]:
    """The four F1 scores of one text, from 0 to 1; for rougeLsum every line is a sentence."""
    told, golden = _words(prediction), _words(reference)
    told_lines, golden_lines = _lines(prediction), _lines(reference)
    return {
        "rouge1": _f1((Counter(told) & Counter(golden)).total(), len(told), len(golden)),
        "rouge2": _f1((_pairs(told) & _pairs(golden)).total(), max(len(told) - 1, 0), max(len(golden) - 1, 0)),
        "rougeL": _f1(sum(1 for _ in _common(golden, told)), len(told), len(golden)),
        "rougeLsum": _f1(_summary_hits(golden_lines, told_lines), len(told), len(golden)),
    }


def rouge(predictions: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """The mean of each score over the rows; NaN without rows.

    Raises:
        ValueError: predictions and references are not equally many.
    """
    rows = [row(prediction, reference) for prediction, reference in zip(predictions, references, strict=True)]
    return {name: fmean(scores[name] for scores in rows) for name in ROUGE} if rows else undefined(ROUGE)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _lines(text: str) -> list[list[str]]:
    return [_words(line) for line in text.split("\n")]


def _pairs(words: list[str]) -> Counter[tuple[str, str]]:
    return Counter(pairwise(words))


def _f1(hits: int, predicted: int, actual: int) -> float:
    return 2 * hits / (predicted + actual) if hits else 0.0


def _common(reference: list[str], candidate: list[str]) -> Iterator[int]:
    """Places in the reference of a longest common subsequence, last first.

    Bit-parallel (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): a table row is one integer, in which a
    bit is 0 where the length grows. 10,000 words on both sides take 12 MB, where a table of numbers takes 800.
    """
    places: Counter[str] = Counter()
    for place, word in enumerate(candidate):
        places[word] |= 1 << place
    rows = [(1 << len(candidate)) - 1]
    for word in reference:
        match = rows[-1] & places[word]
        rows.append(((rows[-1] + match) | (rows[-1] - match)) & rows[0])
    left, right = len(reference), len(candidate)
    while left and right:
        if reference[left - 1] == candidate[right - 1]:
            left, right = left - 1, right - 1
            yield left
        elif _length(rows[left], right - 1) > _length(rows[left - 1], right):
            right -= 1
        else:
            left -= 1


def _length(table_row: int, columns: int) -> int:
    """Length of the common subsequence with the first words of the candidate."""
    return columns - (table_row & ((1 << columns) - 1)).bit_count()


def _summary_hits(reference: list[list[str]], candidate: list[list[str]]) -> int:
    """Words of the reference's lines that are common with any line of the candidate (union LCS, section 3.2).

    No word counts more often than it stands in the candidate.
    """
    found: Counter[str] = Counter()
    for line in reference:
        places = set().union(*(_common(line, other) for other in candidate))
        found.update(line[place] for place in places)
    return (found & Counter(chain.from_iterable(candidate))).total()
