"""What runs say to the same prompts and of the same rows, in columns beside each other, or below each other."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from .. import predictions
from ..clean import clean, clean_line
from ..widgets.cells import GAP, fit_text
from ..widgets.folding import folded
from ..word_difference import marked
from ..words import figure
from .bounds import LETTERS
from .comparison import Comparison

_SHOWN_ROWS = 50
_TEXTS = ("row", "text", "text_pair", "target", "label")
_INDENT = 2
# A letter and two blanks.
_LETTER_CELLS = 3
# In narrower columns a sentence is a tower of words.
_LEAST_COLUMN = 24


class Output(NamedTuple):
    """A prompt or a held-out row, and what each of the runs says to it; of a heading nobody says anything."""

    subject: str
    told: Sequence[str] = ()


def outputs(comparison: Comparison) -> list[Output]:
    """The answers to the same prompts, words that are not the baseline's in [brackets]; then rows on which the runs
    don't agree."""
    found = [_answered(prompt, answers, comparison.baseline) for prompt, answers in comparison.answers]
    shown = comparison.disagreements[:_SHOWN_ROWS]
    if not shown:
        return found
    what = "differ" if "predicted" in comparison.evaluated[0].rows[shown[0]] else "have the most different losses"
    heading = f"rows on which the runs {what} ({len(shown)} of {len(comparison.disagreements):,})"
    return [*found, Output(heading), *(_of_row(comparison, key) for key in shown)]


def _answered(prompt: str, answers: Sequence[str], baseline: int) -> Output:
    told = (
        answer if place == baseline else marked(answers[baseline], answer)[1] for place, answer in enumerate(answers)
    )
    return Output(f"> {clean_line(prompt)}", [clean(answer).strip() or "(nothing)" for answer in told])


def _of_row(comparison: Comparison, key: str) -> Output:
    rows = [one.rows[key] for one in comparison.evaluated]
    texts = {name: value for name, value in rows[0].items() if name in _TEXTS}
    return Output(predictions.told(texts), [_prediction(row) for row in rows])


def _prediction(row: Mapping[str, object]) -> str:
    said, loss = row.get("predicted"), row.get("loss")
    told = ", ".join(map(str, said)) if isinstance(said, list) else "" if said is None else str(said)
    known = figure(loss if isinstance(loss, float) else None)
    return "   ".join(filter(None, (clean_line(told)[:200], f"loss {known}")))


def below(output: Output) -> str:
    """One run's words below the other's, each under its letter."""
    lines = [output.subject]
    for letter, told in zip(LETTERS, output.told, strict=False):
        lines.append(f"{' ' * _INDENT}{letter}  " + f"\n{' ' * (_INDENT + _LETTER_CELLS)}".join(told.splitlines()))
    return "\n".join(lines)


def beside(output: Output, width: int) -> str:
    """In columns that fill so many cells; where they would be narrow, below each other."""
    count = len(output.told)
    column = (width - _INDENT - GAP * (count - 1)) // count if count else 0
    if column < _LEAST_COLUMN:
        return below(output)
    columns = [_column(letter, told, column) for letter, told in zip(LETTERS, output.told, strict=False)]
    rows = (
        (" " * GAP).join(fit_text(cell, column) for cell in cells).rstrip()
        for cells in zip_longest(*columns, fillvalue="")
    )
    return "\n".join([output.subject, *(" " * _INDENT + row for row in rows)])


def _column(letter: str, told: str, width: int) -> list[str]:
    lines = [part for line in told.splitlines() for part in folded(line, width - _LETTER_CELLS)]
    return [f"{letter if not place else ' '}  {line}" for place, line in enumerate(lines)]
