"""Parts of a model that stay as they are while the rest is trained."""

from collections.abc import Iterable
from typing import Literal

from torch import nn

from ...store.errors import ConfigError
from .parts import parts


def freeze(model: nn.Module, what: Literal["nothing", "embeddings", "all-but-head"], first_layers: int) -> str:
    """Take parts of the model out of the training, and say which; the empty text where nothing is frozen.

    `first_layers` blocks count from below, the encoder's before the decoder's, and take the embeddings with them.

    Raises:
        ConfigError: the model has fewer blocks, or nothing would be left to train.
    """
    found = parts(model)
    if first_layers > len(found.blocks):
        raise ConfigError(
            f"freeze_layers is {first_layers}: the model has {len(found.blocks)} layers.",
            f"Freeze at most {len(found.blocks)}.",
            field="freeze_layers",
        )
    tied = " (the head shares their weights)" if found.are_tied else ""
    if what == "all-but-head":
        said = "all but the head is frozen" + (" (it shares its weights with the embeddings)" if tied else "")
        _stop(weight for weight in model.parameters() if weight not in found.head)
    elif what == "embeddings" or first_layers:
        blocks = f" and the first {first_layers} of {len(found.blocks)} layers" if first_layers else ""
        said = f"the embeddings{tied}{blocks} are frozen"
        _stop(found.embeddings)
        for block in found.blocks[:first_layers]:
            _stop(block.parameters())
    else:
        return ""
    if not any(weight.requires_grad for weight in model.parameters()):
        raise ConfigError(f"{said}: nothing is left to train.", "Freeze less.", field="freeze")
    return said


def _stop(weights: Iterable[nn.Parameter]) -> None:
    for weight in weights:
        weight.requires_grad_(False)
