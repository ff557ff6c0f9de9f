"""Gain and retention in one sentence."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Retention:
    """What became of the general texts: the rise of their loss and half its 95% interval (nats), or the drift."""

    loss_change: float | None = None
    margin: float = 0.0
    drift: float | None = None


def sentence(task_gain: float, gain_name: str, retention: Retention) -> str:
    """For example "gained 0.21 loss on the task, lost 0.03 on general text".

    `task_gain` is positive where the task got better, in the unit that `gain_name` names: for a loss, base - now.
    """
    return f"{_task(task_gain, gain_name)}, {_general(retention)}"


def _task(gain: float, name: str) -> str:
    if not math.isfinite(gain):
        return f"the {name} on the task is not a number"
    if gain == 0:
        return f"the {name} on the task stayed the same"
    return f"{'gained' if gain > 0 else 'lost'} {_amount(gain)} {name} on the task"


def _general(retention: Retention) -> str:
    change = retention.loss_change
    if change is None:
        return _embeddings(retention.drift)
    if not math.isfinite(change):
        return "the loss on general text is not a number"
    if abs(change) <= retention.margin:
        sign = "-" if change < 0 else "+"
        return f"no clear change on general text ({sign}{_amount(change)}, within {_noise(retention.margin)})"
    return f"{'lost' if change > 0 else 'gained'} {_amount(change)} on general text"


def _embeddings(drift: float | None) -> str:
    if drift is None or not math.isfinite(drift):
        return "the embeddings of general text are not numbers"
    return f"the embeddings of general text moved by {drift:.2f} (cosine)"


def _noise(margin: float) -> str:
    return f"a noise of {_amount(margin)}" if math.isfinite(margin) else "the noise of a single text"


def _amount(value: float) -> str:
    """Two decimals, or one digit that is not 0 where they would hide the value."""
    return f"{abs(value):.2f}" if abs(value) >= 0.005 else f"{abs(value):.1g}"
