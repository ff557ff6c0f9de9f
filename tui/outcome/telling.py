"""The scores of a run as text: its metrics, how each class or kind is found, and what is mistaken for what."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from ...store import scores
from ...store.paths import Home
from ...store.records import Run
from ...store.scores import Score
from ..words import figure
from . import reading
from .aligned import aligned
from .answers import Answered
from .classes import Confusion
from .ratios import Ratio, Ratios
from .reading import Entities, Labels, Outcome, Outcomes

# Of a line of 80 cells, what the pane leaves.
_WIDTH = 76
_TITLE_CELLS = (14, 10, 7)
_PAIRS = 12
_KINDS = {"all": "all questions", "with": "with an answer", "without": "without one"}


def of_run(db: sqlite3.Connection, home: Home, run: Run) -> str:
    """All of it, "" before the first evaluation. Raises NotFoundError where a file of predictions can't be read."""
    found = scores.of_run(db, run.id)
    outcomes = reading.of_run(home.run(run.id), _best_step(found))
    parts = [_metrics(found, outcomes), *(_parts(outcomes) if outcomes else ())]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _best_step(found: Sequence[Score]) -> int | None:
    name = scores.headline(score.name for score in found) or scores.LOSS
    return next((score.best_step for score in found if score.name == name), None)


def _metrics(found: Sequence[Score], outcomes: Outcomes | None) -> list[str]:
    """The metrics as they were recorded, but for those of single classes, which have a table of their own."""
    ratios = _ratios(outcomes.newest[1]) if outcomes else None
    own = {
        f"{part}_{ratio.name}" for ratio in (ratios.names if ratios else ()) for part in ("precision", "recall", "f1")
    }
    shown = [score for score in found if score.label not in own]
    return aligned(("metric", "base", "newest", "best"), [score_cells(score) for score in shown]) if shown else []


def score_cells(score: Score) -> tuple[str, ...]:
    """Its name, and what it is of the base model, of the newest weights and at best."""
    newest = f"{figure(score.newest)}@{score.step}" if score.step else "-"
    best = "-" if score.best is None else f"{figure(score.best)}@{score.best_step}"
    return score.label, figure(score.base), newest, best


def _parts(outcomes: Outcomes) -> Iterator[list[str]]:
    step, newest = outcomes.newest
    where = f"at step {step}" if step else "of the base model"
    match newest:
        case Confusion():
            yield [f"by class, {where}", *_by_name("class", "rows", outcomes)]
            yield _confusion(newest, where)
        case Labels():
            yield [f"by label, {where}", *_by_name("label", "rows", outcomes)]
        case Entities():
            yield [f"by type, {where}: an entity is right as a whole", *_by_name("type", "entities", outcomes)]
        case tuple():
            yield [f"questions, {where}", *_questions(newest, outcomes)]
        case None:
            pass


def _ratios(outcome: Outcome) -> Ratios | None:
    return outcome.ratios if isinstance(outcome, Confusion | Labels | Entities) else None


def _others(outcomes: Outcomes) -> dict[str, Outcome]:
    """What stands beside the newest: the base model, and the best where that is another step."""
    newest, _ = outcomes.newest
    steps = outcomes.of_steps
    named = {"base F1": 0} | ({f"best F1@{outcomes.best}": outcomes.best} if outcomes.best else {})
    return {title: steps[step] for title, step in named.items() if step in steps and step != newest}


def _by_name(what: str, counts: str, outcomes: Outcomes) -> list[str]:
    others = {title: ratios for title, outcome in _others(outcomes).items() if (ratios := _ratios(outcome))}
    newest = outcomes.newest[1]
    ratios = _ratios(newest)
    assert ratios is not None
    rows = [
        _ratio_cells(ratio.name, ratio, [other.f1_of(ratio.name) for other in others.values()])
        for ratio in ratios.names
    ]
    rows.append(_ratio_cells("(mean)", ratios.macro, [other.macro.f1 for other in others.values()]))
    if not isinstance(newest, Confusion):
        rows.append(_ratio_cells("(together)", ratios.micro, [other.micro.f1 for other in others.values()]))
    return aligned((what, counts, "precision", "recall", "F1", *others), rows)


def _ratio_cells(name: str, ratio: Ratio, others: Sequence[float | None]) -> tuple[str, ...]:
    return name, f"{ratio.support:,}", *map(figure, (ratio.precision, ratio.recall, ratio.f1, *others))


def _confusion(found: Confusion, where: str) -> list[str]:
    """The matrix, or, where it is wider than a line, the pairs that are confused most."""
    rows = [
        (name, *(f"{count:,}" for count in counts))
        for name, counts in zip(found.classes, found.counts.tolist(), strict=True)
    ]
    for most in _TITLE_CELLS:
        lines = aligned(("", *found.classes), rows, most=most)
        if len(lines[0]) <= _WIDTH:
            return [f"confusion, {where} (line: true class, column: predicted)", *lines]
    pairs = found.mistakes(_PAIRS)
    told = [(f"{true} taken for {said}", f"{count:,}") for true, said, count in pairs]
    head = f"confused most, {where}, of {len(found.classes)} classes"
    return [head, *aligned(("", "rows"), told)]


def _questions(newest: tuple[Answered, ...], outcomes: Outcomes) -> list[str]:
    others = {
        title: {one.kind: one.f1 for one in found}
        for title, found in _others(outcomes).items()
        if isinstance(found, tuple)
    }
    rows = [
        (
            _KINDS[one.kind], f"{one.questions:,}", figure(one.exact_match), figure(one.f1),
            *(figure(beside.get(one.kind)) for beside in others.values()),
        )
        for one in newest
    ]  # fmt: skip
    return aligned(("question", "rows", "exact match", "F1", *others), rows)


# for scripts


def facts(db: sqlite3.Connection, home: Home, run: Run) -> dict[str, Any]:
    """The same as JSON has it: metrics by name, and by step what the predictions say."""
    found = scores.of_run(db, run.id)
    outcomes = reading.of_run(home.run(run.id), _best_step(found))
    steps = outcomes.of_steps if outcomes else {}
    return {
        "run": run.id,
        "metrics": {score.name: score.facts() for score in found},
        "best_step": _best_step(found),
        "evaluations": [{"step": step} | _facts(outcome) for step, outcome in steps.items()],
    }


def _facts(outcome: Outcome) -> dict[str, Any]:
    ratios = _ratios(outcome)
    if ratios:
        by_name = {"by_name": [vars(ratio) for ratio in ratios.names], "macro": vars(ratios.macro)}
        is_matrix = isinstance(outcome, Confusion)
        return by_name | ({"classes": outcome.classes, "confusion": outcome.counts.tolist()} if is_matrix else {})
    return {"questions": [vars(one) for one in outcome]} if isinstance(outcome, tuple) else {}
