"""The state in which a model is asked, not taught."""

import contextlib
from collections.abc import Iterator

import torch
from torch import nn

from ..model.precision import Arithmetic


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
