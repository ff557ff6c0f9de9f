"""The curve of a learning-rate range test: its rates, when it is over, and which learning rate it suggests.

The test is that of Smith, "Cyclical Learning Rates for Training Neural Networks" (2015), section 3.3; the rule for
stopping and the rates looked at, where the loss falls fastest and a tenth of where it is lowest, are those of fastai's
`lr_find`. What is suggested lies between the fastest fall and the lowest: where it falls fastest is too low, since what
is learned early is learned only once. With SmolLM2-135M and LoRA it falls fastest at 8e-5 and is lowest at 2e-3; in 30
updates at 1e-4, 3e-4, 1e-3 and 3e-3 the evaluation loss went to 2.63, 2.43, 2.30 and 2.26.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from .errors import ConfigError

KIND = "lr-find"
METRIC = "adjusted_loss"
FEWEST_STEPS, MOST_STEPS = 20, 1000

_BETA, _DIVERGED = 0.9, 4.0
# The lines are as wide as a normal distribution of a twentieth of a whole test: shorter ones follow the noise, longer
# ones wash out the fall.
_PARTS = 20
# Of 2,000 tests of noise alone (normal, log-normal, Student's t with 3 degrees), of 20 to 1,000 updates each, 1% fall
# by so many standard errors of a mean, and 5% by seven.
_CLEAR_FALL = 9.0
# Against the base even a fall that is of no use to anybody is clear.
_LEAST_FALL = 0.01


@dataclass(frozen=True)
class Span:
    """From which learning rate to which the test goes, and in how many updates.

    Raises:
        ConfigError: it can't be made so.
    """

    lowest: float = 1e-7
    highest: float = 1.0
    steps: int = 100

    def __post_init__(self) -> None:
        if not 0 < self.lowest < self.highest < math.inf:
            raise ConfigError(
                f"A learning rate can't rise from {self.lowest:g} to {self.highest:g}.", "Such as from 1e-7 to 1."
            )
        if not FEWEST_STEPS <= self.steps <= MOST_STEPS:
            raise ConfigError(
                f"A test can't be made in {self.steps} updates.", f"It takes {FEWEST_STEPS} to {MOST_STEPS:,}."
            )

    def rates(self) -> NDArray[np.float64]:
        """The rate of each update, (steps,), each the same factor above the one before."""
        return np.geomspace(self.lowest, self.highest, self.steps)


@dataclass(frozen=True)
class Suggestion:
    """What a test has found; where nothing can be told, the sentence says why."""

    sentence: str
    learning_rate: float | None = None
    steepest: float | None = None
    lowest: float | None = None
    cautious: float | None = None

    @property
    def facts(self) -> dict[str, float | None]:
        """The rates as a run's summary has them."""
        return {
            "suggested_learning_rate": self.learning_rate,
            "cautious_learning_rate": self.cautious,
            "steepest_at": self.steepest,
            "lowest_at": self.lowest,
        }


def adjusted(loss: float, update: int, base_losses: Sequence[float]) -> float:
    """What the update (from 0) would have lost on rows as hard as all together: `base_losses` are those of the model
    before the first update, on the rows of each."""
    return loss - base_losses[update] + sum(base_losses) / len(base_losses)


def has_diverged(losses: Sequence[float]) -> bool:
    """Whether the moving average of the losses is over four times its lowest, or not finite.

    The average is corrected at its start as Adam's moments are (Kingma and Ba 2014): by 1 - beta ** updates.
    """
    average, lowest = 0.0, math.inf
    for update, loss in enumerate(losses, start=1):
        average = _BETA * average + (1 - _BETA) * loss
        corrected = average / (1 - _BETA**update)
        lowest = min(lowest, corrected)
        if not corrected <= _DIVERGED * lowest:
            return True
    return False


def smoothed(losses: Sequence[float], steps: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The losses of a test of so many steps, and their slopes from update to update, both (losses,).

    Each is read off a line through its neighbours (local linear regression, Cleveland 1979), before and after it: an
    average of those before alone lags, that with a beta of 0.9 by 9 updates, which is a factor of 4 in the rate.
    """
    values, places = np.asarray(losses, dtype=np.float64), np.arange(len(losses))
    weights = np.exp(-0.5 * (np.subtract.outer(places, places) * _PARTS / steps) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    place, value = weights @ places, weights @ values
    slopes = (weights @ (places * values) - place * value) / (weights @ places**2 - place**2)
    return value + slopes * (places - place), slopes


def suggestion(losses: Sequence[float], span: Span) -> Suggestion:
    """The rate between that where the loss falls fastest over its logarithm and that where it is lowest, if it falls.

    `losses` are those of the updates made, which are fewer than `span.steps` where the loss has broken down.
    """
    finite = list(takewhile(math.isfinite, losses))
    rates = span.rates()[: len(finite)]
    if len(finite) < FEWEST_STEPS // 2:
        return Suggestion(f"no suggestion: the loss broke down after {len(finite)} updates")
    curve, slopes = smoothed(finite, span.steps)
    lowest = int(curve.argmin())
    noise = np.std(np.diff(finite[: max(lowest + 1, len(finite) // 2)])) / math.sqrt(2)
    # A mean under a normal distribution of that width is worth one of 2 * sqrt(pi) * width losses.
    standard_error = noise / math.sqrt(2 * math.sqrt(math.pi) * span.steps / _PARTS)
    highest = curve[: lowest + 1].max()
    if highest - curve[lowest] < max(_CLEAR_FALL * standard_error, _LEAST_FALL * highest):
        return Suggestion(f"no suggestion: the loss never falls clearly, at rates up to {rates[-1]:.1e}")
    if lowest == span.steps - 1:
        return Suggestion(f"no suggestion: the loss still falls at {rates[-1]:.1e}, the highest rate that was tried")
    return _found(float(rates[slopes[: lowest + 1].argmin()]), float(rates[lowest]))


def _found(steepest: float, lowest: float) -> Suggestion:
    """Both and their geometric mean; cautious is the lower of the steepest and a tenth of the lowest."""
    suggested, cautious = math.sqrt(steepest * lowest), min(steepest, lowest / 10)
    words = (
        f"suggested learning_rate {suggested:.1e} (the loss falls fastest at {steepest:.1e} and is lowest at"
        f" {lowest:.1e}; {cautious:.1e} is cautious)"
    )
    return Suggestion(words, suggested, steepest, lowest, cautious)
