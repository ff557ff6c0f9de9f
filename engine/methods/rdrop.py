"""Agreement of two passes with different dropout: R-Drop."""

from typing import Literal

from torch import Tensor
from torch.nn import functional


def symmetric_kl(logits_a: Tensor, logits_b: Tensor, reduction: Literal["sum", "mean", "none"] = "sum") -> Tensor:
    """Half of KL(a || b) + KL(b || a) per row, in nats, for logits of shape (rows, classes).

    R-Drop (Liang et al. 2021) adds alpha times this to the cross-entropies of both passes over the same rows. Where
    several labels may hold, give each logit z as the two classes (z, 0): their softmax is the sigmoid of z.
    Computed in fp32; `none` returns shape (rows,).
    """
    a, b = (functional.log_softmax(logits.float(), dim=-1) for logits in (logits_a, logits_b))
    # The two divergences in one: sum of (p_a - p_b) (log p_a - log p_b).
    rows = ((a.exp() - b.exp()) * (a - b)).sum(dim=-1) / 2
    return rows if reduction == "none" else rows.sum() if reduction == "sum" else rows.mean()
