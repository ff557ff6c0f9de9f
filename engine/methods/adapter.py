"""Added low-rank matrices: laid on a model, saved so that plain peft loads them, and taken up again."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

import torch
from peft import (
    LoraConfig,
    PeftModel,
    TaskType,
    get_peft_model,
    get_peft_model_state_dict,
    prepare_model_for_kbit_training,
    set_peft_model_state_dict,
)
from peft.tuners.lora import LoraLayer
from peft.utils import SAFETENSORS_WEIGHTS_NAME
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from ...store.config import RunConfig
from ...store.errors import ConfigError, StateError
from . import start
from .parts import head_names

Trainable = PreTrainedModel | PeftModel
# Their heads say tokens: they have no labels, and are tuned as the rest is.
LANGUAGE_MODELS = (TaskType.CAUSAL_LM, TaskType.SEQ_2_SEQ_LM)


def with_method(
    model: PreTrainedModel,
    config: RunConfig,
    peft_type: TaskType,
    *,
    new_layers: Collection[str] = (),
    checkpoint: Path | None = None,
) -> Trainable:
    """The model ready for training by the configured method.

    `new_layers` names weights that the model's files lacked (transformers' missing keys): they and the head of every
    task but writing text are trained in full and saved with the adapter, or else they would be lost with this process.
    `checkpoint` is the folder of the one that the run goes on from. The adapter starts from the seed alone.

    Raises:
        ConfigError: target_modules names no layer of the model, or the adapter can't start as configured.
    """
    if config.method == "full":
        return model
    if config.method == "qlora":
        # Checkpointing would cost a third of the speed, and is a knob of its own.
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    lora = _lora(model, config, peft_type)
    train_in_full(lora, in_full(model, peft_type, new_layers))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        try:
            adapted = cast(PeftModel, get_peft_model(model, lora))
        except ValueError as error:
            raise _refused(model, config.target_modules, "one of them is no layer that takes an adapter") from error
        if config.init_lora_weights in start.CHANGE_THE_BASE:
            first = _started(checkpoint) if checkpoint else start.decompose(adapted, config.init_lora_weights)
            start.lay(adapted, first)
    train_in_fp32(adapted)
    return adapted


def _lora(model: nn.Module, config: RunConfig, peft_type: TaskType) -> LoraConfig:
    if config.init_lora_weights == "orthogonal" and config.r % 2:
        raise ConfigError(
            f"r is {config.r}: orthogonal matrices need an even one.", f"Set r to {config.r + 1}.", field="r"
        )
    own_start = config.init_lora_weights not in ("default", *start.CHANGE_THE_BASE)
    return LoraConfig(
        r=config.r,
        lora_alpha=config.lora_alpha,
        lora_dropout=config.lora_dropout,
        target_modules=_targets(model, config.target_modules),
        use_rslora=config.use_rslora,
        use_dora=config.use_dora,
        init_lora_weights=cast(Any, config.init_lora_weights if own_start else True),
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in model.modules()),
        task_type=peft_type,
    )


def train_in_full(lora: LoraConfig, modules: list[str]) -> None:
    """Have peft train and save those modules whole.

    It knows the head of classifiers only, and by two names; for others all-linear would take it in.
    """
    lora.modules_to_save = modules or None
    lora.exclude_modules = rf"({'|'.join(map(re.escape, modules))})(\..*)?" if modules else None


def in_full(model: PreTrainedModel, peft_type: TaskType, new_layers: Collection[str]) -> list[str]:
    """The modules that are trained without an adapter, by their names in the model."""
    heads = [] if peft_type in LANGUAGE_MODELS else head_names(model)
    owners = {name.rpartition(".")[0] for name in new_layers}
    return heads + sorted(owner for owner in owners if owner.split(".")[0] not in heads)


def _targets(model: nn.Module, target_modules: str) -> str | list[str]:
    """The names, each of which fits: peft is content when one does, and a slip in another would go unseen."""
    targets = [name.strip() for name in target_modules.split(",") if name.strip()]
    if targets == ["all-linear"]:
        return "all-linear"
    modules = [f".{name}" for name, _ in model.named_modules()]
    for target in targets or ["empty"]:
        if not any(name.endswith(f".{target}") for name in modules):
            raise _refused(model, target, "the model has no such layers")
    return targets


def _refused(model: nn.Module, wanted: str, why: str) -> ConfigError:
    linear = {name.rpartition(".")[2] for name, part in model.named_modules() if isinstance(part, nn.Linear | Conv1D)}
    return ConfigError(
        f"target_modules is {wanted}: {why}.",
        f"It has {', '.join(sorted(linear))}; all-linear takes them all.",
        field="target_modules",
    )


def train_in_fp32(model: nn.Module) -> None:
    """Keep what is trained in fp32: peft does so for its matrices, not for the heads.

    In bf16 an update under 1/256 of a weight is lost.
    """
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.float()


def take_inputs_as_they_are(model: nn.Module) -> None:
    """Spare autocast a way round: peft makes a bf16 input fp32 for its matrices, for which it becomes bf16 again.

    DoRA is left alone, as it measures the lengths of weights in the type of the input.
    """
    for layer in model.modules():
        if isinstance(layer, LoraLayer) and not layer.lora_variant:
            layer.cast_input_dtype_enabled = False


def _started(checkpoint: Path) -> start.Weights:
    return start.apart(load_file(checkpoint / SAFETENSORS_WEIGHTS_NAME))[1]


def save(model: Trainable, folder: Path) -> None:
    """Write the weights that are not in the base: they load on it, as it was published, with plain peft."""
    if not isinstance(model, PeftModel):
        model.save_pretrained(str(folder))
        return
    # `auto` would ask the hub at every save whether the vocabulary has grown.
    model.save_pretrained(str(folder), save_embedding_layers=False)
    if first := start.of(model):
        weights = folder / SAFETENSORS_WEIGHTS_NAME
        save_file(start.plain(load_file(weights), first), weights, metadata={"format": "pt"})
        lora = cast(LoraConfig, model.peft_config[start.ADAPTER])
        start.plain_config(lora).save_pretrained(str(folder))


def load(model: PeftModel, folder: Path) -> None:
    """Set the adapter and the heads to what `save` wrote from the same kind of model (FAULTS 16).

    Raises:
        StateError: some weight is missing or was not taken over.
    """
    saved = load_file(folder / SAFETENSORS_WEIGHTS_NAME)
    if start.of(model):
        saved = start.apart(saved)[0]
    expected = get_peft_model_state_dict(model, save_embedding_layers=False)
    wrong = [name for name in expected if name not in saved or saved[name].shape != expected[name].shape]
    wrong += [name for name in saved if name not in expected]
    if not wrong:
        set_peft_model_state_dict(model, dict(saved))
        loaded = get_peft_model_state_dict(model, save_embedding_layers=False)
        wrong = [name for name, weight in saved.items() if not loaded[name].cpu().equal(weight)]
    if wrong:
        raise StateError(
            f"{len(wrong)} weights of {folder} were not taken over ({wrong[0]}, say).", "Nothing was trained."
        )


def sizes(model: Trainable) -> str:
    """How many weights there are and how many are trained, as a sentence."""
    if isinstance(model, PeftModel):
        # peft counts two weights for each byte of a 4-bit one.
        trained, total = model.get_nb_trainable_parameters()
    else:
        trained, total = model.num_parameters(only_trainable=True), model.num_parameters()
    return f"{trained:,} of {total:,} weights are trained ({trained / total:.1%})"
