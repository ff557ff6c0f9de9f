"""How long a run will take, by how fast earlier runs on this machine were."""

import math
from collections.abc import Iterator
from itertools import islice
from statistics import median
from typing import NamedTuple

from ...store.errors import UserError
from ..scoring.rhythm import FIRST_STEPS, SHARE
from . import weight_files
from .history import History, Speed
from .places import place_of

# Forward and backward through a weight take 6 operations a token (Kaplan et al. 2020, "Scaling Laws for Neural Language
# Models", section 2.1); 2 of them make the gradient of the weight, which is left out where it is frozen.
_OPERATIONS = {"full": 6, "lora": 4, "qlora": 4}
# How far off a speed may be that was told by runs of other models, by runs like it on other rows, and on the same.
# On two cores SmolLM2 made 280 tokens a second of rows of 57 tokens on average, and 76 of rows of 250.
_ROUGHLY, _OTHER_ROWS, _LIKE = 3.0, 2.5, 1.25
_OTHER_RUNS = 5


class Work(NamedTuple):
    """What there is to do: updates, the tokens of one, how often is evaluated, and the tokens of the held-out rows.

    `evaluations` is None where the run chooses.
    """

    steps: int
    tokens_per_update: float
    evaluations: int | None
    eval_tokens: float


class Duration(NamedTuple):
    """Seconds of the updates and evaluations, and between what they probably lie; and the speed behind them."""

    seconds: float
    low: float
    high: float
    speed: Speed
    is_rough: bool


def duration(work: Work, past: History, parameters: int) -> Duration | None:
    """None where this machine has trained nothing yet."""
    known = past.speed
    speed = known or _roughly(past, parameters)
    if speed is None:
        return None
    seconds = _seconds(work, speed.middle, past.evaluation_seconds)
    widest = _ROUGHLY if known is None else _LIKE if known.same_rows else _OTHER_ROWS
    fast, slow = (_seconds(work, value, past.evaluation_seconds) for value in (speed.high, speed.low))
    return Duration(seconds, min(fast, seconds / widest), max(slow, seconds * widest), speed, is_rough=known is None)


def _seconds(work: Work, tokens_per_second: float, evaluation_seconds: float | None) -> float:
    # An evaluation goes forward alone, a third of the operations.
    evaluation = evaluation_seconds or work.eval_tokens / (3 * tokens_per_second)
    training = work.steps * work.tokens_per_update / tokens_per_second
    if work.evaluations is not None:
        return training + work.evaluations * evaluation
    # Of the base, after the first updates, and at the end; besides as many as a tenth of the time allows.
    most = 1 + math.ceil(work.steps / FIRST_STEPS)
    return training + min(most * evaluation, 3 * evaluation + training * SHARE)


def _roughly(past: History, parameters: int) -> Speed | None:
    """By the operations a second that runs of any model reached here; no run is like this one."""
    rates = list(islice(_rates(past), _OTHER_RUNS))
    if not rates:
        return None
    rate = median(rates) / (_OPERATIONS[past.config.method] * parameters)
    return Speed(rate, rate / _ROUGHLY, rate * _ROUGHLY, 0)


def _rates(past: History) -> Iterator[float]:
    for config, tokens_per_second in past.others():
        count = _parameters(str(config.get("model")), past)
        if count and (operations := _OPERATIONS.get(str(config.get("method")))):
            yield tokens_per_second * operations * count


def _parameters(model: str, past: History) -> int | None:
    """Of a model that an earlier run was made with; None where it is gone."""
    try:
        place = place_of(past.root(model))
        return weight_files.parameters(weight_files.of(place)) if place else None
    except UserError:
        return None
