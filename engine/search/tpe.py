"""Optuna's tree-structured Parzen estimator: what to try next after all that the runs of a sweep have shown."""

import itertools
import json
import random
import sqlite3
from collections.abc import Iterator

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import FrozenTrial, TrialState, create_trial

from ...store import metrics, scores, space, sweeps
from ...store.records import Sweep
from ...store.space import Choices, Dimension, Space, Values
from ...store.sweeps import MOST_TRIALS, Trial

# A small sweep would be over before Optuna's ten trials by chance are.
_MOST_BY_CHANCE, _PART_BY_CHANCE = 10, 4
# Where nothing varies but choices, TPE asks for the best of them again and again.
_TRIES = 20


def suggested(db: sqlite3.Connection, sweep: Sweep) -> Values | None:
    """Values that no run of the sweep has had (Bergstra et al. 2011), the same for the same seed and results.

    None where there is nothing new. The study lives for one question: all that it knows is in the store.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    dimensions = space.loaded(sweep.space)
    distributions = {name: _distribution(dimension) for name, dimension in dimensions.items()}
    tried = sweeps.trials(db, sweep)
    study = optuna.create_study(
        direction="minimize" if scores.lower_is_better(sweep.metric) else "maximize",
        sampler=_sampler(sweep, len(tried)),
    )
    study.add_trials([_told(db, sweep, trial, distributions) for trial in tried])
    known = {json.dumps(trial.values) for trial in tried}
    candidates = itertools.chain(_asked(study, dimensions, distributions), _by_chance(dimensions, sweep.seed))
    return next((values for values in candidates if json.dumps(values) not in known), None)


def _asked(study: optuna.Study, dimensions: Space, distributions: dict[str, BaseDistribution]) -> Iterator[Values]:
    for _ in range(_TRIES):
        asked = study.ask(distributions)
        yield {name: _value(dimension, asked.params[name]) for name, dimension in dimensions.items()}
        study.tell(asked, state=TrialState.FAIL)


def _by_chance(dimensions: Space, seed: int) -> Iterator[Values]:
    chance = random.Random(f"after TPE:{seed}")
    for _ in range(_TRIES * MOST_TRIALS):
        yield {name: dimension.draw(chance) for name, dimension in dimensions.items()}


def _sampler(sweep: Sweep, tried: int) -> optuna.samplers.TPESampler:
    by_chance = max(2, min(_MOST_BY_CHANCE, sweep.trials // _PART_BY_CHANCE))
    # Another seed for each question: with one alone those by chance would be the same again and again.
    return optuna.samplers.TPESampler(seed=(sweep.seed + tried) % 2**32, n_startup_trials=by_chance)


def _distribution(dimension: Dimension) -> BaseDistribution:
    if isinstance(dimension, Choices):
        return CategoricalDistribution(dimension.choices)  # pyright: ignore[reportArgumentType] - as JSON has them
    if dimension.is_whole:
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.is_log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.is_log)


def _value(dimension: Dimension, value: float) -> object:
    return value if isinstance(dimension, Choices) else dimension.rounded(value)


def _told(
    db: sqlite3.Connection, sweep: Sweep, trial: Trial, distributions: dict[str, BaseDistribution]
) -> FrozenTrial:
    """A run as Optuna knows trials: complete with its best value, else pruned after those that it had."""
    steps, values = metrics.series(db, trial.run.id, sweep.metric, after_step=0)
    seen = {step: value for step, value in zip(steps, values, strict=True) if value == value}
    complete = trial.run.state == "completed" and trial.best is not None
    state = TrialState.COMPLETE if complete else TrialState.PRUNED if seen else TrialState.FAIL
    return create_trial(
        state=state,
        value=trial.best if complete else None,
        params=dict(trial.values),
        distributions=distributions,
        intermediate_values=seen,
    )
