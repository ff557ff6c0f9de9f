"""What can be said of rows that several runs were scored on: each metric for any choice of the rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...store import bootstrap
from ...store.bootstrap import Difference, Metric, Rows
from .evaluated import Evaluated

# Scores that the engine keeps for each row, and what their means are called: that of chrF is not the corpus's.
_MEANS = {
    "exact_match": "exact_match", "f1": "f1", "rouge1": "rouge1", "rouge2": "rouge2", "rougeL": "rougeL",
    "chrf": "chrf_mean",
}  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """One metric of several runs on the same rows: each run's value, and how it differs from the baseline's."""

    name: str
    values: list[float]
    differences: list[Difference | None]
    """None for the baseline itself."""

    def verdict(self, place: int, names: tuple[str, str]) -> str:
        """The difference of the run at this place from the baseline, in words."""
        difference = self.differences[place]
        return "" if difference is None else bootstrap.verdict(difference, self.name, names)


def measured(evaluated: Sequence[Evaluated], keys: Sequence[str], baseline: int = 0) -> list[Measure]:
    """Every metric that all of the runs have on the rows with these keys; the loss comes first."""
    by_run = [metrics([one.rows[key] for key in keys]) for one in evaluated]
    common = [name for name in by_run[0] if all(name in found for found in by_run)]
    return [_measure(name, [found[name] for found in by_run], len(keys), baseline) for name in common]


def _measure(name: str, metrics: Sequence[Metric], rows: int, baseline: int) -> Measure:
    everything = np.arange(rows, dtype=np.int32)
    lower = name in ("loss", "mean_squared_error")
    differences = [
        None if place == baseline else bootstrap.of_metric(metrics[baseline], metric, rows, lower_is_better=lower)
        for place, metric in enumerate(metrics)
    ]
    return Measure(name, [metric(everything) if rows else float("nan") for metric in metrics], differences)


def metrics(rows: Sequence[Row]) -> dict[str, Metric]:
    """The metrics of one run over its rows, by name; each takes numbers of rows, some of which may come twice."""
    found = (
        {"loss": _weighted(rows, lambda row: row["loss"] * row["weight"], "weight")} if _have(rows, "weight") else {}
    )
    if _have(rows, "items") and _have(rows, "correct"):
        found["token_accuracy"] = _weighted(rows, lambda row: row["correct"], "items")
    if _have(rows, "label") and _have(rows, "predicted"):
        found |= _of_labels([row["label"] for row in rows], [row["predicted"] for row in rows])
    if _have(rows, "entities_right"):
        found["f1"] = _entity_f1(rows)
    return found | {shown: _mean(rows, name) for name, shown in _MEANS.items() if _have(rows, name)}


def _have(rows: Sequence[Row], name: str) -> bool:
    return bool(rows) and all(row.get(name) is not None for row in rows)


def _mean(rows: Sequence[Row], name: str) -> Metric:
    values = np.array([row[name] for row in rows], dtype=np.float64)
    return lambda chosen: float(values[chosen].mean())


def _weighted(rows: Sequence[Row], total: Callable[[Row], float], weight: str) -> Metric:
    totals = np.array([total(row) for row in rows], dtype=np.float64)
    weights = np.array([row[weight] for row in rows], dtype=np.float64)

    def score(chosen: Rows) -> float:
        whole = weights[chosen].sum()
        return float(totals[chosen].sum() / whole) if whole else float("nan")

    return score


def _of_labels(labels: Sequence[Any], predicted: Sequence[Any]) -> dict[str, Metric]:
    if isinstance(labels[0], float):
        squares = (np.array(labels) - np.array(predicted, dtype=np.float64)) ** 2
        return {"mean_squared_error": lambda chosen: float(squares[chosen].mean())}
    right = np.array([label == told for label, told in zip(labels, predicted, strict=True)], dtype=np.float64)
    accuracy: dict[str, Metric] = {"accuracy": lambda chosen: float(right[chosen].mean())}
    return accuracy if isinstance(labels[0], list) else {"f1_macro": bootstrap.macro_f1(labels, predicted)} | accuracy


def _entity_f1(rows: Sequence[Row]) -> Metric:
    """Twice the right entities over all that are there and all that were told."""
    right = np.array([2 * row["entities_right"] for row in rows], dtype=np.float64)
    both = np.array([row["entities"] + row["entities_predicted"] for row in rows], dtype=np.float64)

    def score(chosen: Rows) -> float:
        whole = both[chosen].sum()
        return float(right[chosen].sum() / whole) if whole else 0.0

    return score
