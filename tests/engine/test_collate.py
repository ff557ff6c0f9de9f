"""Batches: padding is neither seen nor trained, even where its id is the turn's end."""

import torch
from tunedeck.engine.encoding.collate import inputs, place_labels
from tunedeck.engine.encoding.example import Example

END = 2
EXAMPLES = [Example([5, 6, END], [-100, 6, END], 1), Example(list(range(10, 19)), [-100] * 8 + [18], 2)]


def test_a_batch_is_padded_at_the_end_to_a_multiple_of_eight() -> None:
    batch = inputs(EXAMPLES, END, 8) | {"labels": place_labels(EXAMPLES, 8)}
    assert {name: tuple(tensor.shape) for name, tensor in batch.items()} == {
        "input_ids": (2, 16),
        "attention_mask": (2, 16),
        "labels": (2, 16),
    }
    assert batch["input_ids"][0].tolist() == [5, 6] + [END] * 14
    assert {tensor.dtype for tensor in batch.values()} == {torch.int64}


def test_the_turn_end_is_trained_and_the_padding_is_not() -> None:
    assert place_labels(EXAMPLES, 8)[0].tolist() == [-100, 6, END] + [-100] * 13
    assert inputs(EXAMPLES, pad_id=END)["attention_mask"].sum(1).tolist() == [3, 9]


def test_only_a_gpu_gets_more_than_the_longest_row() -> None:
    length = 16 if torch.cuda.is_available() else 9
    assert inputs(EXAMPLES, pad_id=0)["input_ids"].shape == place_labels(EXAMPLES).shape == (2, length)
