"""What a learning rate scheduler takes besides the number of updates."""

import inspect
import json
from collections.abc import Iterable
from typing import Any

import torch
from transformers import SchedulerType, get_scheduler
from transformers.optimization import TYPE_TO_SCHEDULER_FUNCTION

from ...store.errors import ConfigError

# Those come from other knobs.
OTHERS = {"optimizer", "num_warmup_steps", "num_training_steps", "last_epoch"}


def scheduler_kwargs(pairs: Iterable[str], lr_scheduler_type: str, learning_rate: float = 1e-4) -> dict[str, Any]:
    """The arguments that texts such as `min_lr_rate=0.1` mean, tried on the scheduler itself.

    Raises:
        ConfigError: a text is no pair, or the scheduler refuses what it says, or lacks something.
    """
    options = dict(_pair(text) for text in pairs)
    known = set(inspect.signature(TYPE_TO_SCHEDULER_FUNCTION[SchedulerType(lr_scheduler_type)]).parameters) - OTHERS
    if unknown := options.keys() - known:
        takes = f"It takes {', '.join(sorted(known))}." if known else "It takes nothing: leave them empty."
        raise _refused(f"{lr_scheduler_type} takes no {sorted(unknown)[0]}", takes)
    try:
        _try(lr_scheduler_type, options, learning_rate)
    except (TypeError, ValueError, AssertionError) as error:
        reason = next(iter(str(error).splitlines()), "").rstrip(".") or type(error).__name__
        raise _refused(f"{lr_scheduler_type}: {reason}", f"It takes {', '.join(sorted(known))}.") from error
    return options


def _try(lr_scheduler_type: str, options: dict[str, Any], learning_rate: float) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=learning_rate)
    # So many updates that num_decay_steps fits in; how many this run makes is known only once its rows are.
    scheduler = get_scheduler(lr_scheduler_type, optimizer, 0, 1_000_000, scheduler_specific_kwargs=options)
    shares = [share(update) for share in getattr(scheduler, "lr_lambdas", ()) for update in range(0, 1_000_000, 10_000)]
    if any(not 0 <= share <= 1 + 1e-6 for share in shares):
        raise ValueError(f"the learning rate would go to {max(shares, key=abs):g} times learning_rate")


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (equals and value and name.isidentifier()):
        raise _refused(f"{text or 'an empty text'} is not of the form name=value", "Such as min_lr_rate=0.1.")
    try:
        # NaN and Infinity stay texts, which every scheduler refuses.
        return name, json.loads(value, parse_constant=str)
    except json.JSONDecodeError:
        return name, value


def _refused(what: str, next_step: str) -> ConfigError:
    return ConfigError(f"lr_scheduler_kwargs: {what}.", next_step, field="lr_scheduler_kwargs")
