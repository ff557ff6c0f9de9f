"""Whether two models say the same: their logits on fixed texts, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

# Prose, code, and characters of several bytes; short, so that a model of billions answers on a CPU too.
TEXTS = (
    "The capital of France is Paris.",
    "def add(a, b):\n    return a + b",
    "Il était une fois un roi: 中文一句话。",
)


@dataclass(frozen=True)
class Difference:
    """How far logits are from a reference: the largest difference over the largest logit, and how many choices stay.

    `choices` are positions (or texts, for a classifier), `same_choices` those whose highest score is still the same.
    """

    relative: float
    choices: int
    same_choices: int


def logits(model: nn.Module, tokenizer: PreTrainedTokenizerBase) -> list[Tensor]:
    """Every score that the model gives to the texts, each text alone; rows of scores, one a choice."""
    model.eval()
    told: list[Tensor] = []
    for text in TEXTS:
        input_ids = torch.tensor([tokenizer(text)["input_ids"]])
        told += _scores(model, input_ids)
    return told


@torch.no_grad()
def _scores(model: nn.Module, input_ids: Tensor) -> list[Tensor]:
    is_encoder_decoder = getattr(model.config, "is_encoder_decoder", False)
    more = {"decoder_input_ids": input_ids} if is_encoder_decoder else {}
    output = model(input_ids=input_ids, attention_mask=torch.ones_like(input_ids), **more)
    # One field for most families; where an answer starts and where it ends for question answering.
    return [scores.float().flatten(0, -2) for name, scores in output.items() if name.endswith("logits")]


def difference(reference: Sequence[Tensor], other: Sequence[Tensor]) -> Difference:
    """Compare the logits of two models; NaN in either makes the difference NaN."""
    pairs = list(zip(reference, other, strict=True))
    largest = torch.stack([scores.abs().max() for scores in reference]).max()
    furthest = torch.stack([(scores - others).abs().max() for scores, others in pairs]).max()
    same = sum(int((scores.argmax(-1) == others.argmax(-1)).sum()) for scores, others in pairs)
    return Difference((furthest / largest).item(), sum(len(scores) for scores in reference), same)
