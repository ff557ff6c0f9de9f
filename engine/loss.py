"""Cross-entropy of a causal language model, computed only where a token is trained."""

from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional

from .tasks.causal_lm import IGNORED


class TokenLoss(NamedTuple):
    """Summed cross-entropy in nats, the number of tokens summed over, and how many were predicted right."""

    total: Tensor
    tokens: Tensor
    correct: Tensor


def token_loss(model: nn.Module, input_ids: Tensor, attention_mask: Tensor, labels: Tensor) -> TokenLoss:
    """The loss over every label that is not -100; the label at t+1 is predicted at t.

    All three tensors are (rows, length). The head, a fifth of SmolLM2-135M's work, is applied only to the columns
    in which some row has a trained token; `logits_to_keep` of the transformers models does that.
    """
    columns = (labels[:, 1:] != IGNORED).any(dim=0).nonzero().squeeze(1)
    logits = model(input_ids=input_ids, attention_mask=attention_mask, logits_to_keep=columns, use_cache=False).logits
    targets = labels[:, columns + 1]
    trained = targets != IGNORED
    # The copy in fp32 is what fills the memory: 0.2 MB a token at a vocabulary of 49,152.
    scores, targets = logits[trained].float(), targets[trained]
    total = functional.cross_entropy(scores, targets, reduction="sum")
    correct = (scores.detach().argmax(dim=-1) == targets).sum()
    return TokenLoss(total, trained.sum(), correct)
