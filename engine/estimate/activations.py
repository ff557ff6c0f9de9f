"""What a batch leaves in memory for the backward pass, counted on tensors that have a shape and no numbers."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch._subclasses.fake_tensor import DataDependentOutputException, DynamicOutputShapeException, FakeTensorMode
from torch.func import functional_call
from transformers import PreTrainedModel

from ..encoding.example import IGNORED
from ..methods.adapter import Trainable
from ..methods.parts import base_model, parts
from ..model.precision import Arithmetic
from ..tasks.task import Task, inputs_of
from .formula import block_bytes

# Per score: the copy in fp32, its log-softmax, and the gradient of that (engine/outputs/loss.py).
_LOSS_BYTES = 12


def activation_bytes(
    model: Trainable, task: Task, batch: Mapping[str, Tensor], arithmetic: Arithmetic, *, checkpointing: bool
) -> int:
    """Bytes that are alive when the backward pass over the batch begins; `model` is on the meta device.

    With gradient checkpointing a block keeps its input alone, and one block's insides are there at a time (Chen et al.
    2016).
    """
    base = base_model(model)
    try:
        saved = _saved_bytes(model, _inputs(task, batch), arithmetic)
    # What a classifier of T5 does depends on the ids, which are not there.
    except (DataDependentOutputException, DynamicOutputShapeException):
        saved = block_bytes(batch["input_ids"].numel(), _hidden(base), len(parts(model).blocks))
    if checkpointing:
        blocks = len(parts(model).blocks)
        saved = saved // blocks + blocks * batch["input_ids"].numel() * _hidden(base) * arithmetic.dtype.itemsize
    return saved + _score_bytes(base, task, batch["labels"], arithmetic.dtype.itemsize)


def _hidden(model: PreTrainedModel) -> int:
    config = model.config.get_text_config()
    return int(getattr(config, "hidden_size", 0) or getattr(config, "d_model", 0))


def _inputs(task: Task, batch: Mapping[str, Tensor]) -> dict[str, Any]:
    """What the model is called with, but that a language model scores one place: the others are counted by formula."""
    if task.peft_type == "CAUSAL_LM":
        return inputs_of(batch) | {"logits_to_keep": 1, "use_cache": False}
    if task.peft_type == "SEQ_2_SEQ_LM":
        return inputs_of(batch) | {"decoder_input_ids": batch["labels"], "use_cache": False}
    return inputs_of(batch)


def _saved_bytes(model: Trainable, inputs: Mapping[str, Any], arithmetic: Arithmetic) -> int:
    """The distinct storages that autograd saves in a forward pass, those of weights and inputs not among them."""
    # Fake tensors of MPS there are none; its arithmetic is that of a processor in fp32.
    device = "cuda" if arithmetic.device == "cuda" else "cpu"
    saved: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        saved[storage._cdata] = storage
        return tensor

    was_training = model.training
    model.train()
    with FakeTensorMode():
        known = {
            name: torch.empty(weight.shape, dtype=weight.dtype, device=device, requires_grad=weight.requires_grad)
            for name, weight in (*model.named_parameters(), *model.named_buffers())
        }
        given = {name: _fake(value, device) for name, value in inputs.items()}
        hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor)
        with hooks, torch.autocast(device, torch.bfloat16, enabled=arithmetic.bf16):
            functional_call(model, known, kwargs=given)
        own = {value.untyped_storage()._cdata for value in (*known.values(), *given.values()) if torch.is_tensor(value)}
        total = sum(storage.nbytes() for key, storage in saved.items() if key not in own)
    model.train(was_training)
    return total


def _fake(value: Any, device: str) -> Any:
    return torch.empty(value.shape, dtype=value.dtype, device=device) if isinstance(value, Tensor) else value


def _score_bytes(model: PreTrainedModel, task: Task, labels: Tensor, item_bytes: int) -> int:
    """The scores of a language model, which are made only where some row is trained, and in fp32 where this one is."""
    if task.peft_type not in ("CAUSAL_LM", "SEQ_2_SEQ_LM"):
        return 0
    trained = labels != IGNORED
    # A decoder's label is predicted a place before, so its first column scores nothing.
    places = trained[:, 1:].any(dim=0).sum() * len(labels) if task.peft_type == "CAUSAL_LM" else trained.numel()
    vocabulary = int(model.config.get_text_config().vocab_size)
    # The scores and their gradient are in the model's arithmetic.
    return int(vocabulary * (2 * item_bytes * places + _LOSS_BYTES * trained.sum()))
