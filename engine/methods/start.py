"""Where the matrices of PiSSA and OLoRA start: at a part of the base, which is taken out of it.

PiSSA (Meng et al. 2024) and OLoRA (Büyükakyüz 2024) set A0 and B0 to a part of a weight W and train on the rest,
W - s B0 A0. What is learnt is s (B A - B0 A0), and that is a plain adapter of twice the rank on W itself:
s [B, -B0] [A; A0]. In this form it is saved: any peft lays it on the base as it was published, and a resume finds A0
and B0 in it, without a second decomposition that could differ in a sign.
"""

import copy
import re
from collections.abc import Iterator

import torch
from peft import LoraConfig, PeftModel
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

from ...store.errors import ConfigError

CHANGE_THE_BASE = ("pissa", "pissa_niter_4", "olora")
ADAPTER = "default"
# A and B as they are saved, of linear layers and of embeddings, and where their rank lies.
MATRICES = re.compile(r"\.lora_(?:embedding_)?([AB])(?:\.weight)?$")
RANK_DIM = {"A": 0, "B": 1}

Weights = dict[str, Tensor]


def of(model: nn.Module) -> Weights:
    """The values the adapter began with, by the names they are saved under; empty where the base is unchanged."""
    return getattr(model, "adapter_start", {})


def decompose(model: PeftModel, how: str) -> Weights:
    """A0 and B0 of every linear layer, by peft's own decomposition; the base stays as it is.

    Raises:
        ConfigError: a layer has a smaller rank than the adapter, or OLoRA meets GPT-2's transposed layers.
    """
    found: Weights = {}
    for name, layer, base in _linear_layers(model):
        _check(how, name, layer.r[ADAPTER], base)
        weight = base.weight.data.clone()
        layer.olora_init(ADAPTER) if how == "olora" else layer.pissa_init(ADAPTER, how)
        base.weight.data = weight
        for matrix in ("lora_A", "lora_B"):
            found[f"{name}.{matrix}.weight"] = getattr(layer, matrix)[ADAPTER].weight.detach().clone().contiguous()
    return found


def _linear_layers(model: PeftModel) -> Iterator[tuple[str, LoraLayer, nn.Linear | Conv1D]]:
    for name, layer in model.named_modules():
        base = layer.get_base_layer() if isinstance(layer, LoraLayer) else None
        if isinstance(layer, LoraLayer) and isinstance(base, nn.Linear | Conv1D):
            yield name, layer, base


def _check(how: str, name: str, r: int, base: nn.Linear | Conv1D) -> None:
    short = name.removeprefix("base_model.model.")
    if how == "olora" and isinstance(base, Conv1D):
        raise ConfigError(
            f"init_lora_weights is olora: it can't start in {short}, whose weights lie transposed.",
            "Choose pissa or default.",
            field="init_lora_weights",
        )
    largest = min(base.weight.shape)
    if r > largest:
        raise ConfigError(
            f"r is {r}, and {how} finds only {largest} directions in {short}.",
            f"Set r to {largest} at most, or init_lora_weights to default.",
            field="r",
        )


@torch.no_grad()
def lay(model: PeftModel, start: Weights) -> None:
    """Move the starting matrices out of the base into the adapter: the model computes what it did before."""
    weights = _adapter_weights(model)
    _set(weights, start)
    for _, layer, base in _linear_layers(model):
        part = layer.scaling[ADAPTER] * layer.lora_B[ADAPTER].weight @ layer.lora_A[ADAPTER].weight
        base.weight.copy_(base.weight.float() - (part.T if isinstance(base, Conv1D) else part))
    model.adapter_start = {name: weight.detach().cpu().clone() for name, weight in weights.items()}  # pyright: ignore[reportAttributeAccessIssue, reportArgumentType]


def _adapter_weights(model: PeftModel) -> dict[str, nn.Parameter]:
    named = ((name.replace(f".{ADAPTER}", ""), weight) for name, weight in model.named_parameters())
    return {name: weight for name, weight in named if ".lora_" in name}


def plain(saved: Weights, start: Weights) -> Weights:
    """The adapter on the changed base as one of twice the rank on the base as it was; heads stay what they are."""
    joined = dict(saved)
    for name, weight in start.items():
        if found := MATRICES.search(name):
            first = -weight if found[1] == "B" else weight
            joined[name] = torch.cat([saved[name].cpu(), first], dim=RANK_DIM[found[1]])
    return joined


def plain_config(config: LoraConfig) -> LoraConfig:
    """The configuration that belongs to it: the scale lora_alpha / r, or lora_alpha / sqrt(r), stays the same."""
    doubled = copy.copy(config)
    doubled.r = 2 * config.r
    doubled.lora_alpha = config.lora_alpha * (2**0.5 if config.use_rslora else 2)  # pyright: ignore[reportAttributeAccessIssue]
    doubled.inference_mode = True
    return doubled


def apart(joined: Weights) -> tuple[Weights, Weights]:
    """What `plain` has joined: the adapter on the changed base, and where it started."""
    own, start = dict(joined), {}
    for name, weight in joined.items():
        if found := MATRICES.search(name):
            own[name], first = (half.contiguous() for half in weight.chunk(2, dim=RANK_DIM[found[1]]))
            start[name] = -first if found[1] == "B" else first
    return own, start


@torch.no_grad()
def _set(weights: dict[str, nn.Parameter], values: Weights) -> None:
    for name, value in values.items():
        weights[name].copy_(value)
