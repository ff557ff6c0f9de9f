"""An adapter merged into its base, in fp32, and held to what both said apart."""

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, get_peft_model_state_dict
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ...store.errors import ModelError
from ..model import models
from ..model.models import ModelSource
from ..report import Report
from . import equality
from .described import Described
from .equality import Difference
from .origin import ADAPTER_WEIGHTS

# Of the largest logit, in fp32: SmolLM2-135M with LoRA on all its linear layers differs by 2e-6, an adapter that is
# not merged as it was trained by 1e-2 and more.
TOLERANCE = 1e-4
_EARLIER = "Export an earlier checkpoint: --step N."
# What peft puts before the names of the model's own weights.
_IN_ADAPTER = "base_model.model."


@dataclass(frozen=True)
class Merged:
    """A whole model in fp32, the logits it is held to, and how far merging moved it; None where nothing was merged."""

    model: PreTrainedModel
    reference: list[Tensor]
    moved: Difference | None


def whole_model(described: Described, tokenizer: PreTrainedTokenizerBase, report: Report) -> Merged:
    """The model of saved weights: as they are where they are whole, else base and adapter in one.

    Raises:
        ModelError: a part is missing, damaged or of another model, or the merged model says something else.
    """
    folder = described.origin.folder
    if not described.origin.is_adapter:
        model = _loaded(ModelSource(str(folder)), described, brought=())
        return Merged(model, _reference(model, tokenizer), None)
    check_finite(folder / ADAPTER_WEIGHTS)
    saved = load_file(folder / ADAPTER_WEIGHTS)
    base = _loaded(described.base.source, described, {name.removeprefix(_IN_ADAPTER) for name in saved})
    tuned = _with_adapter(base, folder, saved)
    reference = _reference(tuned, tokenizer)
    report("merging the adapter")
    model = _merge(tuned)
    moved = equality.difference(reference, equality.logits(model, tokenizer))
    # So written NaN is refused too.
    if not moved.relative <= TOLERANCE:
        raise ModelError(
            f"The merged model's logits differ from those of adapter and base by {moved.relative:.1e} of the largest"
            f" one; at most {TOLERANCE:.0e} is allowed.",
            "Nothing was written. --as adapter takes the adapter as it is.",
        )
    return Merged(model, reference, moved)


def check_finite(path: Path) -> None:
    """Refuse a file of weights that is damaged, or holds infinities or what is no number. Raises ModelError."""
    try:
        with safe_open(path, framework="pt") as file:
            broken = [name for name in file.keys() if not file.get_tensor(name).isfinite().all()]  # noqa: SIM118
    except (SafetensorError, FileNotFoundError) as error:
        raise ModelError(f"{path} can't be read: {error}.", "Export another checkpoint: --step last.") from error
    if broken:
        raise ModelError(f"{broken[0]} holds numbers that are not finite.", _EARLIER)


def _loaded(source: ModelSource, described: Described, brought: Collection[str]) -> PreTrainedModel:
    """The model, whose files lack no weight but those that the adapter brings. Raises ModelError."""
    # A GGUF file brings its configuration along.
    options: dict[str, Any] = {} if source.gguf_file else {"config": described.config}
    model, gaps = models.load_with_gaps(source, torch.float32, described.architecture, options)
    if missing := sorted(gaps - set(brought)):
        raise ModelError(f"{source.name} lacks {len(missing)} weights of the model ({missing[0]}, say).")
    return model


def _reference(model: nn.Module, tokenizer: PreTrainedTokenizerBase) -> list[Tensor]:
    found = equality.logits(model, tokenizer)
    if not all(scores.isfinite().all() for scores in found):
        raise ModelError("The tuned model answers with numbers that are not finite.", _EARLIER)
    return found


def _with_adapter(base: PreTrainedModel, folder: Path, saved: dict[str, Tensor]) -> PeftModel:
    """The base with a saved adapter, as plain peft lays it on; every weight was taken over. Raises ModelError."""
    try:
        with warnings.catch_warnings():
            # What peft warns of, a weight that isn't in the file, is refused below.
            warnings.simplefilter("ignore")
            tuned = PeftModel.from_pretrained(base, str(folder))
    except models.LOAD_ERRORS as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(f"The adapter in {folder} does not go with its base: {reason}.") from error
    if wrong := _not_taken_over(tuned, saved):
        raise ModelError(f"{len(wrong)} weights of the adapter in {folder} do not go with its base ({wrong[0]}, say).")
    return tuned


def _not_taken_over(tuned: PeftModel, saved: dict[str, Tensor]) -> list[str]:
    # Without False peft asks the hub whether the vocabulary has grown.
    loaded = get_peft_model_state_dict(tuned, save_embedding_layers=False)
    missing = [name for name, weight in loaded.items() if name not in saved or not saved[name].to(weight).equal(weight)]
    return missing + [name for name in saved if name not in loaded and ".lora_" in name]


def _merge(tuned: PeftModel) -> PreTrainedModel:
    try:
        with warnings.catch_warnings():
            # Of embeddings tied to a head with an adapter, which the comparison tells better.
            warnings.simplefilter("ignore")
            return tuned.merge_and_unload(safe_merge=True)
    except ValueError as error:
        raise ModelError(f"The adapter can't be merged: {error}.", "--as adapter takes it as it is.") from error
