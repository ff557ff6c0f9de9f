"""Evaluation on the held-out rows: the loss, the task's metrics, each row's prediction, and answers to the prompts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

from torch import nn

from ..encoding.example import Example
from ..model.precision import Arithmetic
from ..outputs.evaluating import evaluating
from ..outputs.generate import Speaker
from ..outputs.loss import by_row
from ..outputs.portions import Portions
from ..session import Session
from ..tasks.task import Prediction, Task


class Score(NamedTuple):
    """Mean loss of the items (nats, for the entropies), the task's metrics by name, and a prediction for each row."""

    loss: float
    metrics: dict[str, float]
    predictions: list[Prediction]


@dataclass
class Evaluation:
    """Scores a model on the same examples each time, longest first: a batch that doesn't fit fails at once."""

    task: Task
    examples: Sequence[Example]
    per_device_eval_batch_size: int
    arithmetic: Arithmetic
    session: Session

    def __post_init__(self) -> None:
        self.examples = sorted(self.examples, key=lambda example: len(example.input_ids), reverse=True)
        self._portions = Portions(self.per_device_eval_batch_size, self.arithmetic.device, self.session)

    def score(self, model: nn.Module) -> Score:
        """Every item weighs the same, however the rows are batched.

        Raises StopRequested between two batches, when the run is to stop.
        """
        predictions: list[Prediction] = []
        with evaluating(model, self.arithmetic):
            for judged in self._portions.of(self.examples, partial(self._judged, model)):
                predictions += judged
        # The loss is of the model's own examples; metrics are of rows, of which one may have made several.
        loss = mean_loss(predictions)
        rows = self.task.joined(self.examples, predictions)
        return Score(loss, self.task.metrics(rows), sorted(rows, key=lambda row: row["row"]))

    def answers(self, model: nn.Module, prompts: Sequence[str]) -> list[str]:
        """What the model makes of each prompt. Raises StopRequested."""
        self.session.beat(expect_seconds=120)
        speaker = Speaker(model, self.task.tokenizer, self.arithmetic, self.session)
        with evaluating(model, self.arithmetic):
            return list(chain.from_iterable(self._portions.of(prompts, partial(self.task.answers, speaker))))

    def _judged(self, model: nn.Module, examples: Sequence[Example]) -> list[Prediction]:
        batch = {name: tensor.to(self.arithmetic.device) for name, tensor in self.task.collate(examples).items()}
        scored = self.task.score(model, batch)
        losses, weights = by_row(scored, self.task.losses(scored), len(examples))
        told = self.task.predictions(model, scored, batch)
        return [
            {"row": example.line, "loss": loss / weight if weight else math.nan, "weight": weight} | prediction
            for example, loss, weight, prediction in zip(examples, losses.tolist(), weights.tolist(), told, strict=True)
        ]


def mean_loss(predictions: Sequence[Prediction]) -> float:
    """The loss of all items together; NaN where there is none."""
    weight = math.fsum(prediction["weight"] for prediction in predictions)
    total = math.fsum(prediction["loss"] * prediction["weight"] for prediction in predictions if prediction["weight"])
    return total / weight if weight else math.nan
