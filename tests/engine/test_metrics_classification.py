"""Classification metrics: equal to scikit-learn's and scipy's on the same predictions, defined or NaN at the edges."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve
from tunedeck.engine.metrics import calibration, classification
from tunedeck.engine.metrics.naming import MOST_NAMED_CLASSES

CLASSES = ["bad", "mixed", "good", "none"]


def drawn(rows: int, seed: int, classes: int = 4) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels of all classes but the last, which nothing is labelled with, and fp32 probabilities that lean to them."""
    random = np.random.default_rng(seed)
    labels = random.integers(classes - 1, size=rows)
    logits = random.normal(size=(rows, classes)) + np.eye(classes)[labels]
    return labels, (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("seed", range(5))
def test_single_label_equals_scikit_learn(seed: int) -> None:
    labels, probabilities = drawn(80, seed)
    predicted = probabilities.argmax(axis=1)
    told = classification.single_label(labels, probabilities, CLASSES)
    for name in ("precision", "recall", "f1"):
        scorer = getattr(metrics, f"{name}_score")
        assert told[f"{name}_macro"] == pytest.approx(scorer(labels, predicted, average="macro", zero_division=0))
        for number, score in enumerate(scorer(labels, predicted, labels=range(4), average=None, zero_division=0)):
            assert told.get(f"{name}_{CLASSES[number]}", 0.0) == pytest.approx(score)
    assert told["accuracy"] == metrics.accuracy_score(labels, predicted)
    assert told["matthews_corrcoef"] == pytest.approx(metrics.matthews_corrcoef(labels, predicted))
    assert told["log_loss"] == pytest.approx(metrics.log_loss(labels, probabilities, labels=range(4)), rel=1e-6)
    assert set(classification.SINGLE_LABEL) <= set(told)


def test_a_class_that_is_never_predicted_has_f1_0_and_one_that_is_nowhere_has_none() -> None:
    told = classification.single_label([0, 0, 1], [[0.8, 0.1, 0.1, 0.0]] * 3, CLASSES)
    assert (told["f1_bad"], told["f1_mixed"]) == (pytest.approx(0.8), 0.0)
    assert "f1_good" not in told and told["f1_macro"] == pytest.approx(0.4)


def test_one_class_only_is_scored_without_a_warning() -> None:
    told = classification.single_label([2, 2], [[0.1, 0.1, 0.8, 0.0]] * 2, CLASSES)
    assert (told["accuracy"], told["f1_macro"], told["matthews_corrcoef"]) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize("probabilities", [[], [[0.5, math.nan, 0.5, 0.0]]])
def test_no_rows_and_nan_probabilities_are_nan(probabilities: list[list[float]]) -> None:
    for score in (classification.single_label, classification.multi_label):
        told = score([[1, 0, 0, 0]][: len(probabilities)], probabilities, CLASSES)
        assert told and all(map(math.isnan, told.values()))


def test_the_confusion_matrix_has_every_class_and_is_empty_without_rows() -> None:
    labels, probabilities = drawn(60, seed=0)
    predicted = probabilities.argmax(axis=1)
    theirs = metrics.confusion_matrix(labels, predicted, labels=range(5))
    assert classification.confusion_matrix(labels, predicted, 5) == theirs.tolist()
    assert classification.confusion_matrix([], [], 2) == [[0, 0], [0, 0]]


def test_classes_with_odd_names_keep_the_averages_and_can_be_stored() -> None:
    told = classification.single_label([0, 1], [[0.9, 0.1], [0.8, 0.2]], ["macro", "\ud800"])
    assert told["f1_macro"] == pytest.approx(1 / 3) and "f1_?" in told


def test_only_the_first_fifty_classes_are_named() -> None:
    labels = np.arange(60)
    told = classification.single_label(labels, np.eye(60), [f"c{number}" for number in labels])
    assert sum(name.startswith("f1_c") for name in told) == MOST_NAMED_CLASSES and told["f1_macro"] == 1.0


@pytest.mark.parametrize("seed", range(5))
def test_multi_label_equals_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels = (random.random((50, 4)) < [0.5, 0.3, 0.1, 0.0]).astype(float)
    probabilities = np.clip(labels * 0.3 + random.random((50, 4)) * 0.7, 0, 1)
    predicted = probabilities >= 0.5
    told = classification.multi_label(labels, probabilities, CLASSES)
    for name in ("precision", "recall", "f1"):
        scorer = getattr(metrics, f"{name}_score")
        for average in ("micro", "macro"):
            score = scorer(labels, predicted, average=average, zero_division=0)
            assert told[f"{name}_{average}"] == pytest.approx(score)
        by_class = [told[f"{name}_{label}"] for label in CLASSES]
        assert by_class == pytest.approx(scorer(labels, predicted, average=None, zero_division=0))
    assert told["accuracy"] == metrics.accuracy_score(labels, predicted)
    assert told["hamming_loss"] == pytest.approx(metrics.hamming_loss(labels, predicted))
    average_precision = metrics.average_precision_score(labels[:, :3], probabilities[:, :3])
    assert told["average_precision_macro"] == pytest.approx(average_precision)
    assert set(classification.MULTI_LABEL) <= set(told)


def test_multi_label_takes_one_class_and_rows_without_any() -> None:
    assert classification.multi_label([[1], [0]], [[0.5], [0.4]], ["spam"])["f1_macro"] == 1.0
    told = classification.multi_label([[0, 0]], [[0.1, 0.2]], ["spam", "ham"])
    assert told["accuracy"] == 1.0 and told["f1_micro"] == 0.0 and math.isnan(told["average_precision_macro"])


def test_regression_equals_scikit_learn_and_scipy() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(6, size=70).astype(float)
    predicted = labels + random.normal(size=70)
    told = classification.regression(labels, predicted)
    assert told == pytest.approx(
        {
            "mean_squared_error": metrics.mean_squared_error(labels, predicted),
            "mean_absolute_error": metrics.mean_absolute_error(labels, predicted),
            "r2": metrics.r2_score(labels, predicted),
            "pearsonr": stats.pearsonr(labels, predicted).statistic,
            "spearmanr": stats.spearmanr(labels, predicted).statistic,
        }
    )


def test_regression_is_nan_where_it_is_not_defined() -> None:
    constant = classification.regression([1, 2, 3], [2, 2, 2])
    assert math.isnan(constant["pearsonr"]) and math.isnan(constant["spearmanr"]) and constant["r2"] == 0.0
    assert math.isnan(classification.regression([1], [1])["r2"])
    for told in (classification.regression([], []), classification.regression([1, 2], [1, math.nan])):
        assert set(told) == set(classification.REGRESSION) and all(map(math.isnan, told.values()))


def test_the_reliability_bins_equal_scikit_learns() -> None:
    random = np.random.default_rng(0)
    # Confidences on the edges too: a bin takes its upper edge and not its lower.
    confidence = np.concatenate([random.random(200), np.linspace(0, 1, 16)])
    correct = random.random(216) < confidence
    bins = calibration.reliability(confidence, correct)
    accuracies, confidences = calibration_curve(correct, confidence, n_bins=15)
    assert [group.accuracy for group in bins] == pytest.approx(list(accuracies))
    assert [group.confidence for group in bins] == pytest.approx(list(confidences))
    assert sum(group.rows for group in bins) == 216
    assert all(group.lower <= group.confidence <= group.upper for group in bins)


def test_the_calibration_error_is_the_weighted_gap() -> None:
    # Three rows said 0.9 and two of them are right, one said 0.3 and is right.
    error = calibration.expected_calibration_error([0.9, 0.9, 0.9, 0.3], [1, 1, 0, 1])
    assert error == pytest.approx(0.75 * (0.9 - 2 / 3) + 0.25 * 0.7)
    assert calibration.expected_calibration_error([1.0, 1.0], [True, True]) == 0.0
    assert math.isnan(calibration.expected_calibration_error([], []))
