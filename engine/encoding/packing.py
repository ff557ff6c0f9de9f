"""Packing: several rows one behind the other in a long one, each as if it stood alone, which is measured beforehand."""

import random
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from inspect import signature
from itertools import chain
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from .collate import padded
from .example import IGNORED, Example

# Tokens of the probe's two rows: longer than the kernels of convolutions, and together a multiple of 8.
_PROBE_LENGTHS = (9, 7)


def pack(lengths: Sequence[int], max_length: int, seed: int) -> list[list[int]]:
    """Row numbers put together so that the lengths in each pack add up to at most `max_length`; no row is cut.

    Best fit decreasing (Johnson, 1973): the longest rows first, each into the pack with the least room that is enough.
    200,000 rows take half a second. The seed decides which of several rows of the same length goes where.

    Raises ValueError where a row alone is longer than `max_length`.
    """
    if max(lengths, default=0) > max_length:
        raise ValueError(f"a row of {max(lengths)} tokens is longer than max_length = {max_length}")
    rows = list(range(len(lengths)))
    random.Random(seed).shuffle(rows)
    packs: list[list[int]] = []
    # Each pack's room and number, in ascending order.
    rooms: list[tuple[int, int]] = []
    for row in sorted(rows, key=lambda row: lengths[row], reverse=True):
        tightest = bisect_left(rooms, (lengths[row], 0))
        if tightest < len(rooms):
            room, number = rooms.pop(tightest)
        else:
            room, number = max_length, len(packs)
            packs.append([])
        packs[number].append(row)
        insort(rooms, (room - lengths[row], number))
    return packs


def fill(packs: Sequence[Sequence[int]], lengths: Sequence[int], max_length: int) -> float:
    """The share of real tokens where every pack is padded to `max_length`."""
    return sum(lengths[row] for row in chain.from_iterable(packs)) / (len(packs) * max_length)


def collate_packed(
    packs: Sequence[Sequence[Example]], pad_id: int, in_one_row: bool = False, pad_to_multiple_of: int = 8
) -> dict[str, Tensor]:
    """`input_ids`, `position_ids` and `labels`, each int64 (packs, longest rounded up), or (1, all) if `in_one_row`.

    Positions begin at 0 with every row, and the label of a row's first token is -100, as no token before it may predict
    it. There is no attention mask, on purpose: only where none is given do the transformers models look for rows in
    the positions, and let a token attend to nothing outside of its own row. In the padding each token is such a row.
    """
    lines = [list(chain.from_iterable(packs))] if in_one_row else packs
    tokens = [[token for row in line for token in row.input_ids] for line in lines]
    positions = [[position for row in line for position in range(len(row.input_ids))] for line in lines]
    labels = [[label for row in line for label in (IGNORED, *row.labels[1:])] for line in lines]
    return {
        "input_ids": padded(tokens, pad_id, pad_to_multiple_of),
        "position_ids": padded(positions, 0, pad_to_multiple_of),
        "labels": padded(labels, IGNORED, pad_to_multiple_of),
    }


def in_one_row(model: PreTrainedModel) -> bool:
    """Whether all packs of a batch have to stand in one row: flash attention looks at positions only in a batch of 1.

    The other attentions make a mask of (length, length), so that rows of their own cost less.
    """
    return "flash" in str(model.config._attn_implementation)


def reason_against(model: PreTrainedModel) -> str:
    """Why rows can't be packed for this very model with its present attention; empty where they can.

    Two short rows are packed in both orders. No gradient may go from the scores of the last one to the embeddings of
    the tokens before it: an attention weight of 0 leaves exactly 0 in any arithmetic, while a leak may be smaller than
    the rounding of bf16 (0.03% in LFM2, whose convolutions see three tokens). And each row has to get the scores that
    it gets alone, up to a third of the digits: SmolLM2-135M's are 4% off in bf16, and 40% or more where positions are
    wrong. Costs four passes over at most 32 tokens: 0.5 s for 135M weights on one core.
    """
    name = type(model).__name__
    if "position_ids" not in signature(model.forward).parameters:
        return f"{name} takes no position_ids"
    was_training = model.training
    model.eval()
    try:
        gradient, deviation, tolerance = _probe(model)
    finally:
        model.train(was_training)
    attention = f"{name} with {model.config._attn_implementation} attention"
    # Both are written so that NaN is a reason too.
    if gradient != 0:
        return f"in {attention} a packed row sees the rows before it"
    if not deviation <= tolerance:
        return f"in {attention} a packed row is read otherwise than alone: {deviation:.1%} of what a leak would do"
    return ""


class _Probe(NamedTuple):
    """Largest gradient over the border of two rows; how far scores are from those alone, and how far they may be.

    The last two are shares: 1 is what becomes of the second row's scores where it is read as the first one's end.
    """

    gradient: float
    deviation: float
    tolerance: float


def _probe(model: PreTrainedModel) -> _Probe:
    first, second = _probe_rows(model.config.get_text_config().vocab_size)
    batch = collate_packed([[first, second], [second, first]], 0, in_one_row(model))
    packed, embedded = _scores_of_embedded(model, batch)
    last = len(first.input_ids)
    (gradient,) = torch.autograd.grad(packed[-last:].square().sum(), embedded)
    across = _largest(gradient.flatten(0, 1)[:-last])
    with torch.no_grad():
        alone = [_scores(model, torch.tensor([row.input_ids])) for row in (first, second)]
        continued = _scores(model, torch.tensor([first.input_ids + second.input_ids]))[last:]
        deviation = _largest(packed - torch.cat([*alone, *reversed(alone)])) / _largest(continued - alone[1])
    return _Probe(float(across), float(deviation), torch.finfo(gradient.dtype).eps ** (1 / 3))


def _probe_rows(vocabulary: int) -> list[Example]:
    draw = random.Random(0)
    rows = [[draw.randrange(vocabulary) for _ in range(length)] for length in _PROBE_LENGTHS]
    return [Example(tokens, tokens, line=0) for tokens in rows]


def _scores_of_embedded(model: PreTrainedModel, batch: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """The scores of a packed batch, and the embeddings, (rows, length, width), by which they can be derived."""
    embedded: list[Tensor] = []

    def cut(module: nn.Module, inputs: object, output: Tensor) -> Tensor:
        embedded.append(output.detach().requires_grad_())
        # A copy, as some models scale their embeddings in place.
        return embedded[0].clone()

    hook = model.get_input_embeddings().register_forward_hook(cut)
    try:
        return _scores(model, batch["input_ids"], position_ids=batch["position_ids"].to(model.device)), embedded[0]
    finally:
        hook.remove()


def _scores(model: PreTrainedModel, input_ids: Tensor, **inputs: Tensor) -> Tensor:
    """What the model says at each token, (rows x length, vocabulary) in fp32."""
    logits = model(input_ids=input_ids.to(model.device), use_cache=False, **inputs).logits
    return logits.flatten(0, 1).float()


def _largest(values: Tensor) -> Tensor:
    return values.abs().max()
