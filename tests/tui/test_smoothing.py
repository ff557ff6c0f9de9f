"""A smoothed curve is the plain mean of what came last."""

import numpy as np
import pytest
from tunedeck.tui.charts.smoothing import SPANS, trailing_mean


@pytest.mark.parametrize("points", [*SPANS, 7])
@pytest.mark.parametrize("length", [0, 1, 6, 300])
def test_each_point_is_the_mean_of_the_last_ones(points: int, length: int) -> None:
    values = np.random.default_rng(1).normal(size=length)
    values[::5] = np.nan
    plain = [values[max(0, place - points + 1) : place + 1] for place in range(length)]
    expected = [part[np.isfinite(part)].mean() if np.isfinite(part).any() else np.nan for part in plain]
    assert trailing_mean(values, points) == pytest.approx(np.array(expected), nan_ok=True)


def test_an_infinite_value_does_not_spoil_those_behind_it() -> None:
    assert trailing_mean(np.array([1.0, np.inf, 3.0, 5.0]), 2).tolist() == [1.0, 1.0, 3.0, 4.0]
