"""Curves lie where their steps' tokens and times are, on an axis whose end stays put."""

import numpy as np
import pytest
from tunedeck.tui.charts.alignment import ALIGNMENTS, STEPS, Alignment, following, telling

TOKENS, TIME = ALIGNMENTS[1:]


def points(steps: list[int], values: list[float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(steps), np.array(values, dtype=np.float64)


TOTALS = points([1, 2, 3, 4], [10, 30, 60, 100])


@pytest.mark.parametrize(
    ("steps", "places"),
    [
        ([1, 2, 3], [10, 30, 60]),
        ([0, 2, 4], [0, 30, 100]),
        ([3, 4, 5], [60, 100, 100]),
        ([], []),
    ],
)
def test_points_lie_at_the_totals_of_their_steps(steps: list[int], places: list[float]) -> None:
    values = [float(step) for step in steps]
    found = TOKENS.along(points(steps, values), TOTALS)
    assert found[0].tolist() == places and found[1].tolist() == values


def test_between_two_totals_a_run_went_on_evenly() -> None:
    assert TOKENS.along(points([1, 3, 5], [1, 1, 1]), points([2, 4], [20, 60]))[0].tolist() == [40, 60]


def test_what_was_before_the_first_total_lies_nowhere() -> None:
    places, values = TIME.along(points([0, 5, 6, 7], [9, 8, 7, 6]), points([6, 7], [3, 5]))
    assert (places.tolist(), values.tolist()) == ([3, 5], [7, 6])
    assert TIME.along(points([1, 2], [1, 2]), points([], []))[0].tolist() == []


def test_spikes_keep_their_value_on_every_axis() -> None:
    steps = np.arange(1, 1001)
    values = np.where(steps == 500, 99.0, 1.0)
    for alignment in ALIGNMENTS:
        places, found = alignment.along((steps, values), (steps, np.cumsum(steps % 7 + 1.0)))
        assert found.max() == 99.0 and len(places) == len(found) and np.all(np.diff(places) > 0)


def test_the_axis_ends_where_the_run_will_and_at_last_where_it_did() -> None:
    assert STEPS.end(400, TOTALS) == 400
    assert TOKENS.end(40, TOTALS) == 1000
    assert TOKENS.end(4, TOTALS) == 100
    assert TIME.end(40, points([1, 2], [50, 100])) == 2100
    assert TIME.end(40, points([], [])) == TIME.end(40, points([1], [0])) == 40


@pytest.mark.parametrize("alignment", [TOKENS, TIME], ids=lambda one: one.name)
def test_the_end_moves_seldom_while_steps_go_on(alignment: Alignment) -> None:
    """Each time that it moves all charts are repainted; the first step of a run takes five times as long."""
    chance = np.random.default_rng(0)
    sums = np.cumsum(np.concatenate([[5.0], chance.lognormal(0, 0.3, 999)]))
    ends, end = [], 0.0
    for last in range(1, 1001):
        end = alignment.end(1000, (np.arange(1, last + 1), sums[:last]), end)
        ends.append(end)
    assert all(end >= place for end, place in zip(ends, sums, strict=True))
    assert len(set(ends[:-1])) <= 6 and len(set(ends[100:-1])) <= 2
    assert ends[-1] == sums[-1]


def test_axes_that_were_not_recorded_are_left_out_and_told() -> None:
    assert following(STEPS, ["loss", "train_seconds"]) == TIME
    assert following(TIME, ["loss", "train_seconds"]) == STEPS
    assert following(STEPS, ["loss"]) == STEPS
    assert telling(TIME, ["train_seconds"]) == "Charts by time. Not recorded of this run: tokens."
