"""The whole of a model beneath its head, where none of it is trained, and how it computes then."""

from typing import Any

from peft import PeftModel
from torch import nn

from .parts import base_model


def frozen_backbone(model: nn.Module) -> nn.Module | None:
    """What lies beneath the head, as transformers divides the model; None where some of it is trained.

    None too where there is no such part, as in a T5 that writes. What an adapter trains may lie anywhere.
    """
    whole = base_model(model)
    backbone = whole.base_model
    is_trained = any(weight.requires_grad for weight in backbone.parameters())
    return None if isinstance(model, PeftModel) or backbone is whole or is_trained else backbone


def keep_still(backbone: nn.Module) -> None:
    """Have it compute without dropout in training too, for good.

    A linear probe reads what the model makes of a row, not what is left of that by chance: as where features are
    computed first and a classifier is fitted to them (Alain and Bengio 2016, arXiv 1610.01644). Tables of embeddings
    have no dropout of their own; NEFTune's noise hangs on their being in training.
    """
    backbone.register_forward_pre_hook(_stop)


def _stop(backbone: nn.Module, arguments: Any) -> None:
    for module in backbone.modules():
        if not isinstance(module, nn.Embedding):
            module.training = False
