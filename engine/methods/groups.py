"""Groups of weights that an optimizer treats alike: one learning rate, and with or without weight decay."""

from collections import defaultdict
from typing import TypedDict

from torch import nn

from .parts import levels


class Group(TypedDict):
    """A group as torch's optimizers take it."""

    params: list[nn.Parameter]
    lr: float
    weight_decay: float


def parameter_groups(
    model: nn.Module, learning_rate: float, weight_decay: float, layerwise_lr_decay: float = 1.0
) -> list[Group]:
    """Every trained weight in exactly one group, the highest learning rate first.

    What is made of one dimension, biases and norms, does not decay. With a `layerwise_lr_decay` under 1 each layer
    learns at that share of the rate of the layer above: rate * decay ** d, with d = 0 for the highest that is trained
    (head, pooler and last norm) and the most for the embeddings (ULMFiT, Howard and Ruder 2018; ELECTRA, Clark et al.
    2020). The blocks of a decoder count as above those of its encoder.
    """
    height = levels(model)
    trained = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
    top = max((height[name] for name, _ in trained), default=0)
    members: dict[tuple[int, bool], list[nn.Parameter]] = defaultdict(list)
    for name, weight in trained:
        below = 0 if layerwise_lr_decay == 1 else top - height[name]
        members[below, weight.ndim < 2].append(weight)
    return [
        Group(
            params=weights,
            lr=learning_rate * layerwise_lr_decay**below,
            weight_decay=0.0 if is_flat else weight_decay,
        )
        for (below, is_flat), weights in sorted(members.items(), key=lambda item: item[0])
    ]
