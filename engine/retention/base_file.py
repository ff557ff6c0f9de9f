"""What is kept of the base, beside the run: a safetensors file that is whole or not there."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from ...store.errors import StateError


def save(file: Path, tensors: Mapping[str, Tensor], about: Mapping[str, str]) -> None:
    """Write the tensors and what is to be known of them."""
    temporary = file.with_name(f"{file.name}.tmp")
    save_file(dict(tensors), temporary, {**about, "sha256": _sha256(tensors)})
    temporary.replace(file)


def load(file: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """What was saved. Raises StateError where the file is missing or not as it was written."""
    try:
        with safe_open(file, framework="pt") as opened:
            about = opened.metadata() or {}
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - it is no dict
    except (OSError, SafetensorError) as error:
        raise unusable(file, "it is missing or damaged") from error
    if about.get("sha256") != _sha256(tensors):
        raise unusable(file, "its content has changed")
    return tensors, about


def unusable(file: Path, reason: str) -> StateError:
    return StateError(
        f"What is kept can't be compared with the base: {reason} ({file}).", "A new run measures its base anew."
    )


def _sha256(tensors: Mapping[str, Tensor]) -> str:
    """Of the content: safetensors loads pages that a power cut has zeroed without a word."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(tensors[name].contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
