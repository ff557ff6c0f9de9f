"""The demo of a classifier: MiniLM learns what patients think of their drugs, with classes of very different size."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....store import bootstrap, metrics, scores
from ....store.config import RunConfig, checked
from ....store.overview import Overview
from ....store.paths import Home
from ... import predictions
from ...words import figure
from ..output import say
from .demo import Demo, Result, Views, facts, one_line, tell_cost

# 600 rows, 16 an update.
_STEPS_AN_EPOCH = 38
_F1 = "eval_f1_macro"
_EXAMPLES = 3


@dataclass(frozen=True)
class _Rows:
    """The held-out rows with what the untuned head and the kept weights make of them."""

    lines: list[int]
    labels: list[str]
    untuned: list[str]
    tuned: list[str]


class ClassificationDemo(Demo):
    """600 reviews, 9% of them neutral; macro-F1 on 379 others is to be above that of saying positive to all."""

    parts = ("demo:minilm", "demo:drug-reviews", "demo:drug-reviews-test")
    steps = 5 * _STEPS_AN_EPOCH

    def config(self, steps: int, earlier: Sequence[str]) -> RunConfig:
        """Every weight is trained, and each class weighs the same; evaluated after each epoch."""
        every = min(_STEPS_AN_EPOCH, steps)
        return checked(
            {
                "name": "demo classification",
                "task": "sequence-classification",
                "data": "demo:drug-reviews",
                "eval_data": "demo:drug-reviews-test",
                "model": "demo:minilm",
                "method": "full",
                # Without it 2 epochs end at the largest class alone, a macro-F1 of 0.26.
                "class_weight": "balanced",
                "learning_rate": 1e-4,
                "lr_scheduler_type": "linear",
                "warmup_steps": steps // 10,
                "max_steps": steps,
                "per_device_train_batch_size": 16,
                "max_length": 128,
                "eval_steps": every,
                "save_steps": every,
                "metric_for_best_model": "f1_macro",
                "load_best_model_at_end": True,
            }
        )

    def result(self, db: sqlite3.Connection, home: Home, views: Views) -> Result:
        view = views[0]
        step, rows = _kept(db, home, view)
        everyone = [Counter(rows.labels).most_common(1)[0][0]] * len(rows.labels)
        majority, untuned, tuned = (
            bootstrap.macro_f1(rows.labels, told) for told in (everyone, rows.untuned, rows.tuned)
        )
        count, every = len(rows.labels), np.arange(len(rows.labels), dtype=np.int32)
        difference = bootstrap.of_metric(majority, tuned, count)
        return facts(view) | {
            "rows": count,
            "step": step,
            "majority_f1_macro": majority(every),
            "untuned_f1_macro": untuned(every),
            "tuned_f1_macro": tuned(every),
            "f1_by_class": _by_class(db, view, step),
            "verdict": bootstrap.verdict(difference, "f1_macro", ("the largest class", "the tuned model")),
            "better": difference.low > 0 and tuned(every) > untuned(every),
        }

    def tell(self, db: sqlite3.Connection, home: Home, views: Views, result: Result) -> None:
        _tell_examples(home, views[0], *_kept(db, home, views[0]))
        say(f"\nmacro-F1 on {result['rows']} held-out reviews")
        for what in ("majority", "untuned", "tuned"):
            say(f"  {_WORDS[what]:<32} {result[f'{what}_f1_macro']:.3f}")
        for name, value in _by_class(db, views[0], int(str(result["step"]))).items():
            say(f"  F1 of {name:<26} {figure(value)}")
        say(f"{result['verdict']}; the step was chosen on these rows, which flatters it a little")
        tell_cost(views[0], "model")
        if not result["better"]:
            say("The tuned model is no better than the largest class: more --steps would help.")


_WORDS = {
    "majority": "the largest class for every row", "untuned": "the untuned head", "tuned": "the tuned model",
}  # fmt: skip


def _kept(db: sqlite3.Connection, home: Home, view: Overview) -> tuple[int, _Rows]:
    """The step whose weights were kept, and the rows as they and the untuned head see them."""
    score = scores.of_metric(db, view.run.id, _F1)
    step = score.best_step if score and score.best_step else 0
    folder = home.run(view.run.id)
    lines, labels, tuned = predictions.columns(predictions.of_step(folder, step), "row", "label", "predicted")
    [untuned] = predictions.columns(predictions.of_step(folder, 0), "predicted")
    return step, _Rows(lines, labels, untuned, tuned)


def _by_class(db: sqlite3.Connection, view: Overview, step: int) -> dict[str, float]:
    found = {}
    for name in metrics.names(db, view.run.id):
        if name.startswith("eval_f1_") and name != _F1:
            values = dict(zip(*metrics.series(db, view.run.id, name), strict=True))
            found[name.removeprefix("eval_f1_")] = values.get(step, float("nan"))
    return found


def _tell_examples(home: Home, view: Overview, step: int, rows: _Rows) -> None:
    """The first held-out review of each class."""
    texts = dict(zip(*predictions.columns(predictions.rows_file(home.run(view.run.id)), "row", "text"), strict=True))
    for place in sorted({label: place for place, label in reversed(list(enumerate(rows.labels)))}.values())[:_EXAMPLES]:
        say(f"\n> {one_line(texts[rows.lines[place]], 160)}")
        say(f"  is {rows.labels[place]}   untuned {rows.untuned[place]}   tuned {rows.tuned[place]}")


DEMO = ClassificationDemo()
