"""The demo of transfer: what a model learned on long film reviews helps it with short ones, at the same budget."""

import sqlite3
from collections.abc import Sequence

import numpy as np

from ....store import bootstrap, metrics
from ....store.config import RunConfig, checked
from ....store.overview import Overview
from ....store.paths import Home
from ... import predictions
from ...words import figure
from ..output import say
from .demo import Demo, Result, Views, facts, tell_cost

_ACCURACY = "eval_accuracy"
_NAMES = ("the run from MiniLM itself", "the run from the IMDB run")
# What each of the two runs on Rotten Tomatoes gets of the updates that the one on IMDB makes.
_SHARE = 4


class TransferDemo(Demo):
    """MiniLM learns on IMDB; from there, and from MiniLM itself, two runs learn on 400 rows of Rotten Tomatoes."""

    parts = ("demo:minilm", "demo:imdb", "demo:rotten-tomatoes")
    steps = 100
    count = 3

    def config(self, steps: int, earlier: Sequence[str]) -> RunConfig:
        """First IMDB, then from that run, then from the base, with the same knobs."""
        short = max(1, steps // _SHARE)
        if not earlier:
            return _config("demo imdb", "demo:imdb", "demo:minilm", steps, eval_fraction=0.01)
        if len(earlier) == 1:
            return _config("demo from imdb", "demo:rotten-tomatoes", f"run:{earlier[0]}", short)
        return _config("demo from the base", "demo:rotten-tomatoes", "demo:minilm", short)

    def result(self, db: sqlite3.Connection, home: Home, views: Views) -> Result:
        _, transfer, base = views
        from_base, from_imdb = (_is_right(home, view) for view in (base, transfer))
        difference = bootstrap.of_rows(from_base, from_imdb)
        return {
            "runs": [facts(view) for view in views],
            "rows": len(from_base),
            "base_accuracy_before": _before(db, base),
            "base_accuracy": float(np.mean(from_base)),
            "transfer_accuracy_before": _before(db, transfer),
            "transfer_accuracy": float(np.mean(from_imdb)),
            "verdict": bootstrap.verdict(difference, "accuracy", _NAMES),
            "better": difference.low > 0,
        }

    def tell(self, db: sqlite3.Connection, home: Home, views: Views, result: Result) -> None:
        _, transfer, _ = views
        rows = transfer.step * 16
        say(f"\naccuracy on {result['rows']} held-out sentences of Rotten Tomatoes, before and after {rows} others")
        for name, key in zip(_NAMES, ("base", "transfer"), strict=True):
            before, after = result[f"{key}_accuracy_before"], result[f"{key}_accuracy"]
            say(f"  {name:<30} {_figure(before)}   {_figure(after)}")
        say(f"{result['verdict']}")
        tell_cost(transfer, "model")
        if not result["better"]:
            say("The transfer did not help: more --steps on IMDB would.")


def _figure(value: object) -> str:
    return figure(value if isinstance(value, float) else None)


def _config(name: str, data: str, model: str, steps: int, **more: object) -> RunConfig:
    return checked(
        {
            "name": name,
            "task": "sequence-classification",
            "data": data,
            "model": model,
            "method": "full",
            "learning_rate": 1e-4,
            "lr_scheduler_type": "linear",
            "warmup_steps": steps // 10,
            "max_steps": steps,
            "per_device_train_batch_size": 16,
            "per_device_eval_batch_size": 64,
            "max_length": 64,
            "eval_steps": steps,
            "save_steps": steps,
            "retention_data": "none",
        }
        | more
    )


def _is_right(home: Home, view: Overview) -> list[float]:
    """Of each held-out row, in the order of the file, 1 where its class was found."""
    folder = home.run(view.run.id)
    path = predictions.of_step(folder, predictions.steps(folder)[-1])
    rows, labels, told = predictions.columns(path, "row", "label", "predicted")
    return [float(label == said) for _, label, said in sorted(zip(rows, labels, told, strict=True))]


def _before(db: sqlite3.Connection, view: Overview) -> float | None:
    steps, values = metrics.series(db, view.run.id, _ACCURACY)
    return values[0] if steps and steps[0] == 0 else None


DEMO = TransferDemo()
