"""Words drawn by chance for each row of a batch by itself, so that a row comes out the same in any batch."""

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import LogitsProcessor, LogitsProcessorList, TemperatureLogitsWarper, TopPLogitsWarper


class RowNoise(LogitsProcessor):
    """Adds Gumbel noise to the scores, after which the highest is a draw from their softmax (Gumbel-max trick).

    Each row has a generator of its own, seeded by `seeds`; scores are (rows, words).
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, input_ids: Tensor | None, scores: Tensor) -> Tensor:
        noise = [torch.empty(scores.shape[-1]).exponential_(generator=generator) for generator in self._generators]
        return scores - torch.stack(noise).log().to(scores.device)


def draws(seeds: Sequence[int], temperature: float, top_p: float) -> LogitsProcessorList:
    """What turns the search for the likeliest word into a draw for each row; nothing at the temperature 0."""
    if not temperature:
        return LogitsProcessorList()
    warpers = [TemperatureLogitsWarper(temperature), *([TopPLogitsWarper(top_p)] if top_p < 1 else [])]
    return LogitsProcessorList([*warpers, RowNoise(seeds)])
