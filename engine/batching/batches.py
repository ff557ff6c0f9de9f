"""Updates made of batches of rows of similar length: little padding, and the same again for the same seed and epoch."""

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler

# Enough that lengths in a batch are close, few enough that an epoch of a thousand rows is still well mixed.
BATCHES_SORTED_TOGETHER = 50


class Updates(Sampler[list[int]]):
    """Yields the row numbers of each update of one epoch; `lengths[i]` is the length of row i in tokens.

    Rows are shuffled, sorted by length within stretches of fifty batches, and cut into batches, which are shuffled; one
    that is smaller than the others comes last. Each update takes the next `gradient_accumulation_steps` of them, the
    last one of an epoch those that are left. Nothing depends on anything but the arguments and the epoch, so a resumed
    run sees what the straight one would have seen.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        per_device_train_batch_size: int,
        seed: int,
        gradient_accumulation_steps: int = 1,
    ) -> None:
        self.lengths = lengths
        self.batch_size = per_device_train_batch_size
        self.rows = per_device_train_batch_size * gradient_accumulation_steps
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-len(self.lengths) // self.rows)

    def __iter__(self) -> Iterator[list[int]]:
        # A string seed goes through SHA-512, so that neighbouring epochs have nothing in common.
        draw = random.Random(f"{self.seed}:{self.epoch}")
        rows = list(range(len(self.lengths)))
        draw.shuffle(rows)
        by_length: list[int] = []
        for stretch in _cut(rows, self.batch_size * BATCHES_SORTED_TOGETHER):
            by_length += sorted(stretch, key=lambda row: self.lengths[row], reverse=True)
        batches = list(_cut(by_length, self.batch_size))
        small = [batches.pop()] if len(batches[-1]) < self.batch_size else []
        draw.shuffle(batches)
        # Only the last batch may be small, so every update falls apart into its batches again.
        yield from _cut([row for batch in batches + small for row in batch], self.rows)


def parts(update: list[int], batch_size: int, sizes: Sequence[int], tokens_at_once: int) -> Iterator[list[int]]:
    """Each of the update's batches in as few parts as keep to `tokens_at_once`, padding counted, of one row at least.

    `sizes[i]` is how many tokens of row i go through the model.
    """
    for batch in _cut(update, batch_size):
        part, longest = list[int](), 0
        for row in batch:
            longest = max(longest, sizes[row])
            if part and (len(part) + 1) * longest > tokens_at_once:
                yield part
                part, longest = [], sizes[row]
            part.append(row)
        yield part


def _cut(rows: list[int], size: int) -> Iterator[list[int]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
