"""A running average of the trained weights, which often scores better than the last of them."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.optim import Optimizer
from torch.utils.hooks import RemovableHandle

from ...store.errors import StateError


class Average:
    """The exponential moving average of the trained weights (Polyak and Juditsky 1992), kept in fp32 beside them.

    After the n-th update, counted from 0, average += (1 - d) * (weight - average) with d = min(decay, (1+n)/(10+n)):
    the early weights are forgotten soon. Make it when the model is on its device; it costs 4 bytes a trained weight.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self._weights = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        # Not `.float()` alone: on fp32 that would be the weight itself.
        self._averages = {name: weight.detach().clone().float() for name, weight in self._weights.items()}

    def attach(self, optimizer: Optimizer) -> RemovableHandle:
        """Follow each update from now on."""
        return optimizer.register_step_post_hook(lambda *_: self.update())

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights as they are now."""
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, weight in self._weights.items():
            self._averages[name].lerp_(weight.float(), 1 - decay)
        self.updates += 1

    @contextlib.contextmanager
    def averaged(self) -> Iterator[None]:
        """The model with the averaged weights inside the block, to evaluate or export it; itself again after."""
        present = {name: weight.detach().clone() for name, weight in self._weights.items()}
        self._set(self._averages)
        try:
            yield
        finally:
            self._set(present)

    @torch.no_grad()
    def _set(self, values: dict[str, torch.Tensor]) -> None:
        for name, weight in self._weights.items():
            weight.copy_(values[name])

    def save(self, file: Path) -> None:
        """Write the averages and the count of updates as safetensors."""
        save_file(self._averages, file, metadata={"updates": str(self.updates)})

    def load(self, file: Path) -> None:
        """Go on from what `save` wrote.

        Raises:
            StateError: the file holds other weights than those that are trained.
        """
        with safe_open(file, framework="pt") as saved:
            if set(saved.keys()) != self._averages.keys():
                raise StateError(
                    f"{file} holds the average of other weights.", "Start a new run, or set ema_decay to 0."
                )
            for name, average in self._averages.items():
                average.copy_(saved.get_tensor(name))
            self.updates = int(saved.metadata()["updates"])
