"""The labels of a model's head: read from what was saved, and changed to those of a task."""

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from peft import PeftModel
from torch import nn
from transformers import AutoConfig, PretrainedConfig, PreTrainedModel
from transformers.utils import CONFIG_NAME

from ..methods.adapter import Trainable
from ..methods.parts import base_model, head_names
from .models import ModelSource

Labels = tuple[str, ...]


def options(labels: Labels) -> dict[str, object]:
    """What `from_pretrained` is told of the labels; nothing where the task has none."""
    if not labels:
        return {}
    return {
        "num_labels": len(labels),
        "id2label": dict(enumerate(labels)),
        "label2id": {label: number for number, label in enumerate(labels)},
    }


def describe(model: PeftModel, folder: Path) -> None:
    """Leave the configuration of the model that an adapter makes beside it: its class, and what its head is for."""
    base = base_model(model)
    config = copy.deepcopy(base.config)
    config.architectures = [type(base).__name__]
    # How the weights were packed while they were trained is not how they are.
    config.__dict__.pop("quantization_config", None)
    config.save_pretrained(str(folder))


def described(folder: Path) -> PretrainedConfig | None:
    """What `describe` left there, if anything."""
    return AutoConfig.from_pretrained(str(folder)) if (folder / CONFIG_NAME).is_file() else None


def labels_of(source: ModelSource, config: PretrainedConfig, head_class: str) -> Labels:
    """The labels of the source's head; empty where it has no head of that kind (`ForSequenceClassification`).

    `config` is that of the model itself; an adapter on it may have brought a head of its own.
    """
    if source.adapter:
        own = described(Path(source.adapter))
        return _labels(own, head_class) if own else ()
    return _labels(config, head_class)


def _labels(config: PretrainedConfig, head_class: str) -> Labels:
    if not any(name.endswith(head_class) for name in config.architectures or []):
        return ()
    return names_of(config)


def names_of(config: PretrainedConfig) -> Labels:
    """The labels that the configuration names, in their order; where nobody named them, LABEL_0 and so on."""
    names: dict[int, str] = config.id2label or {}  # pyright: ignore[reportAssignmentType]
    return tuple(names[number] for number in sorted(names))


def relabel(model: Trainable, old: Labels, new: Labels) -> str:
    """Give the model's head the new labels, in their order; what was learned of equal ones stays. What was done."""
    if old == new:
        return ""
    base = base_model(model)
    for linear in _output_layers(base, len(old)):
        _rewrite(linear, old, new, base.config.initializer_range)
    for name, value in options(new).items():
        setattr(base.config, name, value)
    return _told(old, new)


def _output_layers(model: PreTrainedModel, classes: int) -> list[nn.Linear]:
    """Those that end in the classes; where an adapter trains a copy of the head, the copy too."""
    heads = tuple(head_names(model))
    return [
        module
        for name, module in model.named_modules()
        if name.split(".")[0] in heads and isinstance(module, nn.Linear) and module.out_features == classes
    ]


def _rewrite(linear: nn.Linear, old: Labels, new: Labels, initializer_range: float) -> None:
    weight = torch.empty(len(new), linear.in_features, dtype=linear.weight.dtype).normal_(std=initializer_range)
    bias = torch.zeros(len(new), dtype=linear.weight.dtype)
    for row, label in enumerate(new):
        if label in old:
            weight[row] = linear.weight.detach()[old.index(label)].cpu()
            if linear.bias is not None:
                bias[row] = linear.bias.detach()[old.index(label)].cpu()
    device, trained = linear.weight.device, linear.weight.requires_grad
    linear.weight = nn.Parameter(weight.to(device), requires_grad=trained)
    if linear.bias is not None:
        linear.bias = nn.Parameter(bias.to(device), requires_grad=trained)
    linear.out_features = len(new)


def _told(old: Labels, new: Labels) -> str:
    kept = [label for label in new if label in old]
    if not kept:
        return f"the head is new: its labels are {_listed(new)}, those before were {_listed(old)}"
    added = [label for label in new if label not in old]
    gone = [label for label in old if label not in new]
    parts = [f"the head keeps what it learned of {_listed(kept)}"]
    parts += [f"starts anew on {_listed(added)}"] if added else []
    parts += [f"drops {_listed(gone)}"] if gone else []
    return "; ".join(parts)


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(label[:40] for label in labels[:8])
    return shown if len(labels) <= 8 else f"{shown} and {len(labels) - 8:,} more"
