"""Examples of different lengths as one batch of tensors."""

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from .example import IGNORED, Example
from .states import joined


@cache
def rounding() -> int:
    """The multiple to which batches are lengthened: GPUs compute in eights, and to a processor padding is only work.

    Of a batch of rows of 49 tokens it would be an eighth.
    """
    return 8 if torch.cuda.is_available() else 1


def inputs(examples: Sequence[Example], pad_id: int, pad_to_multiple_of: int | None = None) -> dict[str, Tensor]:
    """What the model reads, each int64 (rows, length): `input_ids`, `attention_mask`, and what else the examples have.

    Where they have states, those too, under their names. Padded at the end to the longest, rounded up to a multiple,
    which by default is that of `rounding`. The mask follows from the lengths, never from comparing with `pad_id`: in
    many models it is also the id of the turn's end, which has to be seen and trained.
    """
    multiple = pad_to_multiple_of or rounding()
    batch = {
        "input_ids": padded([example.input_ids for example in examples], pad_id, multiple),
        "attention_mask": padded([[1] * len(example.input_ids) for example in examples], 0, multiple),
    }
    for name in examples[0].more:
        batch[name] = padded([example.more[name] for example in examples], 0, multiple)
    states = [example.states for example in examples if example.states is not None]
    return batch | joined(states, batch["input_ids"].shape[1]) if states else batch


def place_labels(examples: Sequence[Example], pad_to_multiple_of: int | None = None) -> Tensor:
    """The labels of examples that have one for each place, int64 (rows, length), -100 behind the end."""
    return padded([example.labels for example in examples], IGNORED, pad_to_multiple_of or rounding())


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
