"""The learning-rate range test: a training whose rate rises from update to update, and that keeps no weights."""

import json
import shutil
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from ...store import lr_curve
from ...store.config import RunConfig
from ...store.lr_curve import KIND, Span
from ..batching.material import Material
from ..model.precision import Arithmetic
from ..outputs.evaluating import evaluating
from ..result import Outcome
from ..session import Session
from .starting import Start
from .trainer import TuneTrainer

__all__ = ["KIND", "find"]

# An average of the weights is of use to evaluations only; the schedule, checked when the run is made, is our own; and
# so few updates would not pay for a compilation.
_CHANGES = {"ema_decay": 0.0, "warmup_steps": 0, "torch_compile": "off"}


def find(start: Start, config: RunConfig, material: Material, arithmetic: Arithmetic, session: Session) -> Outcome:
    """Train with the run's own batches, method and optimizer, and suggest a rate; nothing is evaluated or saved."""
    began = time.monotonic()
    span = Span(**json.loads(session.run.options or "{}"))
    trainer = RangeTrainer(start, config, material, arithmetic, session, span)
    trainer.tune(None)
    # Where an adapter was merged for the test, the result of that is of no further use.
    shutil.rmtree(session.folder.base, ignore_errors=True)
    made = len(trainer.losses)
    summary: dict[str, object] = {"steps": made, "seconds": round(time.monotonic() - began, 1)}
    if not trainer.is_over:
        return Outcome("stopped", f"you stopped it after {made} of {span.steps} updates", summary)
    found = lr_curve.suggestion(trainer.losses, span)
    return Outcome("completed", found.sentence, summary | found.facts)


class RangeTrainer(TuneTrainer):
    """Goes up through the rates, until they end or the loss has broken down.

    Batches differ more than learning makes a difference: those of SmolLM2 on short answers by 1.4 nats around a fall of
    0.7. So each update's loss is held against what the base makes of the same rows, which takes a third more time.
    """

    def __init__(
        self,
        start: Start,
        config: RunConfig,
        material: Material,
        arithmetic: Arithmetic,
        session: Session,
        span: Span,
    ) -> None:
        self.rates, self.losses = span.rates(), list[float]()
        self._base = list[float]()
        changes = _CHANGES | {"max_steps": span.steps}
        super().__init__(start, config.model_copy(update=changes), material, arithmetic, session)

    def tune(self, start: Path | None) -> None:
        """Score the base on the rows of every update, then make the updates. Raises StopRequested."""
        self.session.enter("scoring the base", expect_seconds=120)
        with evaluating(self.tuned, self.arithmetic):
            for numbers in islice(self._to_come(), len(self.rates)):
                self._base.append(self.memory.fitting(self._scored_base, numbers))
                self.session.check()
        super().tune(start)

    def _to_come(self) -> Iterator[list[int]]:
        """The rows of each update, from epoch to epoch."""
        for epoch in count():
            self.feed.updates.set_epoch(epoch)
            yield from self.feed.updates

    def _scored_base(self, numbers: list[int], tokens_at_once: int) -> float:
        batches = [self._prepare_inputs(self.feed.batch(part)) for part in self.feed.parts(numbers, tokens_at_once)]
        weight = torch.stack([self.task.weight(batch) for batch in batches]).sum()
        return float(sum(self.compute_loss(self.tuned, batch, num_items_in_batch=weight) for batch in batches))

    @property
    def is_over(self) -> bool:
        """Whether the test needs no further update."""
        return len(self.losses) == len(self.rates) or lr_curve.has_diverged(self.losses)

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> LambdaLR:
        """Every group's rate in its proportion to the configured learning_rate, as layerwise_lr_decay has it."""
        self.lr_scheduler = LambdaLR(cast(Optimizer, optimizer or self.optimizer), self._share)
        return self.lr_scheduler

    def _share(self, update: int) -> float:
        # Asked once more after the last update, for one that is never made.
        return float(self.rates[min(update, len(self.rates) - 1)]) / self.config.learning_rate

    def log(self, logs: dict[str, float], *args: Any, **kwargs: Any) -> None:
        """Report the update, and stop where the loss has broken down."""
        super().log(logs, *args, **kwargs)
        if "loss" in logs:
            self.losses.append(lr_curve.adjusted(logs["loss"], len(self.losses), self._base))
            self.session.measure(**{lr_curve.METRIC: self.losses[-1]})
            self.control.should_training_stop |= self.is_over

    def evaluate(self, *args: Any, **kwargs: Any) -> dict[str, float]:
        """Nothing: the losses of the updates are what is looked for."""
        return {}

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        """Nothing: these weights are of no use to anybody."""
