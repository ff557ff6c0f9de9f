"""An earlier run's adapter: taken up to be trained on, or merged into the weights that it was laid on."""

from collections.abc import Collection
from pathlib import Path
from typing import cast

from peft import LoraConfig, PeftModel, TaskType, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from peft.utils import SAFETENSORS_WEIGHTS_NAME
from safetensors.torch import load_file
from transformers import PreTrainedModel

from ...store.errors import ModelError
from . import adapter


def take_up(
    model: PreTrainedModel, folder: Path, peft_type: TaskType, *, new_layers: Collection[str] = ()
) -> PeftModel:
    """The model with the adapter of that folder, to be trained on; its head is taken too, if it is of the same task.

    `new_layers` names weights that the model's files lacked: with a new head they are trained in full, as it is.

    Raises:
        ModelError: the adapter was made for another model.
    """
    saved = load_file(folder / SAFETENSORS_WEIGHTS_NAME)
    lora = LoraConfig.from_pretrained(str(folder))
    assert isinstance(lora, LoraConfig)
    is_other_task = lora.task_type != peft_type
    lora.inference_mode, lora.task_type = False, peft_type
    if is_other_task:
        saved = {name: weight for name, weight in saved.items() if ".lora_" in name}
        adapter.train_in_full(lora, adapter.in_full(model, peft_type, new_layers))
    adapted = cast(PeftModel, get_peft_model(model, lora))
    expected = get_peft_model_state_dict(adapted, save_embedding_layers=False)
    strange = [name for name, weight in saved.items() if name not in expected or expected[name].shape != weight.shape]
    if strange:
        raise ModelError(
            f"The adapter in {folder} was made for another model: {strange[0]} does not fit, say.",
            "Start from the model that it was made for.",
        )
    # peft wants a new head's weights too.
    set_peft_model_state_dict(adapted, expected | saved)
    adapter.train_in_fp32(adapted)
    return adapted


def merged(model: PreTrainedModel, folder: Path) -> PreTrainedModel:
    """The model with the adapter added to its weights, and its head with it; in the arithmetic of the weights."""
    whole = cast(PreTrainedModel, PeftModel.from_pretrained(model, str(folder)).merge_and_unload())  # pyright: ignore[reportCallIssue]
    # peft has frozen what was not its own.
    return whole.requires_grad_(True)
