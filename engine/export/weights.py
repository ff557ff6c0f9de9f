"""The weights of an export: the adapter as it is, or a whole model in files that were read back and compared."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ...store.errors import ModelError, UserError
from ..model import models
from ..model.models import ModelSource
from ..report import Report
from . import equality, merging, place
from .base import label
from .described import Described
from .equality import Difference
from .origin import ADAPTER_WEIGHTS, Origin


@dataclass(frozen=True)
class Whole:
    """A whole model as it was written: its dtype, how far merging moved it (if it was), and storing in the dtype."""

    dtype: str
    merging: Difference | None
    storing: Difference


def copy_adapter(origin: Origin, folder: Path) -> None:
    """Copy the added matrices, all of them finite numbers. Raises ModelError."""
    merging.check_finite(origin.folder / ADAPTER_WEIGHTS)
    shutil.copyfile(origin.folder / ADAPTER_WEIGHTS, folder / ADAPTER_WEIGHTS)


def write_whole(
    described: Described,
    tokenizer: PreTrainedTokenizerBase,
    folder: Path,
    *,
    dtype: str,
    copies: int,
    report: Report,
) -> Whole:
    """Merge if there is an adapter, store in `dtype` (empty: as the model was), and read back.

    The disk must have room for that many copies.

    Raises:
        ModelError: merged and unmerged model differ, or what was written is not what was meant; UserError: no room.
    """
    origin = described.origin
    report(f"loading {label(described.base.root) if origin.is_adapter else origin.run.name} in float32")
    merged = merging.whole_model(described, tokenizer, report)
    stored = getattr(torch, dtype) if dtype else _dtype(described.config)
    size_bytes = merged.model.num_parameters() * stored.itemsize
    place.check_room(folder, size_bytes * copies)
    report(f"writing {size_bytes / 1e6:,.0f} MB as {_name(stored)}")
    _write(merged.model, stored, folder)
    report("reading it back")
    again = _read_back(folder, described.architecture, merged.model)
    storing = equality.difference(merged.reference, equality.logits(again.float(), tokenizer))
    return Whole(_name(stored), merged.moved, storing)


def _dtype(config: PretrainedConfig) -> torch.dtype:
    """The dtype in which the model was saved; float32, which loses nothing, where it is not told."""
    return config.dtype if isinstance(config.dtype, torch.dtype) else torch.float32


def _write(model: PreTrainedModel, dtype: torch.dtype, folder: Path) -> None:
    nn.Module.to(model, dtype)
    broken = [name for name, weight in model.named_parameters() if not weight.isfinite().all()]
    if broken:
        # Beyond 65,504 float16 knows only infinity.
        what = f"{broken[0]} holds numbers that are too large for {_name(dtype)}"
        raise ModelError(f"{what}.", "Use --dtype float32, or bfloat16.")
    try:
        with models.quiet():
            model.save_pretrained(folder)
    except SafetensorError as error:
        raise UserError(f"The weights can't be written: {error}.", "Nothing was left there.") from error


def _read_back(folder: Path, architecture: str, written: PreTrainedModel) -> PreTrainedModel:
    """The model from the files, as any program loads it; each weight is the one that was written. Raises ModelError."""
    again, gaps = models.load_with_gaps(ModelSource(str(folder)), written.dtype, architecture, {})
    meant, found = written.state_dict(), again.state_dict()
    wrong = gaps | (meant.keys() ^ found.keys())
    wrong |= {name for name in meant.keys() & found.keys() if not meant[name].equal(found[name])}
    if wrong:
        raise ModelError(f"{len(wrong)} weights are not in the files as they were meant ({min(wrong)}, say).")
    return again


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
