"""Everything that a comparison of two to six runs knows, read at once."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...store import scores
from ...store.errors import NotFoundError, UserError
from ...store.paths import Home
from ...store.records import Run
from . import evaluated, knobs, measures, outputs
from .bounds import FEWEST, LETTERS, MOST
from .evaluated import Evaluated
from .measures import Measure


@dataclass(frozen=True)
class Gain:
    """What a run gained on its task and lost on general text, in nats; None where it was not measured."""

    gained: float | None
    forgot: float | None


@dataclass(frozen=True)
class Comparison:
    """The runs, the first of which is A; `why_not` says why there are no measures."""

    runs: Sequence[Run]
    baseline: int
    knobs: list[tuple[str, list[str]]]
    same_knobs: int
    answers: list[tuple[str, list[str]]]
    gains: list[Gain]
    evaluated: list[Evaluated] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    why_not: str = ""

    @property
    def names(self) -> list[str]:
        return [f"{letter} {run.name}" for letter, run in zip(LETTERS, self.runs, strict=False)]


def of(db: sqlite3.Connection, home: Home, runs: Sequence[Run], baseline: int = 0) -> Comparison:
    """Read what the store and the runs' folders have; a second for some thousand rows, so in a thread.

    Raises:
        UserError: fewer than two runs, or more than six.
    """
    if not FEWEST <= len({run.id for run in runs}) <= MOST or len({run.id for run in runs}) < len(runs):
        raise UserError(f"{len(runs)} runs can't be compared like this.", f"Name {FEWEST} to {MOST} different ones.")
    common = Comparison(
        runs=runs,
        baseline=baseline,
        knobs=knobs.differing(runs),
        same_knobs=knobs.same_count(runs),
        answers=outputs.answers(db, runs),
        gains=[_gain(db, run) for run in runs],
    )
    try:
        found = [evaluated.of_run(db, home, run) for run in runs]
    except NotFoundError as error:
        return replace(common, why_not=str(error))
    keys = evaluated.shared(found)
    if not keys:
        return replace(common, why_not="The runs were not scored on a single row in common: set the same eval_data.")
    return replace(
        common,
        evaluated=found,
        keys=keys,
        measures=measures.measured(found, keys, baseline),
        disagreements=outputs.disagreements(found, keys),
    )


def _gain(db: sqlite3.Connection, run: Run) -> Gain:
    return Gain(_fallen(db, run, "eval_loss"), _negative(_fallen(db, run, "retention_loss")))


def _fallen(db: sqlite3.Connection, run: Run, name: str) -> float | None:
    """By how much the metric has fallen since step 0."""
    score = scores.of_metric(db, run.id, name)
    return None if score is None or score.base is None or score.step == 0 else score.base - score.newest


def _negative(value: float | None) -> float | None:
    return None if value is None else -value
