"""Updates of batches by length: every row once an epoch, little padding, the same again for the same epoch."""

import random

import pytest
from tunedeck.engine.batching.batches import Updates, parts

LENGTHS = random.Random(0).choices(range(5, 501), k=1001)


def padding(batches: list[list[int]]) -> float:
    """The share of a padded epoch that is padding."""
    padded = sum(max(LENGTHS[row] for row in batch) * len(batch) for batch in batches)
    return 1 - sum(LENGTHS) / padded


def test_every_row_comes_once_an_epoch_and_the_small_batch_last() -> None:
    updates = Updates(LENGTHS, 8, seed=1)
    drawn = list(updates)
    assert sorted(row for update in drawn for row in update) == list(range(1001))
    assert len(drawn) == len(updates) == 126
    assert [len(update) for update in drawn] == [8] * 125 + [1]


def test_rows_of_a_batch_have_similar_lengths() -> None:
    assert padding(list(Updates(LENGTHS, 8, seed=1))) < 0.05
    shuffled = random.Random(1).sample(range(1001), 1001)
    assert padding([shuffled[start : start + 8] for start in range(0, 1001, 8)]) > 0.3


def test_an_epoch_gives_the_same_updates_again_and_another_epoch_others() -> None:
    first, again, other = (Updates(LENGTHS, 8, seed) for seed in (1, 1, 2))
    epoch_0 = list(first)
    first.set_epoch(1)
    assert list(again) == epoch_0
    assert list(first) != epoch_0
    assert list(other) != epoch_0
    again.set_epoch(1)
    assert list(again) == list(first)


def test_an_update_takes_as_many_batches_as_are_accumulated() -> None:
    batches = list(Updates(LENGTHS, 8, seed=1))
    updates = Updates(LENGTHS, 8, seed=1, gradient_accumulation_steps=4)
    assert len(updates) == 32
    assert list(updates) == [[row for batch in batches[at : at + 4] for row in batch] for at in range(0, 126, 4)]
    whole = [list(parts(update, 8, LENGTHS, 8 * max(LENGTHS))) for update in updates]
    assert whole == [batches[at : at + 4] for at in range(0, 126, 4)]


@pytest.mark.parametrize(
    ("tokens_at_once", "sizes"),
    [(80, [8, 8, 3]), (50, [5, 3, 5, 3, 3]), (39, [3, 3, 2, 3, 3, 2, 3]), (19, [1] * 19), (1, [1] * 19)],
)
def test_parts_keep_the_order_and_never_cross_two_batches(tokens_at_once: int, sizes: list[int]) -> None:
    cut = list(parts(list(range(19)), 8, [10] * 19, tokens_at_once))
    assert [row for part in cut for row in part] == list(range(19))
    assert [len(part) for part in cut] == sizes


def test_short_rows_stay_together_where_long_ones_have_to_be_parted() -> None:
    budget = 2 * max(LENGTHS)
    cut = {tuple(batch): list(parts(batch, 8, LENGTHS, budget)) for batch in Updates(LENGTHS, 8, seed=1)}
    for batch, found in cut.items():
        assert all(len(part) == 1 or len(part) * max(LENGTHS[row] for row in part) <= budget for part in found)
        is_short = len(batch) * max(LENGTHS[row] for row in batch) <= budget
        assert (len(found) == 1) == is_short, batch
    # Cut by rows, two at once as the longest need it, they would be 501.
    assert sum(map(len, cut.values())) < 0.7 * len(LENGTHS) / 2


def test_fewer_rows_than_one_batch_are_one_update() -> None:
    assert [sorted(update) for update in Updates([7, 5, 9], 8, seed=1)] == [[0, 1, 2]]
