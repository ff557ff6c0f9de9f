"""Paired bootstrap: equal to scipy's within its chance, honest about no difference, and told in words."""

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import f1_score
from tunedeck.store.bootstrap import Difference, macro_f1, of_metric, of_rows, verdict

RANDOM = np.random.default_rng(0)
EASY = RANDOM.random(200)
BETTER = EASY + RANDOM.normal(0.05, 0.1, size=200)


def test_the_interval_is_scipys_within_chance() -> None:
    told = of_rows(EASY, BETTER, resamples=20_000)
    theirs = stats.bootstrap(
        (BETTER - EASY,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert told.mean == pytest.approx((BETTER - EASY).mean())
    assert (told.low, told.high) == pytest.approx((theirs.low, theirs.high), abs=0.02 * (theirs.high - theirs.low))
    assert told.b_better > 0.99 and told.rows == 200


def test_pairing_finds_what_the_spread_of_the_rows_would_hide() -> None:
    other = RANDOM.permutation(BETTER)
    assert of_rows(EASY, BETTER).low > 0 > of_rows(EASY, other).low


def test_a_difference_of_nothing_is_found_in_about_one_of_twenty() -> None:
    random = np.random.default_rng(3)
    found = 0
    for _ in range(300):
        told = of_rows(np.zeros(60), random.normal(size=60), resamples=300)
        found += not told.low <= 0 <= told.high
    assert 5 <= found <= 33


def test_the_same_seed_gives_the_same_interval_however_many_rows_are_drawn_at_once() -> None:
    assert of_rows(EASY, BETTER, seed=4) == of_rows(EASY, BETTER, seed=4) != of_rows(EASY, BETTER, seed=5)
    many = np.tile(EASY, 10_000)
    told = of_rows(many, many + 1, resamples=3)
    assert (told.mean, told.low, told.high, told.rows) == (1, 1, 1, 2_000_000)


def test_the_metric_of_the_rows_mean_equals_the_rows() -> None:
    by_rows = of_rows(EASY, BETTER, resamples=50)
    by_metric = of_metric(lambda rows: EASY[rows].mean(), lambda rows: BETTER[rows].mean(), 200, resamples=50)
    fields = ("mean", "low", "high", "b_better")
    assert [getattr(by_rows, name) for name in fields] == pytest.approx([getattr(by_metric, name) for name in fields])


def test_macro_f1_equals_scikit_learns_on_any_rows() -> None:
    labels, predicted = RANDOM.choice(["good", "bad", "odd"], size=(2, 40))
    score = macro_f1(labels.tolist(), predicted.tolist())
    for rows in (np.arange(40, dtype=np.int32), RANDOM.integers(40, size=40), np.array([3]), np.array([5, 5, 6])):
        assert score(rows) == pytest.approx(f1_score(labels[rows], predicted[rows], average="macro", zero_division=0))


def test_macro_f1_of_a_better_run_is_found() -> None:
    labels = RANDOM.integers(3, size=150)
    worse = np.where(RANDOM.random(150) < 0.5, labels, 0)
    better = np.where(RANDOM.random(150) < 0.8, labels, 0)
    told = of_metric(macro_f1(labels.tolist(), worse.tolist()), macro_f1(labels.tolist(), better.tolist()), 150)
    assert told.low > 0 and verdict(told, "f1_macro").startswith("B is better: +0.")


@pytest.mark.parametrize(("a", "b"), [([], []), ([1.0] * 9, [*[1.0] * 8, math.nan]), ([math.inf] * 9, [math.inf] * 9)])
def test_rows_without_a_score_leave_the_difference_open(a: list[float], b: list[float]) -> None:
    told = of_rows(a, b)
    assert all(map(math.isnan, (told.mean, told.low, told.high, told.b_better)))
    assert verdict(told, "loss").startswith("no difference can be told")


def test_runs_on_other_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        of_rows([1.0, 2.0], [1.0])


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (
            Difference(0.0312, 0.0121, 0.0488, 1, 379, False),
            "B is better: +0.031 f1 (95% interval 0.012 to 0.049, 379 rows)",
        ),
        (Difference(-2.5, -4.02, -1, 0, 1379, False), "A is better: +2.5 f1 (95% interval 1.0 to 4.0, 1,379 rows)"),
        (Difference(-0.2, -0.31, -0.1, 1, 50, True), "B is better: -0.20 f1 (95% interval -0.31 to -0.10, 50 rows)"),
        (Difference(0.2, 0.1, 0.31, 0, 50, True), "A is better: -0.20 f1 (95% interval -0.31 to -0.10, 50 rows)"),
        (
            Difference(0.004, -0.01, 0.018, 0.7, 379, False),
            "no difference can be told: +0.004 f1 (95% interval -0.010 to 0.018, 379 rows) for B",
        ),
        (
            Difference(0, 0, 0, 0, 9, False),
            "no difference can be told: +0.000 f1 (95% interval 0.000 to 0.000, 9 rows) for B",
        ),
        (Difference(250, 100, 400, 1, 9, False), "B is better: +250 f1 (95% interval 100 to 400, 9 rows)"),
        (Difference(1, 1, 1, 1, 5, False), "no difference can be told from 5 rows: at least 6 are needed"),
        (
            Difference(math.nan, math.nan, math.nan, math.nan, 9, False),
            "no difference can be told: some of the 9 rows have no score",
        ),
    ],
)
def test_the_verdict_is_told_from_the_better_run(difference: Difference, words: str) -> None:
    assert verdict(difference, "f1") == words
