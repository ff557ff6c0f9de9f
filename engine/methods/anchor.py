"""A pull of the trained weights towards where they started: L2-SP."""

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.hooks import RemovableHandle

from .parts import own_name


class Anchor:
    """Decay towards the starting weights w0 instead of towards 0 (L2-SP, Li, Grandvalet and Davoine, ICML 2018).

    The paper adds alpha/2 * ||w - w0||^2 to the loss. Here each update begins with w -= lr * alpha * (w - w0): for SGD
    that is the same, for Adam it is decoupled from the gradient's scale as AdamW's decay is (Loshchilov and Hutter
    2019), and the losses of runs with and without it can be compared.

    Make it before a checkpoint is loaded: w0 is what the weights are now. It costs the memory of the trained weights
    once more, 4 bytes each. Of an adapter the matrices are pulled to their start, where their product adds nothing.
    """

    def __init__(self, model: nn.Module, alpha: float, new_weights: frozenset[str] = frozenset()) -> None:
        """`new_weights` names the model's parameters without a start, as a new head's: weight_decay holds them."""
        self.alpha = alpha
        self._start: dict[Tensor, Tensor] = {
            weight: weight.detach().clone()
            for name, weight in model.named_parameters()
            if weight.requires_grad and own_name(name) not in new_weights
        }

    def attach(self, optimizer: Optimizer) -> RemovableHandle:
        """Pull before each update from now on."""
        return optimizer.register_step_pre_hook(lambda optimizer, *_: self.pull(optimizer))

    @torch.no_grad()
    def pull(self, optimizer: Optimizer) -> None:
        """Move every weight the share lr * alpha of the way to its start, at the rate of its group."""
        for group in optimizer.param_groups:
            share = min(group["lr"] * self.alpha, 1.0)
            for weight in group["params"]:
                if weight in self._start:
                    weight.lerp_(self._start[weight], share)
