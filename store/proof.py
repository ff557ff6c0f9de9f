"""Proofs of synthetic rows: the same run with and without them, and what the rows held out for both say of it."""

import json
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import bootstrap, datasets, events, launch, runs, scores, sweeps
from .bootstrap import Difference, Metric, Rows
from .config import RunConfig, checked
from .database import transaction
from .errors import ConfigError, NotFoundError, StateError
from .paths import Home
from .records import Run, Sweep
from .sweeps import MOST_TRIALS

SAMPLER = "proof"

# In which people think of a task; the verdict itself goes by what the predictions hold.
_HEADLINES = {
    "sequence-classification": "f1_macro", "token-classification": "f1", "question-answering": "f1",
    "seq2seq-lm": "chrf",
}  # fmt: skip


class Sides(NamedTuple):
    """The two training sets, as the knob `data` names them: one has the synthetic rows, all else is the same."""

    without: str
    augmented: str


class Pair(NamedTuple):
    """The two runs of one seed; None where one is in the trash."""

    seed: int
    without: Run | None
    augmented: Run | None


def sides(db: sqlite3.Connection, augmented: str, against: str = "") -> Sides:
    """The two sets; without a word the version that the augmented one was made from.

    Raises:
        NotFoundError: there is no such version. ConfigError: it was made from none, or they are the same.
    """
    if datasets.is_dataset(augmented):
        found = datasets.find(db, augmented)
        augmented = found.reference
        against = against or (datasets.PREFIX + found.parent if found.parent else "")
    if not against:
        raise ConfigError(f"{augmented} was made from no other version.", "Say --against which.", field="against")
    if datasets.is_dataset(against):
        against = datasets.find(db, against).reference
    if against == augmented:
        raise ConfigError(f"{augmented} is held against itself.", "Say --against another version.", field="against")
    return Sides(against, augmented)


def check(config: RunConfig, data: Sides) -> None:
    """Refuse what would not be scored on the same rows on both sides, none of which was trained.

    Raises:
        ConfigError: saying which, and how to have them.
    """
    if not config.eval_data:
        raise ConfigError(
            "eval_data is empty: the rows split off the two sets would differ, and synthetic ones be among them.",
            "Split the set before it is augmented: tunedeck data split. Or name other rows as eval_data.",
            field="eval_data",
        )
    if config.eval_data in data:
        raise ConfigError(
            f"eval_data is {config.eval_data}, which is trained too.", "Name rows of their own.", field="eval_data"
        )


def equal_steps(config: RunConfig, rows: int) -> int:
    """How many updates both sides make: those asked for, or the epochs of the smaller set, which has so many rows."""
    an_update = config.per_device_train_batch_size * config.gradient_accumulation_steps
    return config.max_steps or math.ceil(math.ceil(rows / an_update) * config.num_train_epochs)


def start(
    db: sqlite3.Connection, home: Home, config: RunConfig, data: Sides, rows: int, seeds: Sequence[int]
) -> tuple[Sweep, list[Run]]:
    """Queue both sides for each seed, all or none, as a sweep; `rows` are those of the smaller set.

    Both end at the same step, so neither stops early.

    Raises:
        ConfigError: they would not be scored alike, or can't be run.
    """
    check(config, data)
    if not 0 < 2 * len(set(seeds)) <= MOST_TRIALS:
        raise ConfigError(f"{len(set(seeds))} seeds make too few or too many runs.", "Take 1 to 100.", field="seeds")
    steps = equal_steps(config, rows)
    base = config.model_copy(update={"max_steps": steps, "early_stopping_patience": 0})
    name = config.name or datasets.slug(data.augmented.removeprefix(datasets.PREFIX))
    several = len(set(seeds)) > 1
    new = [
        launch.prepared(db, home, _side(base, side, seed, f"{name} {word}{f' seed {seed}' if several else ''}"))
        for seed in dict.fromkeys(seeds)
        for word, side in zip(("without", "with"), data, strict=True)
    ]
    frozen = [json.loads(one["config"]) for one in new]
    space = {"data": {"choices": [one["data"] for one in frozen[:2]]}, "seed": {"choices": list(dict.fromkeys(seeds))}}
    with transaction(db, durable=True):
        sweep = sweeps.insert(
            db,
            name=f"{name} proof",
            config=new[0]["config"],
            space=json.dumps(space),
            sampler=SAMPLER,
            seed=config.seed,
            metric=_metric(config),
            trials=len(new),
            prune=False,
        )
        queued = [runs.insert(db, home, {**one, "sweep_id": sweep.id}) for one in new]
    for run in queued:
        runs.describe(home, run)
    return sweep, queued


def _side(base: RunConfig, data: str, seed: int, name: str) -> RunConfig:
    return checked(base.model_dump() | {"data": data, "seed": seed, "name": name})


def _metric(config: RunConfig) -> str:
    name = config.metric_for_best_model or _HEADLINES.get(config.task, "loss")
    return f"eval_{name.removeprefix('eval_')}"


# what became of it


