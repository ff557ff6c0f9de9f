"""Memory that is scarce: on a processor the kernel would end the test, so what is kept is counted, and refused."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.autograd.graph import saved_tensors_hooks


@dataclass
class Activations:
    """How many bytes wait for a backward pass now, and the most that ever did."""

    limit: float
    now: int = 0
    peak: int = 0


class Kept:
    """One tensor that waits for its backward pass."""

    def __init__(self, tensor: torch.Tensor, activations: Activations) -> None:
        # Detached: what an operation returns knows the operation, and would be kept by itself for good.
        self.tensor, self.activations = tensor.detach(), activations
        activations.now += tensor.nbytes
        activations.peak = max(activations.peak, activations.now)

    def __del__(self) -> None:
        self.activations.now -= self.tensor.nbytes


@contextlib.contextmanager
def activations_of_up_to(limit: float) -> Iterator[Activations]:
    """Inside the block forward passes that keep more bytes than that for their backward pass run out of memory."""
    activations = Activations(limit)

    def keep(tensor: torch.Tensor) -> Kept:
        if activations.now + tensor.nbytes > activations.limit:
            raise torch.OutOfMemoryError(f"CUDA out of memory. Tried to allocate {tensor.nbytes} bytes.")
        return Kept(tensor, activations)

    with saved_tensors_hooks(keep, lambda kept: kept.tensor):
        yield activations


@contextlib.contextmanager
def evaluations_of_up_to(tokens: int) -> Iterator[None]:
    """Inside the block a model that does not train runs out of memory when it reads more tokens than that at once."""

    def read(module: nn.Module, inputs: tuple[Any, ...]) -> None:
        if isinstance(module, nn.Embedding) and not torch.is_grad_enabled() and inputs[0].numel() > tokens:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1 GiB.")

    hook = nn.modules.module.register_module_forward_pre_hook(read)
    try:
        yield
    finally:
        hook.remove()


@contextlib.contextmanager
def backward_passes_break_once() -> Iterator[None]:
    """Inside the block the first backward pass runs out of memory half-way, when some weights have their gradients."""
    passed: list[torch.Tensor] = []

    def pass_back(gradient: torch.Tensor) -> None:
        passed.append(gradient)
        if len(passed) == 5:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1 GiB.")

    def watch(module: nn.Module, inputs: object, output: Any) -> None:
        if isinstance(module, nn.Linear) and output.requires_grad:
            output.register_hook(pass_back)

    hook = nn.modules.module.register_module_forward_hook(watch)
    try:
        yield
    finally:
        hook.remove()
    assert len(passed) > 5
