"""The parts of a transformer found by its structure: the embeddings, the blocks from the bottom up, and the head."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from accelerate.utils import extract_model_from_parallel
from peft import PeftModel
from torch import nn
from transformers import PreTrainedModel


class Parts(NamedTuple):
    """The blocks in the order in which they compute, and the parameters of the embeddings and of the head.

    Weights tied between embeddings and head are in both sets. Final norms and poolers are in none.
    """

    embeddings: set[nn.Parameter]
    blocks: list[nn.Module]
    head: set[nn.Parameter]

    @property
    def are_tied(self) -> bool:
        """Whether the head shares weights with the embeddings."""
        return bool(self.embeddings & self.head)


def base_model(model: nn.Module) -> PreTrainedModel:
    """The transformers model itself, taken out of what accelerate and peft wrap it in; its adapters stay at work."""
    inner: Any = extract_model_from_parallel(model, keep_torch_compile=False)
    whole: Any = inner.get_base_model() if isinstance(inner, PeftModel) else inner
    return whole


def own_name(name: str) -> str:
    """The name of a parameter in the transformers model, where an adapter wraps the model or a copy of its head."""
    return name.removeprefix("base_model.model.").replace(".modules_to_save.default", "")


def parts(model: nn.Module) -> Parts:
    """The parts of a transformers model, with or without an adapter; of encoder and decoder the encoder comes first."""
    base = base_model(model)
    heads = [base.get_submodule(name) for name in head_names(base)]
    blocks = [block for blocks in _block_lists(base) for block in blocks]
    elsewhere = {module for part in (*heads, *blocks) for module in part.modules()}
    embeddings = [module for module in _embeddings(base) if module not in elsewhere]
    return Parts(
        embeddings={weight for module in embeddings for weight in module.parameters()},
        blocks=blocks,
        head={weight for head in heads for weight in head.parameters()},
    )


def head_names(model: PreTrainedModel) -> list[str]:
    """The model's children above its transformer: those with weights, but without blocks and input embeddings.

    `classifier` for BERT, `pre_classifier` and `classifier` for DistilBERT, `qa_outputs`, `score`, `lm_head`.
    """
    embeddings = model.get_input_embeddings()
    return [
        name
        for name, child in model.named_children()
        if any(True for _ in child.parameters())
        and not any(module is embeddings or isinstance(module, nn.ModuleList) for module in child.modules())
    ]


def levels(model: nn.Module) -> dict[str, int]:
    """How high each parameter lies, by its name: 0 for embeddings, i for the i-th block from below, then all above."""
    found = parts(model)
    level = dict.fromkeys(found.embeddings, 0)
    for height, block in enumerate(found.blocks, start=1):
        level |= dict.fromkeys(block.parameters(), height)
    top = len(found.blocks) + 1
    return {name: level.get(weight, top) for name, weight in model.named_parameters()}


def _block_lists(module: nn.Module) -> Iterator[nn.ModuleList]:
    """The outermost lists: T5 and mixtures of experts have further lists inside of their blocks."""
    for child in module.children():
        if isinstance(child, nn.ModuleList):
            yield child
        else:
            yield from _block_lists(child)


def _embeddings(model: nn.Module) -> Iterator[nn.Module]:
    """Tables, and what is named after them: their norms (`embeddings.LayerNorm`) and projections."""
    for name, module in model.named_modules():
        if isinstance(module, nn.Embedding) or "embed" in name.lower():
            yield module
