"""The base in 4 bits, under an adapter that is trained in full precision: QLoRA."""

from importlib.util import find_spec

import torch
from transformers import BitsAndBytesConfig

from ...store.config import RunConfig
from ...store.errors import ConfigError
from .start import CHANGE_THE_BASE


def quantization(config: RunConfig, device: str) -> BitsAndBytesConfig | None:
    """How the weights are packed while they are loaded; None for every method but qlora.

    Raises:
        ConfigError: the device, the installed packages or the start of the adapter don't allow it.
    """
    if config.method != "qlora":
        return None
    if device != "cuda":
        raise ConfigError(
            f"method is qlora: weights in 4 bits need an NVIDIA GPU, and this run is on {device}.",
            "Choose lora.",
            field="method",
        )
    if find_spec("bitsandbytes") is None:
        raise ConfigError(
            "method is qlora, and bitsandbytes is not installed.",
            "Choose lora, or install it: pip install bitsandbytes",
            field="method",
        )
    if config.init_lora_weights in CHANGE_THE_BASE:
        raise ConfigError(
            f"init_lora_weights is {config.init_lora_weights}: it changes the base, which 4 bits can't follow.",
            "Choose default, gaussian or orthogonal, or method lora.",
            field="init_lora_weights",
        )
    return four_bit()


def four_bit() -> BitsAndBytesConfig:
    """4-bit NormalFloat with its scales quantized too, computing in bf16 (QLoRA, Dettmers et al. 2023)."""
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
