"""Metrics of sequence classification (one label, several labels, a number), by scikit-learn and under its names."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata
from sklearn import metrics

from .calibration import expected_calibration_error
from .naming import by_class, ratios, undefined

THRESHOLD = 0.5

SINGLE_LABEL = (
    "accuracy",
    "precision_macro",
    "recall_macro",
    "f1_macro",
    "matthews_corrcoef",
    "log_loss",
    "expected_calibration_error",
)
MULTI_LABEL = (
    "accuracy",
    "precision_micro",
    "recall_micro",
    "f1_micro",
    "precision_macro",
    "recall_macro",
    "f1_macro",
    "average_precision_macro",
    "hamming_loss",
)
REGRESSION = ("mean_squared_error", "mean_absolute_error", "r2", "pearsonr", "spearmanr")


def single_label(labels: ArrayLike, probabilities: ArrayLike, classes: list[str]) -> dict[str, float]:
    """Metrics of one class per row: those of SINGLE_LABEL, and precision, recall and F1 of each class.

    labels is (rows,) with class numbers, probabilities is (rows, classes). Macro averages go over the classes that are
    labelled or predicted in these rows, and a ratio of nothing to nothing is 0, both as in scikit-learn. Without rows,
    or with a probability that is NaN, all are NaN.
    """
    actual, chances = np.asarray(labels, dtype=np.int64), np.asarray(probabilities, dtype=np.float64)
    if not actual.size or not np.isfinite(chances).all():
        return undefined(SINGLE_LABEL)
    predicted = chances.argmax(axis=1)
    correct = predicted == actual
    counts = np.stack([np.bincount(rows, minlength=len(classes)) for rows in (actual[correct], predicted, actual)])
    present = np.flatnonzero(counts.any(axis=0))
    return by_class([classes[number] for number in present], ratios(*counts[:, present])) | {
        "accuracy": float(correct.mean()),
        # One class alone is 0 to scikit-learn too, but with a warning.
        "matthews_corrcoef": float(metrics.matthews_corrcoef(actual, predicted)) if len(present) > 1 else 0.0,
        "log_loss": _log_loss(actual, chances),
        "expected_calibration_error": expected_calibration_error(chances.max(axis=1), correct),
    }


def _log_loss(labels: NDArray[np.int64], probabilities: NDArray[np.float64]) -> float:
    # A softmax in fp32 is off by 1e-7, and scikit-learn warns of sums that are not 1.
    exact = probabilities / probabilities.sum(axis=1, keepdims=True)
    return float(metrics.log_loss(labels, exact, labels=np.arange(exact.shape[1])))


def confusion_matrix(labels: ArrayLike, predicted: ArrayLike, class_count: int) -> list[list[int]]:
    """Counts of rows, (classes, classes): a row of the matrix for each true class, a column for each predicted one."""
    cells = np.asarray(labels, dtype=np.int64) * class_count + np.asarray(predicted, dtype=np.int64)
    return np.bincount(cells, minlength=class_count**2).reshape(class_count, class_count).tolist()


def multi_label(labels: ArrayLike, probabilities: ArrayLike, classes: list[str]) -> dict[str, float]:
    """Metrics of any number of classes per row: those of MULTI_LABEL, and precision, recall and F1 of each class.

    labels is (rows, classes) of 0 and 1, probabilities the same shape; a class is predicted from 0.5 on. `accuracy` is
    the share of rows with every class right. Average precision leaves out the classes that no row has. Without rows,
    or with a probability that is NaN, all are NaN.
    """
    actual, chances = np.asarray(labels, dtype=bool), np.asarray(probabilities, dtype=np.float64)
    if not actual.size or not np.isfinite(chances).all():
        return undefined(MULTI_LABEL)
    predicted = chances >= THRESHOLD
    counts = (actual & predicted).sum(axis=0), predicted.sum(axis=0), actual.sum(axis=0)
    micro = dict(zip(MULTI_LABEL[1:4], map(float, ratios(*(count.sum() for count in counts))), strict=True))
    return by_class(classes, ratios(*counts)) | micro | {
        "accuracy": float((predicted == actual).all(axis=1).mean()),
        "average_precision_macro": _average_precision(actual, chances),
        "hamming_loss": float((predicted != actual).mean()),
    }  # fmt: skip


def _average_precision(labels: NDArray[np.bool_], probabilities: NDArray[np.float64]) -> float:
    labelled = labels.any(axis=0)
    if not labelled.any():
        return float("nan")
    return float(metrics.average_precision_score(labels[:, labelled], probabilities[:, labelled], average="macro"))


def regression(labels: ArrayLike, predicted: ArrayLike) -> dict[str, float]:
    """Metrics of one number per row, both (rows,): errors, the share of variance explained, and two correlations.

    Correlations are NaN where either side is constant, and r2 is NaN below two rows: neither is defined there. Without
    rows, or with a prediction that is NaN, all are NaN.
    """
    actual, told = np.asarray(labels, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    if not actual.size or not np.isfinite(told).all():
        return undefined(REGRESSION)
    return {
        "mean_squared_error": float(metrics.mean_squared_error(actual, told)),
        "mean_absolute_error": float(metrics.mean_absolute_error(actual, told)),
        "r2": float(metrics.r2_score(actual, told)) if actual.size > 1 else float("nan"),
        "pearsonr": _correlation(actual, told),
        "spearmanr": _correlation(rankdata(actual), rankdata(told)),
    }


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if np.ptp(one) and np.ptp(other) else float("nan")
