"""What of the model is trained: added low-rank matrices, or every weight."""

from peft import LoraConfig, PeftMixedModel, PeftModel, TaskType, get_peft_model
from torch import nn
from transformers import PreTrainedModel

from ..store.config import RunConfig
from ..store.errors import ConfigError

Trainable = PreTrainedModel | PeftModel | PeftMixedModel


def with_method(model: PreTrainedModel, config: RunConfig) -> Trainable:
    """The model ready for training by the configured method.

    Raises:
        ConfigError: target_modules names no layer of the model.
    """
    if config.method == "full":
        return model
    names = [name.strip() for name in config.target_modules.split(",") if name.strip()]
    lora = LoraConfig(
        r=config.r,
        lora_alpha=config.lora_alpha,
        lora_dropout=config.lora_dropout,
        target_modules="all-linear" if names == ["all-linear"] else names,
        task_type=TaskType.CAUSAL_LM,
    )
    try:
        return get_peft_model(model, lora)
    except ValueError as error:
        linear = sorted(
            {name.rpartition(".")[2] for name, part in model.named_modules() if isinstance(part, nn.Linear)}
        )
        raise ConfigError(
            f"target_modules is {config.target_modules}: the model has no such layers.",
            f"It has {', '.join(linear)}; all-linear takes them all.",
            field="target_modules",
        ) from error


def sizes(model: nn.Module) -> str:
    """How many weights there are and how many are trained, as a sentence."""
    total = sum(weight.numel() for weight in model.parameters())
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    return f"{trained:,} of {total:,} weights are trained ({trained / total:.1%})"
