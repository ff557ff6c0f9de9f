"""Ticks and limits are round numbers that stay put."""

import math

import numpy as np
import pytest
from tunedeck.tui.charts.axis import label, labels, limits, log_ticks, tick_step, ticks


@pytest.mark.parametrize(
    ("span", "count", "step"), [(1, 5, 0.2), (10, 5, 2), (9216, 6, 2000), (2e-4, 4, 5e-5), (7, 1, 10)]
)
def test_steps_are_1_2_and_5(span: float, count: int, step: float) -> None:
    assert tick_step(span, count) == pytest.approx(step)


def test_ticks_lie_inside_the_limits() -> None:
    assert ticks(0.7, 3.1, 5) == pytest.approx([1, 1.5, 2, 2.5, 3])


def test_log_ticks_thin_out_with_the_span() -> None:
    assert log_ticks(0.5, 5, 5) == pytest.approx([0.5, 1, 2, 5])
    assert log_ticks(1e-3, 1e3, 4) == pytest.approx([1e-3, 1e-1, 1e1, 1e3])


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0, 0.5, 1, 1.5], ["0", "0.5", "1.0", "1.5"]),
        ([0, 500, 1000, 1500], ["0", "500", "1k", "1.5k"]),
        ([0, 50_000, 100_000], ["0", "50k", "100k"]),
        ([0, 5e-5, 1e-4], ["0", "5e-5", "1e-4"]),
        ([1e6, 2e6], ["1M", "2M"]),
        ([-1, 0, 1], ["-1", "0", "1"]),
        ([1.2034, 1.2036], ["1.2034", "1.2036"]),
        ([], []),
    ],
)
def test_labels_are_short_and_tell_ticks_apart(values: list[float], texts: list[str]) -> None:
    assert labels(values) == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.20449, "1.204"),
        (0, "0"),
        (1.2e-4, "1.2e-4"),
        (12_345, "12.35k"),
        (math.nan, "nan"),
        (-3, "-3"),
        (1e200, "1e200"),
    ],
)
def test_one_value_is_written_with_four_digits(value: float, text: str) -> None:
    assert label(value) == text


def test_limits_grow_at_once() -> None:
    assert limits(0.2, 0.9) == (0.2, 1.0)
    assert limits(0.2, 3.3, (0.2, 1.0)) == (0.0, 4.0)


def test_limits_shrink_only_when_half_is_unused() -> None:
    assert limits(1.0, 3.2, (0.0, 4.0)) == (0.0, 4.0)
    assert limits(1.0, 1.9, (0.0, 4.0)) == (1.0, 2.0)


def test_a_constant_gets_room_on_both_sides() -> None:
    low, high = limits(2e-4, 2e-4)
    assert low < 2e-4 < high
    assert limits(0, 0) == (-1, 1)


def test_log_limits_lie_on_1_2_and_5() -> None:
    assert limits(0.3, 4.1, log=True) == pytest.approx((0.2, 5))
    assert limits(1, 1, log=True) == pytest.approx((0.5, 2))


def test_any_floats_give_limits_with_room_between() -> None:
    chance = np.random.default_rng(1)
    for _ in range(500):
        low, high = sorted(chance.normal(size=2) * 10.0 ** chance.integers(-320, 308, size=2))
        bottom, top = limits(float(low), float(high))
        assert bottom < top and math.isfinite(top - bottom)
        assert len(labels(ticks(bottom, top, 5))) >= 2
