"""What the training reads: lines of one row each, or of several packed ones, in updates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from heapq import nlargest
from math import inf

from torch import Tensor
from transformers import PreTrainedModel

from ...store.config import RunConfig
from ..encoding import packing
from ..encoding.collate import pad_id, rounding
from ..encoding.example import IGNORED, Example
from ..report import Report
from ..tasks.task import Task
from .batches import Updates, parts

Line = Sequence[Example]


@dataclass(frozen=True)
class Feed:
    """The lines, how some of them become a batch, and which of them each update takes, by their numbers.

    `sizes` are the tokens of each line that go through the model, those of a target of its own and the padding that it
    has even alone among them. `unpacked` is what to fall back on where rows are packed.
    """

    lines: Sequence[Line]
    collate: Callable[[Sequence[Line]], dict[str, Tensor]]
    updates: Updates
    sizes: Sequence[int]
    unpacked: Feed | None = None

    @property
    def lengths(self) -> Sequence[int]:
        """The tokens of each line."""
        return self.updates.lengths

    def batch(self, numbers: Sequence[int]) -> dict[str, Tensor]:
        """What the model reads of the lines with these numbers, and `labels`."""
        return self.collate([self.lines[number] for number in numbers])

    def tokens(self, numbers: Sequence[int]) -> int:
        """How many tokens they have together, padding not among them."""
        return sum(self.lengths[number] for number in numbers)

    def parts(self, update: list[int], tokens_at_once: int) -> list[list[int]]:
        """The update's lines in parts that go through the model one after the other, each of one batch's lines."""
        return list(parts(update, self.updates.batch_size, self.sizes, tokens_at_once))

    def block(self, part: Sequence[int]) -> tuple[int, int]:
        """The lines of a part, and the tokens of each, padded to the longest."""
        return len(part), max(self.sizes[number] for number in part)

    def heaviest(self, count: int, up_to: float = inf) -> list[list[int]]:
        """The batches that fill the memory: of `count` lines with the most tokens, and with the most that is trained.

        Only lines of `up_to` tokens or less are among them. The scores of trained tokens often take more room than all
        else: 0.2 MB each at a vocabulary of 49,152.
        """
        among = [number for number, size in enumerate(self.sizes) if size <= up_to]
        trained = [sum(map(_trained, line)) for line in self.lines]
        longest, widest = (nlargest(count, among, sizes.__getitem__) for sizes in (self.sizes, trained))
        found = [longest] if set(longest) == set(widest) else [longest, widest]
        return found if among else []


def _trained(example: Example) -> int:
    labels = example.labels
    return sum(label != IGNORED for label in labels) if isinstance(labels, list) else 1


def feed(examples: Sequence[Example], task: Task, config: RunConfig, report: Report) -> Feed:
    """The rows one to a line, or packed where the configuration wants it."""
    lengths = [len(example.input_ids) for example in examples]
    lines, sizes = [[example] for example in examples], _rounded(map(task.tokens, examples))
    plain = Feed(lines, partial(_collate, task), _updates(lengths, config), sizes)
    if not config.packing or config.task != "causal-lm":
        return plain
    packs = packing.pack(lengths, config.max_length, config.seed)
    full = packing.fill(packs, lengths, config.max_length)
    report(
        f"{len(lengths):,} rows are packed into {len(packs):,} of up to {config.max_length:,} tokens, {full:.0%} full"
    )
    pack_lengths = [sum(lengths[row] for row in pack) for pack in packs]
    return Feed(
        lines=[[examples[row] for row in pack] for pack in packs],
        collate=partial(packing.collate_packed, pad_id=pad_id(task.tokenizer)),
        updates=_updates(pack_lengths, config),
        sizes=_rounded(pack_lengths),
        unpacked=plain,
    )


def as_read_by(model: PreTrainedModel, fed: Feed, task: Task, report: Report) -> Feed:
    """The feed, unpacked where in this very model packed rows would see each other."""
    if fed.unpacked is None:
        return fed
    reason = packing.reason_against(model)
    if reason:
        report(f"packing is off: {reason}")
        return fed.unpacked
    in_one_row = packing.in_one_row(model)
    return replace(fed, collate=partial(packing.collate_packed, pad_id=pad_id(task.tokenizer), in_one_row=in_one_row))


def _rounded(sizes: Iterable[int]) -> list[int]:
    return [-(-size // rounding()) * rounding() for size in sizes]


def _updates(lengths: Sequence[int], config: RunConfig) -> Updates:
    return Updates(lengths, config.per_device_train_batch_size, config.seed, config.gradient_accumulation_steps)


def _collate(task: Task, lines: Sequence[Line]) -> dict[str, Tensor]:
    return task.collate([example for [example] in lines])
