"""The optimizer that a run asked for, over its groups of weights."""

from typing import Any

import torch
from torch import nn
from transformers import Trainer, TrainingArguments

from ...store.errors import ConfigError
from .groups import parameter_groups

# Where Trainer puts what an optimizer has grouped by itself: GaLore and APOLLO, LOMO, and the layer-wise ones.
OWN_GROUPS = ("params", "model", "optimizer_dict")
_FUSED_ON = ("cpu", "cuda")


def optimizer_cls_and_kwargs(
    model: nn.Module, args: TrainingArguments, layerwise_lr_decay: float = 1.0
) -> tuple[Any, dict[str, Any]]:
    """The class and arguments of `args.optim`, our groups among them: Trainer's `optimizer_cls_and_kwargs`.

    Trainer makes the optimizer of them, so that all its names work, and what it does besides (32 bits for the
    embeddings under an 8-bit optimizer).

    Raises:
        ConfigError: the optimizer can't be had here, or groups the weights by itself.
    """
    name = str(getattr(args.optim, "value", args.optim))
    try:
        made, options = Trainer.get_optimizer_cls_and_kwargs(args, model)  # pyright: ignore[reportArgumentType]
    except (ImportError, ValueError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise ConfigError(f"optim is {name}: {reason}.", "adamw_torch is always there.", field="optim") from error
    if any(own in options for own in OWN_GROUPS):
        if layerwise_lr_decay != 1:
            raise ConfigError(
                f"layerwise_lr_decay is {layerwise_lr_decay:g}, and {name} groups the weights by itself.",
                "Choose another optim, or a layerwise_lr_decay of 1.",
                field="layerwise_lr_decay",
            )
        return made, options
    if made is torch.optim.AdamW and next(model.parameters()).device.type in _FUSED_ON:
        # The same update in one pass over the memory: MiniLM's takes 90 ms of a processor instead of 430.
        options = options | {"fused": True}
    return made, options | {
        "params": parameter_groups(model, args.learning_rate, args.weight_decay, layerwise_lr_decay)
    }
