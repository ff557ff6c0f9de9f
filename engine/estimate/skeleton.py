"""The model of a run without its weights: the very functions of a run make it on torch's meta device."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
import transformers
from peft import LoraConfig, TaskType
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

from ...store.config import RunConfig
from ..loop.memory import optimizer_bytes
from ..methods import adapter
from ..methods.adapter import Trainable
from ..methods.dropout import set_dropout
from ..methods.freeze import freeze
from ..methods.parts import parts
from ..methods.start import CHANGE_THE_BASE
from ..model import heads, models
from ..model.models import ModelSource
from ..model.precision import Arithmetic
from ..tasks.task import Task
from . import weight_files
from .weight_files import Weights

# 4-bit NormalFloat with double quantization keeps 4.127 bits a weight (QLoRA, Dettmers et al. 2023, section 3).
_BITS_OF_4_BIT = 4.127
_GRADIENT_BYTES = 4


@dataclass(frozen=True)
class Skeleton:
    """The model as it will be trained, all of it shapes; and by what its weights are kept."""

    model: Trainable
    is_4_bit: bool
    copies: int

    @property
    def parameters(self) -> int:
        return sum(weight.numel() for weight in self.model.parameters())

    @property
    def trained(self) -> int:
        return sum(weight.numel() for weight in self.model.parameters() if weight.requires_grad)

    @property
    def weight_bytes(self) -> int:
        """Of all weights as they lie on the device, and of the copies in fp32 that some knobs keep of trained ones."""
        packed = _linear_weights(self.model) if self.is_4_bit else set()
        kept = sum(_bytes(weight, is_packed=weight in packed) for weight in self.model.parameters())
        return int(kept) + 4 * self.copies * self.trained

    @property
    def gradient_bytes(self) -> int:
        """What is trained is trained in fp32, and so are its gradients."""
        return _GRADIENT_BYTES * self.trained

    def optimizer_bytes(self, optim: str) -> int:
        return optimizer_bytes(self.model, optim)


def _linear_weights(model: nn.Module) -> set[torch.Tensor]:
    linear = (module.weight for module in model.modules() if isinstance(module, nn.Linear))
    head = parts(model).head
    return {weight for weight in linear if not weight.requires_grad and weight not in head}


def _bytes(weight: nn.Parameter, *, is_packed: bool) -> float:
    return weight.numel() * (_BITS_OF_4_BIT / 8 if is_packed else weight.element_size())


def skeleton(config: RunConfig, task: Task, source: ModelSource, arithmetic: Arithmetic) -> Skeleton:
    """The model that the run would train.

    Raises ModelError where the model is of another family or has no weights that can be read, ConfigError where a knob
    asks for what it hasn't got.
    """
    model_config = models.load_config(source)
    task.check_model(model_config)
    files = weight_files.of(Path(source.name))
    merges = bool(source.adapter) and (config.method == "full" or config.start_adapter == "merge")
    changes = config.method == "full" or merges or config.init_lora_weights in CHANGE_THE_BASE
    with torch.device("meta"), models.quiet():
        model = _base(model_config, task, torch.float32 if changes else arithmetic.dtype)
        set_dropout(model, config.hidden_dropout, config.attention_dropout, config.classifier_dropout)
        trainable = _trainable(model, _continuing(config, source, merges=merges), task, files)
    return Skeleton(
        trainable,
        is_4_bit=config.method == "qlora",
        copies=(config.ema_decay > 0) + (config.l2_sp_alpha > 0),
    )


def _base(model_config: PretrainedConfig, task: Task, dtype: torch.dtype) -> PreTrainedModel:
    for name, value in {**heads.options(task.names), **_options(task)}.items():
        setattr(model_config, name, value)
    return getattr(transformers, task.auto_class).from_config(model_config, dtype=dtype)


def _options(task: Task) -> dict[str, object]:
    """What the task tells of the head; what it takes from the tokenizer changes no shape."""
    return {"num_labels": 2} if task.peft_type == "QUESTION_ANS" else {}


def _continuing(config: RunConfig, source: ModelSource, *, merges: bool) -> RunConfig:
    """With the rank and the layers of the adapter that is trained on; and without what shapes don't depend on."""
    changes: dict[str, object] = {"init_lora_weights": "default"}
    if config.method == "qlora":
        # Packing needs the device; what is trained has the same shape over plain weights.
        changes["method"] = "lora"
    if source.adapter and not merges:
        lora = cast(LoraConfig, LoraConfig.from_pretrained(source.adapter))
        changes |= {"r": lora.r, "use_dora": lora.use_dora}
        if isinstance(lora.target_modules, set | list):
            changes["target_modules"] = ",".join(sorted(lora.target_modules))
    return config.model_copy(update=changes)


def _trainable(model: PreTrainedModel, config: RunConfig, task: Task, files: Weights) -> Trainable:
    if config.method == "full":
        freeze(model, config.freeze, config.freeze_layers)
        return model
    return adapter.with_method(model, config, TaskType(task.peft_type), new_layers=_lacking(model, files))


def _lacking(model: PreTrainedModel, files: Weights) -> list[str]:
    """The weights around the blocks that the files have not, under any prefix: a new pooler, say.

    GGUF has names of its own; nothing is known of those.
    """
    inside = {weight for block in parts(model).blocks for weight in block.parameters()}
    around = [name for name, weight in model.named_parameters() if weight not in inside]
    found = {name for name in around for file_name in files if _is_same(name, file_name)}
    return [name for name in around if name not in found] if found else []


def _is_same(name: str, file_name: str) -> bool:
    """Files of the bare transformer and of one with a head differ in a prefix."""
    return name == file_name or name.endswith(f".{file_name}") or file_name.endswith(f".{name}")
