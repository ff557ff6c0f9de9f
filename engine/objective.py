"""What an update lowers: the task's loss, smoothed and regularised as the knobs say."""

from collections.abc import Mapping

from torch import Tensor, nn

from .tasks.task import Task


def training_loss(task: Task, model: nn.Module, batch: Mapping[str, Tensor]) -> Tensor:
    """The loss summed over the items of the batch, a scalar; to be divided by what they weigh."""
    smoothing = task.config.label_smoothing_factor
    return task.losses(task.score(model, batch), label_smoothing_factor=smoothing).losses.sum()
