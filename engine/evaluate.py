"""Evaluation on the held-out rows: loss and accuracy over all their trained tokens."""

import contextlib
import math
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from peft import PeftModel
from torch import Tensor, nn

from .loss import token_loss
from .precision import Arithmetic
from .session import Session


class Score(NamedTuple):
    """Mean cross-entropy per trained token in nats, and the share of them predicted right."""

    loss: float
    token_accuracy: float


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


def base_weights(model: nn.Module) -> contextlib.AbstractContextManager[None]:
    """The model as it was before its adapter, inside the block."""
    return model.disable_adapter() if isinstance(model, PeftModel) else contextlib.nullcontext()


def score(model: nn.Module, batches: Iterable[dict[str, Tensor]], arithmetic: Arithmetic, session: Session) -> Score:
    """Score the model on the batches; every token weighs the same, however the rows are batched.

    Raises:
        StopRequested: between two batches, when the run is to stop.
    """
    total, tokens, correct = 0.0, 0, 0
    with evaluating(model, arithmetic):
        for batch in batches:
            began = time.monotonic()
            part = token_loss(model, **{name: tensor.to(arithmetic.device) for name, tensor in batch.items()})
            total, tokens, correct = total + part.total.item(), tokens + int(part.tokens), correct + int(part.correct)
            session.beat(expect_seconds=10 + 5 * (time.monotonic() - began))
            session.check()
    return Score(total / tokens, correct / tokens) if tokens else Score(math.nan, math.nan)