def find(db: sqlite3.Connection, reference: str) -> Sweep:
    """The proof that is meant. Raises NotFoundError where it is none."""
    if reference == "last":
        newest = db.execute(
            "SELECT id FROM sweep WHERE sampler = ? ORDER BY number DESC LIMIT 1", (SAMPLER,)
        ).fetchone()
        if newest is None:
            raise NotFoundError("There is no proof yet.", "tunedeck data prove queues one.")
        reference = newest["id"]
    found = sweeps.find(db, reference)
    if found.sampler != SAMPLER:
        raise NotFoundError(
            f"{found.name} is a sweep and no proof.", f"`tunedeck sweep --show {found.id}` ranks its runs."
        )
    return found


def of_data(db: sqlite3.Connection, augmented: str) -> Sweep | None:
    """The newest proof of that version."""
    found = [Sweep.of(row) for row in db.execute("SELECT * FROM sweep WHERE sampler = ? ORDER BY number", (SAMPLER,))]
    return next((sweep for sweep in reversed(found) if sides_of(sweep).augmented == augmented), None)


def sides_of(sweep: Sweep) -> Sides:
    return Sides(*json.loads(sweep.space)["data"]["choices"])


def pairs(db: sqlite3.Connection, sweep: Sweep) -> list[Pair]:
    """The runs, two by two, in the order of the seeds."""
    data = sides_of(sweep)
    by_values = {(trial.values["seed"], trial.values["data"]): trial.run for trial in sweeps.trials(db, sweep)}
    seeds = json.loads(sweep.space)["seed"]["choices"]
    return [Pair(seed, by_values.get((seed, data.without)), by_values.get((seed, data.augmented))) for seed in seeds]


def completed(found: Sequence[Pair]) -> list[tuple[int, Run, Run]]:
    """The pairs that can be judged.

    Raises:
        StateError: some run has not completed, in words.
    """
    present = [run for pair in found for run in pair[1:] if run is not None]
    missing = sum(run is None for pair in found for run in pair[1:])
    counts = [
        (sum(run.state == state for run in present), state) for state in dict.fromkeys(run.state for run in present)
    ]
    told = ", ".join(f"{count} {state}" for count, state in [*counts, (missing, "in the trash")] if count)
    whole = [
        (pair.seed, pair.without, pair.augmented)
        for pair in found
        if pair.without and pair.augmented and pair.without.state == pair.augmented.state == "completed"
    ]
    if len(whole) < len(found):
        raise StateError(
            f"No verdict yet: of its {2 * len(found)} runs {told}.", "There is one when all have completed."
        )
    return whole


@dataclass(frozen=True)
class Verdict:
    """The metric of both sides, the mean over the seeds, and how far apart they are on the same rows."""

    metric: str
    without: float
    augmented: float
    difference: Difference
    by_seed: Sequence[float]

    @property
    def helps(self) -> bool | None:
        """Whether the synthetic rows help; None where that was not shown, either way."""
        low, high = self.difference.low, self.difference.high
        if self.difference.rows < bootstrap.FEWEST_ROWS or not low * high > 0:
            return None
        return (low > 0) != self.difference.lower_is_better

    @property
    def sentence(self) -> str:
        """`f1_macro 0.530 -> 0.572: +0.042 (95% interval -0.010 to 0.093, 379 rows): not shown to help ...`"""
        found, digits = self.difference, 3
        judged = {True: "the synthetic rows help", False: "the synthetic rows harm", None: "not shown to help"}
        told = f"{self.metric} {self.without:.{digits}f} -> {self.augmented:.{digits}f}: {found.mean:+.{digits}f}"
        interval = f"95% interval {found.low:.{digits}f} to {found.high:.{digits}f}, {found.rows:,} rows"
        return f"{told} ({interval}): {judged[self.helps]} ({self._seeds})."

    @property
    def _seeds(self) -> str:
        if len(self.by_seed) == 1:
            return "one seed, whose luck is not in the interval"
        return f"{len(self.by_seed)} seeds, one by one {', '.join(f'{value:+.3f}' for value in self.by_seed)}"


def judged(metric: str, both: Sequence[tuple[Metric, Metric]], rows: int) -> Verdict:
    """The verdict on pairs of metrics, without and with, of the same rows in the same order; a pair a seed."""
    lower = scores.lower_is_better(metric)
    without, augmented = _mean([one for one, _ in both]), _mean([one for _, one in both])
    everything = np.arange(rows, dtype=np.int32)
    return Verdict(
        metric=metric,
        without=without(everything),
        augmented=augmented(everything),
        difference=bootstrap.of_metric(without, augmented, rows, lower_is_better=lower),
        by_seed=[after(everything) - before(everything) for before, after in both],
    )


def _mean(metrics: Sequence[Metric]) -> Metric:
    def score(rows: Rows) -> float:
        return math.fsum(metric(rows) for metric in metrics) / len(metrics)

    return score


def record(db: sqlite3.Connection, sweep: Sweep, sentence: str) -> None:
    """Keep the verdict with the proof, and in the events of its runs; once."""
    told = f"proof {sweep.id}: {sentence}"
    with transaction(db, durable=True):
        changed = db.execute(
            "UPDATE sweep SET summary = ? WHERE id = ? AND summary IS NOT ?", (sentence, sweep.id, sentence)
        )
        if changed.rowcount:
            for pair in pairs(db, sweep):
                for run in filter(None, pair[1:]):
                    events.write(db, run.id, told)
