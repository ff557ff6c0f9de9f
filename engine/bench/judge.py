"""The same judge for all: the loss on the held-out rows, of the weights as each contender left them."""

import math
from functools import partial
from pathlib import Path

import torch
from peft import PeftModel
from torch import nn

from ...store.config import RunConfig
from ..model import models
from ..model.models import ModelSource
from ..model.precision import Arithmetic
from ..outputs.evaluating import evaluating
from ..outputs.loss import by_row
from . import flops, peer
from .peer import Rows

_ARITHMETIC = Arithmetic("cpu", bf16=False, reason="the judge computes in fp32")


class Judge:
    """Scores weights in fp32, and knows how much arithmetic a token of the work needs."""

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.rows = Rows(config)
        self._held_out = self.rows.task.encode_all(self.rows.split.evaluation).examples

    def loss(self, weights: Path) -> float:
        """The mean over everything that is trained in the held-out rows, in nats where that is an entropy."""
        model, task, size = self._loaded(weights), self.rows.task, self.config.per_device_eval_batch_size
        losses, weight = list[float](), list[float]()
        with evaluating(model, _ARITHMETIC):
            for start in range(0, len(self._held_out), size):
                batch = task.collate(self._held_out[start : start + size])
                scored = task.score(model, batch)
                found, weighs = by_row(scored, task.losses(scored), len(batch["input_ids"]))
                losses += found.tolist()
                weight += weighs.tolist()
        return math.fsum(losses) / math.fsum(weight)

    def _loaded(self, weights: Path) -> nn.Module:
        task = self.rows.task
        load = partial(
            models.load_with_gaps, dtype=torch.float32, auto_class=task.auto_class, options=task.model_options()
        )
        if (weights / "adapter_config.json").exists():
            return PeftModel.from_pretrained(load(self.rows.source)[0], str(weights))
        return load(ModelSource(str(weights)))[0]

    def flops(self) -> float:
        """Of one token that is read of the training rows."""
        examples = self.rows.examples()
        tokens = sum(len(example.input_ids) for example in examples)
        trained = sum(example.trained_tokens for example in examples if isinstance(example.labels, list))
        model = peer.trainable(self.rows, self.config)
        return flops.needed(model, mean_length=tokens / len(examples), trained_share=trained / tokens)
