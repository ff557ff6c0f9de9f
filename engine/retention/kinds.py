"""What of a text a model can be measured on."""

from typing import Literal, cast

from accelerate.utils import extract_model_from_parallel
from peft import PeftMixedModel, PeftModel
from torch import nn
from transformers import PreTrainedModel
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
)

# A causal model predicts each next token, an encoder-decoder the second half from the first; others only read.
Kind = Literal["next-token", "second-half", "embedding"]


def kind_of(model: nn.Module) -> Kind:
    """Told by the model's class, as one family has heads of several kinds."""
    name = type(without_wrappers(model)).__name__
    if name in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES.values():
        return "second-half"
    return "next-token" if name in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values() else "embedding"


def without_wrappers(model: nn.Module) -> PreTrainedModel:
    """The transformers model itself; its adapters stay in it and at work."""
    inner = extract_model_from_parallel(model, keep_torch_compile=False)
    return cast(PreTrainedModel, inner.get_base_model() if isinstance(inner, PeftModel | PeftMixedModel) else inner)
