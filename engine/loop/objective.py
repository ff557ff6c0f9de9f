"""What an update lowers: the task's loss, smoothed and regularised as the knobs say."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from ..methods.rdrop import symmetric_kl
from ..outputs.loss import Scored
from ..tasks.task import Task


def training_loss(task: Task, model: nn.Module, batch: Mapping[str, Tensor]) -> Tensor:
    """The loss summed over the items of the batch, a scalar; to be divided by what they weigh."""
    scored = task.score(model, batch)
    total = _summed(task, scored)
    alpha = task.config.r_drop_alpha
    if not alpha or task.objective == "mean_squared_error":
        return total
    again = task.score(model, batch)
    # R-Drop's own loss is twice this: so the step is as long as without it.
    return (total + _summed(task, again)) / 2 + alpha / 2 * _disagreement(scored, again)


def _summed(task: Task, scored: Scored) -> Tensor:
    return task.losses(scored, label_smoothing_factor=task.config.label_smoothing_factor).losses.sum()


def _disagreement(one: Scored, other: Scored) -> Tensor:
    """Of two passes over the same items; where each class stands by itself, of its yes and no."""
    if one.targets.dim() == 1:
        return symmetric_kl(one.scores, other.scores)
    return symmetric_kl(_yes_and_no(one.scores), _yes_and_no(other.scores)) / one.scores.shape[1]


def _yes_and_no(scores: Tensor) -> Tensor:
    """The logit z of each class as the two logits (z, 0), whose softmax is the sigmoid of z."""
    return torch.stack([scores, torch.zeros_like(scores)], dim=-1).flatten(0, 1)
