"""Losses over items: an item is whatever a target belongs to, a trained token or a row."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..encoding.example import IGNORED

Objective = Literal["cross_entropy", "binary_cross_entropy", "mean_squared_error"]


class Scored(NamedTuple):
    """What a model says of the items of a batch.

    `scores` is (items, classes) in fp32. `targets` is (items,) and holds classes, or (items, classes) with numbers.
    `rows` is (items,): which row of the batch the item belongs to.
    """

    scores: Tensor
    targets: Tensor
    rows: Tensor


class ItemLosses(NamedTuple):
    """Losses of the items and what each weighs, both (items,); the loss of all is sum(losses) / sum(weights)."""

    losses: Tensor
    weights: Tensor


def item_losses(
    scored: Scored,
    objective: Objective = "cross_entropy",
    class_weight: Tensor | None = None,
    label_smoothing_factor: float = 0.0,
) -> ItemLosses:
    """The loss of each item, in nats for the entropies; a class's weight is in both the loss and the weight."""
    return _OBJECTIVES[objective](scored, class_weight, label_smoothing_factor)


def _cross_entropy(scored: Scored, class_weight: Tensor | None, smoothing: float) -> ItemLosses:
    losses = functional.cross_entropy(
        scored.scores, scored.targets, weight=class_weight, reduction="none", label_smoothing=smoothing
    )
    return ItemLosses(losses, torch.ones_like(losses) if class_weight is None else class_weight[scored.targets])


def _binary_cross_entropy(scored: Scored, class_weight: Tensor | None, smoothing: float) -> ItemLosses:
    """Each class by itself, as a row may have several; the mean over the classes. Smoothed towards 1/2."""
    targets = scored.targets * (1 - smoothing) + smoothing / 2
    losses = functional.binary_cross_entropy_with_logits(
        scored.scores, targets, pos_weight=class_weight, reduction="none"
    )
    losses = losses.mean(dim=1)
    return ItemLosses(losses, torch.ones_like(losses))


def _mean_squared_error(scored: Scored, class_weight: Tensor | None, smoothing: float) -> ItemLosses:
    losses = functional.mse_loss(scored.scores, scored.targets, reduction="none").mean(dim=1)
    return ItemLosses(losses, torch.ones_like(losses))


_OBJECTIVES: dict[Objective, Callable[[Scored, Tensor | None, float], ItemLosses]] = {
    "cross_entropy": _cross_entropy,
    "binary_cross_entropy": _binary_cross_entropy,
    "mean_squared_error": _mean_squared_error,
}


def next_token_scores(model: nn.Module, labels: Tensor, **inputs: Any) -> Scored:
    """A decoder's scores where a token is trained; the label at t+1 is predicted at t.

    `labels` and all inputs are (rows, length). The head, a fifth of SmolLM2-135M's work, is applied only to the columns
    in which some row has a trained token; `logits_to_keep` of the transformers models does that.
    """
    columns = (labels[:, 1:] != IGNORED).any(dim=0).nonzero().squeeze(1)
    logits = model(**inputs, logits_to_keep=columns, use_cache=False).logits
    return trained_scores(logits, labels[:, columns + 1])


def trained_scores(logits: Tensor, labels: Tensor) -> Scored:
    """The scores of the places whose label is not -100; `logits` (rows, length, classes), `labels` (rows, length).

    The copy in fp32 is what fills the memory: 0.2 MB a token at a vocabulary of 49,152.
    """
    trained = labels != IGNORED
    return Scored(logits[trained].float(), labels[trained], trained.nonzero()[:, 0])


def row_scores(logits: Tensor, targets: Tensor) -> Scored:
    """The scores of whole rows, (rows, classes), with their targets."""
    return Scored(logits.float(), targets, torch.arange(len(targets), device=logits.device))


def right_items(scored: Scored, rows: int) -> list[dict[str, int]]:
    """For each of the batch's rows how many items it has, and in how many the highest score is the target's."""
    right = scored.scores.argmax(dim=-1) == scored.targets
    items = torch.bincount(scored.rows, minlength=rows)
    correct = torch.bincount(scored.rows[right], minlength=rows)
    return [{"items": i, "correct": c} for i, c in zip(items.tolist(), correct.tolist(), strict=True)]


def by_row(scored: Scored, found: ItemLosses, rows: int) -> tuple[Tensor, Tensor]:
    """Loss and weight of each of the batch's rows, summed over its items; both (rows,)."""
    nothing = torch.zeros(rows, device=found.losses.device)
    return nothing.index_add(0, scored.rows, found.losses), nothing.index_add(0, scored.rows, found.weights)
