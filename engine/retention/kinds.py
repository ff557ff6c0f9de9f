"""What of a text a model can be measured on."""

from typing import Literal

from torch import nn
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
)

from ..methods.parts import base_model

# A causal model predicts each next token, an encoder-decoder the second half from the first; others only read.
Kind = Literal["next-token", "second-half", "embedding"]


def kind_of(model: nn.Module) -> Kind:
    """Told by the model's class, as one family has heads of several kinds."""
    name = type(base_model(model)).__name__
    if name in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES.values():
        return "second-half"
    return "next-token" if name in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values() else "embedding"
