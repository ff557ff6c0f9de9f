"""Examples of different lengths as one batch of tensors."""

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from .example import IGNORED, Example


def inputs(examples: Sequence[Example], pad_id: int, pad_to_multiple_of: int = 8) -> dict[str, Tensor]:
    """What the model reads, each int64 (rows, length): `input_ids`, `attention_mask`, and what else the examples have.

    Padded at the end to the longest, rounded up. The mask follows from the lengths, never from comparing with `pad_id`:
    in many models it is also the id of the turn's end, which has to be seen and trained.
    """
    batch = {
        "input_ids": padded([example.input_ids for example in examples], pad_id, pad_to_multiple_of),
        "attention_mask": padded([[1] * len(example.input_ids) for example in examples], 0, pad_to_multiple_of),
    }
    for name in examples[0].more:
        batch[name] = padded([example.more[name] for example in examples], 0, pad_to_multiple_of)
    return batch


def place_labels(examples: Sequence[Example], pad_to_multiple_of: int = 8) -> Tensor:
    """The labels of examples that have one for each place, int64 (rows, length), -100 behind the end."""
    return padded([example.labels for example in examples], IGNORED, pad_to_multiple_of)


def padded(rows: Sequence[Sequence[int]], fill: int, pad_to_multiple_of: int) -> Tensor:
    """The rows as one tensor, int64 (rows, longest rounded up), filled at the end."""
    longest = max(len(row) for row in rows)
    batch = torch.full((len(rows), -(-longest // pad_to_multiple_of) * pad_to_multiple_of), fill)
    for index, row in enumerate(rows):
        batch[index, : len(row)] = torch.tensor(row, dtype=torch.int64)
    return batch


def pad_id(tokenizer: PreTrainedTokenizerBase) -> int:
    """What fills a batch; any token will do, as nothing attends to it and no label is there."""
    known = (tokenizer.pad_token_id, tokenizer.eos_token_id)
    return next((token for token in known if isinstance(token, int)), 0)
