"""Examples of different lengths as one batch of tensors."""

from collections.abc import Sequence

import torch
from transformers import PreTrainedTokenizerBase

from .tasks.causal_lm import IGNORED, Example


def collate(examples: Sequence[Example], pad_id: int, pad_to_multiple_of: int = 8) -> dict[str, torch.Tensor]:
    """Pad at the end to the longest, rounded up: `input_ids`, `attention_mask`, `labels`, each int64 (rows, length).

    Mask and labels follow from the lengths, never from comparing with `pad_id`: in many models it is also the id of the
    turn's end, which has to be seen and trained.
    """
    longest = max(len(example.input_ids) for example in examples)
    shape = (len(examples), -(-longest // pad_to_multiple_of) * pad_to_multiple_of)
    batch = {
        "input_ids": torch.full(shape, pad_id),
        "attention_mask": torch.zeros(shape, dtype=torch.int64),
        "labels": torch.full(shape, IGNORED),
    }
    for row, example in enumerate(examples):
        length = len(example.input_ids)
        batch["input_ids"][row, :length] = torch.tensor(example.input_ids)
        batch["attention_mask"][row, :length] = 1
        batch["labels"][row, :length] = torch.tensor(example.labels)
    return batch


def pad_id(tokenizer: PreTrainedTokenizerBase) -> int:
    """What fills a batch; any token will do, as nothing attends to it and no label is there."""
    known = (tokenizer.pad_token_id, tokenizer.eos_token_id)
    return next((token for token in known if isinstance(token, int)), 0)
