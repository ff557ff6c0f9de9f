"""What the evaluations of a run found, metric by metric: of the base model, of the newest weights, and at best."""

import json
import math
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from . import metrics

LOSS = "eval_loss"
_KINDS = ("eval_", "retention_")
_NOT_SCORES = ("eval_seconds",)
_LOWER_IS_BETTER = ("loss", "error")
# In which people think of a task, whatever the task is; each task has one of these, but for those that write text.
_HEADLINES = ("f1_macro", "f1", "chrf", "pearsonr", "accuracy", "exact_match", "rougeL", "bleu")

# In which a run is thought of: the first of these that it has.
_ORDER = (*(f"eval_{name}" for name in _HEADLINES), LOSS)


@dataclass(frozen=True)
class Score:
    """One metric; base is that of step 0, best the best finite value of tuned weights, None where it has no best."""

    name: str
    base: float | None
    newest: float
    step: int
    best: float | None
    best_step: int | None

    @property
    def label(self) -> str:
        """The name as people say it: f1_macro, retention_loss."""
        return _label(self.name)

    def facts(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if key != "name"}


@dataclass(frozen=True)
class Best:
    """The best value of a run's headline metric after its first update, or of its loss where it has no headline."""

    name: str
    value: float
    step: int

    @property
    def label(self) -> str:
        return _label(self.name)

    @property
    def rank(self) -> tuple[int, float]:
        """The best comes first; of different metrics, which can't be compared, those of one kind stand together."""
        return _ORDER.index(self.name), self.value if lower_is_better(self.name) else -self.value


def _label(name: str) -> str:
    return name.removeprefix("eval_")


def names(db: sqlite3.Connection, run_id: str) -> list[str]:
    """The run's metrics that score it: the loss first, then what people look at first, then what was kept."""
    found = metrics.names(db, run_id)
    scores = [name for name in found if name.startswith(_KINDS) and name not in _NOT_SCORES]
    return sorted(scores, key=_rank)


def _rank(name: str) -> tuple[bool, int]:
    label = _label(name)
    order = ("loss", *_HEADLINES)
    return name.startswith("retention_"), order.index(label) if label in order else len(order)


def headline(names: Iterable[str]) -> str:
    """The metric in which people think of the task; "" where that is the loss."""
    known = [f"eval_{name}" for name in _HEADLINES]
    return next((name for name in names if name in known), "")


def of_run(db: sqlite3.Connection, run_id: str) -> list[Score]:
    """Every score of the run, in the order of `names`."""
    found = (of_metric(db, run_id, name) for name in names(db, run_id))
    return [score for score in found if score is not None]


def of_metric(db: sqlite3.Connection, run_id: str, name: str) -> Score | None:
    """The score in one metric; None before the first evaluation."""
    steps, values = metrics.series(db, run_id, name)
    if not steps:
        return None
    tuned = {step: value for step, value in zip(steps, values, strict=True) if step > 0 and math.isfinite(value)}
    # Of what is kept there is no best: it is best before any training.
    has_best = tuned and not name.startswith("retention_")
    pick = min if lower_is_better(name) else max
    best_step = pick(tuned, key=tuned.__getitem__) if has_best else None
    return Score(
        name=name,
        base=values[0] if steps[0] == 0 else None,
        newest=values[-1],
        step=steps[-1],
        best=None if best_step is None else tuned[best_step],
        best_step=best_step,
    )


# One query for each direction: SQLite's MIN and MAX bring the step along with the value. By CROSS JOIN it looks up the
# few points of each attempt and metric: left to itself it read a million points of another metric, in 0.3 s.
_BEST = """
SELECT a.run_id, k.name, {pick}(m.value) AS value, m.step
FROM attempt a CROSS JOIN metric_key k CROSS JOIN metric m ON m.attempt_id = a.id AND m.key_id = k.id
WHERE a.run_id IN (SELECT value FROM json_each(:runs)) AND k.name IN (SELECT value FROM json_each(:names))
  AND m.value IS NOT NULL AND m.step > 0
  AND m.step <= COALESCE((SELECT MIN(b.start_step) FROM attempt b WHERE b.run_id = a.run_id AND b.id > a.id), m.step)
GROUP BY a.run_id, k.id
"""


def bests(db: sqlite3.Connection, run_ids: Collection[str]) -> dict[str, Best]:
    """The best of each of these runs that has been evaluated after an update, by its id; for lists of many runs."""
    found: dict[str, Best] = {}
    for pick, wanted in (("MAX", _ORDER[:-1]), ("MIN", _ORDER[-1:])) if run_ids else ():
        asked = {"runs": json.dumps(list(run_ids)), "names": json.dumps(wanted)}
        for row in db.execute(_BEST.format(pick=pick), asked):
            before = found.get(row["run_id"])
            if before is None or _ORDER.index(row["name"]) < _ORDER.index(before.name):
                found[row["run_id"]] = Best(row["name"], row["value"], row["step"])
    return found


def best(db: sqlite3.Connection, run_id: str) -> Best | None:
    """The best of one run; None before an evaluation after an update."""
    return bests(db, [run_id]).get(run_id)


def lower_is_better(metric: str) -> bool:
    """Losses and errors are; every other metric is a score."""
    return metric.endswith(_LOWER_IS_BETTER)
