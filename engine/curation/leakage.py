"""Rows whose question is asked of the model again when it is evaluated: its figures would be too good."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..report import Report
from .duplicates import grouped
from .finding import DROP, Finding
from .nearness import NearTexts
from .reading import Entry, Material
from .texts import asked_of
from .wording import counted, percent, rows_say, them

# The share of a random split that most people take.
HELD_OUT = 0.1


def leakage_exact(material: Material, evaluation: Material) -> Iterator[Finding]:
    """Rows that ask what a row of the evaluation asks, but for case and white space."""
    held_out = {entry.question for entry in evaluation.entries}
    leaked = [entry for entry in material.entries if entry.question in held_out]
    if leaked:
        hit = {entry.question for entry in leaked}
        spoiled = sum(entry.question in hit for entry in evaluation.entries)
        verbatim = {entry.row.question for entry in evaluation.entries if entry.question in hit}
        altered = sum(entry.row.question not in verbatim for entry in leaked)
        but = f" ({altered:,} in other case or white space)" if altered else ""
        told = (
            f"{rows_say(len(leaked), 'asks', 'ask')} what {spoiled:,} of the {evaluation.count:,} rows of"
            f" {evaluation.name} {'asks' if spoiled == 1 else 'ask'}{but}. Drop {them(len(leaked))}, or the evaluation"
            " comes out too good."
        )
        groups = grouped((entry.question, entry.index) for entry in leaked)
        yield Finding("leakage-exact", "error", told, [entry.index for entry in leaked], groups, DROP)


def leakage_near(material: Material, evaluation: Material, say: Report) -> Iterator[Finding]:
    """Rows that ask nearly the same as a row of the evaluation, of those that don't ask the same."""
    held_out = {entry.question for entry in evaluation.entries}
    entries = [entry for entry in material.entries if entry.question not in held_out]
    groups = _near(entries, list({entry.question: entry for entry in evaluation.entries}.values()), say)
    rows = sorted(index for group in groups for index in group)
    if rows:
        told = (
            f"{rows_say(len(rows), 'asks', 'ask')} nearly what {len(groups):,} of the {evaluation.count:,} rows of"
            f" {evaluation.name} {'asks' if len(groups) == 1 else 'ask'}. Look, and drop {them(len(rows))}."
        )
        yield Finding("leakage-near", "error", told, rows, groups, DROP)


def _near(entries: Sequence[Entry], held_out: Sequence[Entry], say: Report) -> list[list[int]]:
    """The rows that are near to each row held out."""
    asked = [asked_of(entry.row) for entry in entries]
    near = NearTexts.for_texts(asked)
    for number, text in enumerate(near.sketched([asked_of(entry.row) for entry in held_out], say, "evaluation rows")):
        near.add(number, text)
    groups: dict[int, list[int]] = defaultdict(list)
    for entry, text in zip(entries, near.sketched(asked, say, "near leakage"), strict=True):
        if (like := next(near.like(text), None)) is not None:
            groups[like].append(entry.index)
    return list(groups.values())


def leakage_would_be(material: Material) -> Iterator[Finding]:
    """How many rows of a random tenth are to be expected to share their question with rows that train.

    A row of a question that `n` rows ask is held out with the probability 1/10, and then at least one of the others
    is not with 1 - (1/10)^(n - 1).
    """
    groups = [group for group in grouped((entry.question, entry.index) for entry in material.entries) if len(group) > 1]
    expected = sum(len(group) * HELD_OUT * (1 - HELD_OUT ** (len(group) - 1)) for group in groups)
    held_out = round(len(material.entries) * HELD_OUT)
    if round(expected):
        told = (
            f"A random {HELD_OUT:.0%} for evaluation, {counted(held_out)}, would share the question of about"
            f" {round(expected):,} ({percent(expected, held_out)}) with training rows. Tunedeck's own split keeps"
            " equal questions on one side."
        )
        rows = sorted(index for group in groups for index in group)
        yield Finding("leakage-would-be", "info", told, rows, groups, count=round(expected))
