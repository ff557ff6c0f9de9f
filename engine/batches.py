"""Batches of rows of similar length: little padding, and the same batches again for the same seed and epoch."""

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler

# Enough that lengths in a batch are close, few enough that an epoch of a thousand rows is still well mixed.
BATCHES_SORTED_TOGETHER = 50


class LengthGroupedBatches(Sampler[list[int]]):
    """Yields the row numbers of each batch of one epoch; `lengths[i]` is the length of row i in tokens.

    Rows are shuffled, sorted by length within stretches of fifty batches, cut into batches, and these are shuffled.
    The last batch of the cut may be smaller. Nothing depends on anything but `lengths`, the batch size, the seed and
    the epoch, so a resumed run sees what the straight one would have seen.
    """

    def __init__(self, lengths: Sequence[int], per_device_train_batch_size: int, seed: int) -> None:
        self.lengths = lengths
        self.batch_size = per_device_train_batch_size
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-len(self.lengths) // self.batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        # A string seed goes through SHA-512, so that neighbouring epochs have nothing in common.
        draw = random.Random(f"{self.seed}:{self.epoch}")
        rows = list(range(len(self.lengths)))
        draw.shuffle(rows)
        stretch = self.batch_size * BATCHES_SORTED_TOGETHER
        by_length: list[int] = []
        for start in range(0, len(rows), stretch):
            by_length += sorted(rows[start : start + stretch], key=lambda row: self.lengths[row], reverse=True)
        batches = [by_length[start : start + self.batch_size] for start in range(0, len(rows), self.batch_size)]
        draw.shuffle(batches)
        yield from batches
