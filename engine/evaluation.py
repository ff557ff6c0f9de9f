"""Evaluation on the held-out rows: the loss, the task's metrics, each row's prediction, and answers to the prompts."""

import contextlib
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn

from .generate import Speaker
from .loss import by_row
from .precision import Arithmetic
from .session import Session
from .tasks.example import Example
from .tasks.task import Prediction, Task


class Score(NamedTuple):
    """Mean loss of the items (nats, for the entropies), the task's metrics by name, and a prediction for each row."""

    loss: float
    metrics: dict[str, float]
    predictions: list[Prediction]


@contextlib.contextmanager
def evaluating(model: nn.Module, arithmetic: Arithmetic) -> Iterator[None]:
    """No dropout, no gradients, and the arithmetic of the training."""
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode(), torch.autocast(arithmetic.device, torch.bfloat16, enabled=arithmetic.bf16):
            yield
    finally:
        model.train(was_training)


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

    def score(self, model: nn.Module) -> Score:
        """Every item weighs the same, however the rows are batched.

        Raises StopRequested between two batches, when the run is to stop.
        """
        predictions: list[Prediction] = []
        with evaluating(model, self.arithmetic):
            for batch in self._batches():
                began = time.monotonic()
                predictions += self._judged(model, batch)
                self.session.beat(expect_seconds=10 + 5 * (time.monotonic() - began))
                self.session.check()
        # The loss is of the model's own examples; metrics are of rows, of which one may have made several.
        loss = mean_loss(predictions)
        rows = self.task.joined(self.examples, predictions)
        return Score(loss, self.task.metrics(rows), sorted(rows, key=lambda row: row["row"]))

    def answers(self, model: nn.Module, prompts: Sequence[str]) -> list[str]:
        """What the model makes of each prompt. Raises StopRequested."""
        self.session.beat(expect_seconds=120)
        with evaluating(model, self.arithmetic):
            return self.task.answers(Speaker(model, self.task.tokenizer, self.arithmetic, self.session), prompts)

    def _batches(self) -> Iterator[Sequence[Example]]:
        size = self.per_device_eval_batch_size
        for start in range(0, len(self.examples), size):
            yield self.examples[start : start + size]

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
