"""Batches by length: every row once an epoch, little padding, the same again for the same epoch."""

import random

from tunedeck.engine.batches import LengthGroupedBatches

LENGTHS = random.Random(0).choices(range(5, 501), k=1001)


def padding(batches: list[list[int]]) -> float:
    """The share of a padded epoch that is padding."""
    padded = sum(max(LENGTHS[row] for row in batch) * len(batch) for batch in batches)
    return 1 - sum(LENGTHS) / padded


def test_every_row_comes_once_an_epoch() -> None:
    batches = LengthGroupedBatches(LENGTHS, 8, seed=1)
    drawn = list(batches)
    assert sorted(row for batch in drawn for row in batch) == list(range(1001))
    assert len(drawn) == len(batches) == 126
    assert sorted(len(batch) for batch in drawn) == [1] + [8] * 125


def test_rows_of_a_batch_have_similar_lengths() -> None:
    assert padding(list(LengthGroupedBatches(LENGTHS, 8, seed=1))) < 0.05
    shuffled = random.Random(1).sample(range(1001), 1001)
    assert padding([shuffled[start : start + 8] for start in range(0, 1001, 8)]) > 0.3


def test_an_epoch_gives_the_same_batches_again_and_another_epoch_others() -> None:
    first, again, other = (LengthGroupedBatches(LENGTHS, 8, seed) for seed in (1, 1, 2))
    epoch_0 = list(first)
    first.set_epoch(1)
    assert list(again) == epoch_0
    assert list(first) != epoch_0
    assert list(other) != epoch_0
    again.set_epoch(1)
    assert list(again) == list(first)
