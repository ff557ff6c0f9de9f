"""Agreement of two passes with different dropout: R-Drop."""

from torch import Tensor
from torch.nn import functional


def symmetric_kl(logits_a: Tensor, logits_b: Tensor) -> Tensor:
    """Half of KL(a || b) + KL(b || a), in nats, summed over the rows; for logits of shape (rows, classes).

    R-Drop (Liang et al. 2021) adds alpha times this to the cross-entropies of both passes over the same rows. Where
    several labels may hold, give each logit z as the two classes (z, 0): their softmax is the sigmoid of z.
    Computed in fp32.
    """
    a, b = (functional.log_softmax(logits.float(), dim=-1) for logits in (logits_a, logits_b))
    # The two divergences in one: sum of (p_a - p_b) (log p_a - log p_b).
    return ((a.exp() - b.exp()) * (a - b)).sum() / 2
