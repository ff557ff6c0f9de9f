"""Noise on the token embeddings while training: NEFTune."""

from torch import nn
from transformers import PreTrainedModel
from transformers.integrations.neftune import neftune_post_forward_hook

from .parts import base_model


def add_noise(model: nn.Module, neftune_noise_alpha: float) -> None:
    """Add uniform noise of at most alpha / sqrt(length * width) to the embeddings in training mode, for good.

    NEFTune, Jain et al. 2023 (arXiv 2310.05914). Trainer's own knob hooks `get_input_embeddings()`, which encoder and
    decoder of T5 and BART do not call: each has a table of its own, tied to it by weight. Here all of them are hooked.
    """
    for table in _tables(base_model(model)):
        table.neftune_noise_alpha = neftune_noise_alpha  # pyright: ignore[reportAttributeAccessIssue, reportArgumentType]
        table.register_forward_hook(neftune_post_forward_hook)


def _tables(model: PreTrainedModel) -> list[nn.Module]:
    tokens = model.get_input_embeddings().weight
    return [table for table in model.modules() if isinstance(table, nn.Embedding) and table.weight is tokens]
