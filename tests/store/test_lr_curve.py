"""The suggestion of a range test: near where a curve of known shape falls fastest, and none from noise."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from tunedeck.store import lr_curve
from tunedeck.store.errors import ConfigError
from tunedeck.store.lr_curve import Span

SPAN = Span()
NOISE = 0.05


def curve(steepest: float, seed: int = 0, *, span: Span = SPAN, breaks_at: float = 1e-1) -> NDArray[np.float64]:
    """From 3 to 2 along an S with its middle at that rate, noise upon it, and up again from another rate."""
    rates = np.log10(span.rates())
    fall = 3 - 1 / (1 + np.exp(-4 * (rates - math.log10(steepest))))
    rise = 4 * np.clip(rates - math.log10(breaks_at), 0, None)
    return fall + rise + np.random.default_rng(seed).normal(scale=NOISE, size=span.steps)


@pytest.mark.parametrize("steepest", [1e-5, 3e-4, 3e-3])
@pytest.mark.parametrize("span", [SPAN, Span(steps=40), Span(steps=1000)], ids=lambda span: str(span.steps))
def test_the_rate_where_the_loss_falls_fastest_is_found(steepest: float, span: Span) -> None:
    for seed in range(10):
        found = lr_curve.suggestion(list(curve(steepest, seed, span=span)), span)
        assert found.steepest and found.learning_rate and found.lowest and found.cautious
        assert abs(math.log10(found.steepest / steepest)) < 0.5
        assert found.cautious <= found.steepest <= found.learning_rate <= found.lowest < 0.2


def test_the_sentence_names_the_rates_of_which_it_suggests_the_middle() -> None:
    found = lr_curve.suggestion(list(curve(1e-3)), SPAN)
    assert found.learning_rate and found.steepest and found.lowest
    assert found.learning_rate == pytest.approx(math.sqrt(found.steepest * found.lowest))
    assert found.cautious == min(found.steepest, found.lowest / 10)
    assert found.sentence == (
        f"suggested learning_rate {found.learning_rate:.1e} (the loss falls fastest at {found.steepest:.1e} and is"
        f" lowest at {found.lowest:.1e}; {found.cautious:.1e} is cautious)"
    )
    assert found.facts == {
        "suggested_learning_rate": found.learning_rate,
        "cautious_learning_rate": found.cautious,
        "steepest_at": found.steepest,
        "lowest_at": found.lowest,
    }


def test_noise_alone_gives_no_suggestion() -> None:
    random = np.random.default_rng(0)
    drawn = [lr_curve.suggestion(list(5 + random.normal(size=100)), SPAN) for _ in range(200)]
    assert sum(found.learning_rate is not None for found in drawn) <= 5
    assert {found.sentence for found in drawn if found.learning_rate is None} == {
        "no suggestion: the loss never falls clearly, at rates up to 1.0e+00"
    }


def test_a_loss_that_is_too_short_or_only_rises_or_still_falls_gives_no_suggestion() -> None:
    assert lr_curve.suggestion([3.0] * 5 + [math.nan], SPAN).sentence == (
        "no suggestion: the loss broke down after 5 updates"
    )
    rising = [3 + 0.1 * update for update in range(40)]
    assert "never falls clearly, at rates up to 5.7e-05" in lr_curve.suggestion(rising, SPAN).sentence
    falling = Span(1e-7, 1e-3)
    assert lr_curve.suggestion(list(curve(1e-3, span=falling)), falling).sentence == (
        "no suggestion: the loss still falls at 1.0e-03, the highest rate that was tried"
    )


def test_what_comes_after_the_loss_broke_down_is_not_looked_at() -> None:
    losses = list(curve(1e-3)[:85])
    found = lr_curve.suggestion([*losses, math.nan, 0.0, 0.0], SPAN)
    assert found == lr_curve.suggestion(losses, SPAN) and found.learning_rate is not None


def test_the_test_is_over_at_four_times_the_lowest_mean_or_at_no_number() -> None:
    assert not lr_curve.has_diverged([]) and not lr_curve.has_diverged([5.0, 2.0, 5.0, 2.0])
    # One outlier is not the end.
    assert not lr_curve.has_diverged([2.0] * 50 + [20.0])
    assert lr_curve.has_diverged([2.0] * 50 + [30.0] * 3)
    assert lr_curve.has_diverged([2.0, math.nan]) and lr_curve.has_diverged([2.0, math.inf])


def test_rates_rise_by_the_same_factor() -> None:
    rates = Span(1e-6, 1e-2, 41).rates()
    assert rates[[0, -1]] == pytest.approx([1e-6, 1e-2]) and np.diff(np.log10(rates)) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((1.0, 1e-7, 100), "A learning rate can't rise from 1 to 1e-07."),
        ((0.0, 1.0, 100), "A learning rate can't rise from 0 to 1."),
        ((1e-7, math.inf, 100), "can't rise from 1e-07 to inf"),
        ((1e-7, 1.0, 19), "A test can't be made in 19 updates. It takes 20 to 1,000."),
    ],
)
def test_a_span_that_can_not_be_is_refused(values: tuple[float, float, int], sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Span(*values)
    assert sentence in str(refused.value)
