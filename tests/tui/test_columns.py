"""Thinning keeps spikes and gaps, and never changes what was drawn already."""

import numpy as np
import pytest
from tunedeck.tui.charts.columns import Points, clip, finite, thin

NAN = np.nan


def curve(values: list[float], steps: list[float] | None = None, *, positive: bool = False) -> Points:
    return finite(np.array(steps or range(len(values))), np.array(values), positive=positive)


def test_a_spike_survives_among_a_million_points() -> None:
    values = np.ones(1_000_000)
    values[654_321] = 9
    values[654_399] = -9
    points = thin(finite(np.arange(1_000_000), values), (0, 1_000_000), 300)
    assert len(points) <= 600
    assert (points.values.max(), points.values.min()) == (9, -9)


def test_few_points_stay_as_they_are() -> None:
    points = thin(curve([3.0, 1, 2]), (0, 10), 100)
    assert (points.steps.tolist(), points.values.tolist()) == ([0, 1, 2], [3, 1, 2])


def test_a_full_column_does_not_change_when_data_comes() -> None:
    values = np.random.default_rng(0).normal(size=5000)
    early, late = (thin(finite(np.arange(end), values[:end]), (0, 5000), 80) for end in (3000, 3010))
    same = int(np.searchsorted(early.steps, 2937))
    assert np.array_equal(early.values[:same], late.values[:same]) and np.array_equal(
        early.steps[:same], late.steps[:same]
    )


def test_values_that_are_not_finite_make_gaps() -> None:
    points = curve([1, NAN, np.inf, 2, 3, -np.inf])
    assert (points.steps.tolist(), points.starts.tolist()) == ([0, 3, 4], [True, True, False])


def test_a_gap_between_columns_breaks_the_line() -> None:
    points = thin(curve([1, 2, NAN, 4, 5, 6]), (0, 6), 2)
    assert points.values.tolist() == [1, 2, 4, 6]
    assert points.starts.tolist() == [True, False, True, False]


def test_a_log_axis_leaves_out_what_is_not_above_zero() -> None:
    points = curve([1, 0, -3, 2], positive=True)
    assert (points.values.tolist(), points.starts.tolist()) == ([1, 2], [True, True])


def test_lines_are_cut_at_the_edges_of_the_window() -> None:
    points = clip(curve([0, 10, 20], [0, 10, 20]), (5, 15))
    assert points.steps.tolist() == points.values.tolist() == [5, 10, 15]
    assert points.starts.tolist() == [True, False, False]


def test_a_line_that_only_passes_through_is_seen() -> None:
    points = clip(curve([0, 100], [0, 100]), (40, 60))
    assert (points.values.tolist(), points.starts.tolist()) == ([40, 60], [True, False])


@pytest.mark.parametrize("values", [[0, NAN, 100], [NAN, NAN, NAN], []])
def test_nothing_is_made_up_across_a_gap(values: list[float]) -> None:
    assert len(clip(curve(values, [0, 50, 100][: len(values)]), (40, 45))) == 0


def test_steps_out_of_order_are_sorted() -> None:
    assert curve([1, 2, 3], [2, 1, 3]).values.tolist() == [2, 1, 3]
