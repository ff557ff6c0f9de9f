"""The memory that a run will take on its device, by kind."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from torch import Tensor

from ...store.config import RunConfig
from ..methods.parts import base_model
from ..model.precision import Arithmetic
from ..tasks.task import Task
from .activations import activation_bytes
from .skeleton import Skeleton

# What the libraries take before there is a model: resident after their imports (440 MB were measured), or CUDA's
# context and the workspaces of its products.
FRAMEWORK_BYTES = {"cpu": 450_000_000, "mps": 450_000_000, "cuda": 700_000_000}
# On top of what is saved: gradients of activations, and gaps between tensors. Beside SmolLM2 with LoRA and MiniLM in
# full, in bf16 and fp32, 1.15 to 1.25 of what was counted came to what the process took.
SPARE = 1.2
# A processor takes the attention that it measured to be faster, for rows up to so many tokens mostly plain products.
PLAIN_UP_TO = 1024


class MemoryUse(NamedTuple):
    """Bytes of each kind."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    framework: int


def use(
    config: RunConfig, task: Task, made: Skeleton, batches: Iterable[Mapping[str, Tensor]], arithmetic: Arithmetic
) -> MemoryUse:
    """What training takes at its highest, when the backward pass over the largest of the batches begins."""
    batches = list(batches)
    longest = max(batch["input_ids"].shape[1] for batch in batches)
    if arithmetic.device == "cpu" and longest <= PLAIN_UP_TO:
        base_model(made.model).set_attn_implementation("eager")
    checkpointing = config.gradient_checkpointing == "on"
    passes = 2 if config.r_drop_alpha else 1
    counted = (activation_bytes(made.model, task, batch, arithmetic, checkpointing=checkpointing) for batch in batches)
    return MemoryUse(
        weights=made.weight_bytes,
        gradients=made.gradient_bytes,
        optimizer=made.optimizer_bytes(config.optim),
        activations=int(SPARE * passes * max(counted)),
        framework=FRAMEWORK_BYTES[arithmetic.device],
    )
