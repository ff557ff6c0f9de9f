"""What a base model said of the next token, kept small: its k likeliest tokens and the mass of all others."""

from typing import NamedTuple

import torch
from torch import Tensor


class Reference(NamedTuple):
    """Log-probabilities (nats) of the k likeliest tokens, (tokens, k), those tokens, and of all others, (tokens,)."""

    top_log_probs: Tensor
    top_tokens: Tensor
    rest_log_prob: Tensor


def reference_of(log_probs: Tensor, top_k: int) -> Reference:
    """Keep of `log_probs`, (tokens, vocabulary), what `divergence` needs: 0.5 kB a token for k = 64."""
    kept, tokens = log_probs.topk(min(top_k, log_probs.shape[-1]), dim=-1)
    return Reference(kept, tokens.int(), _rest(log_probs, tokens))


def divergence(base: Reference, log_probs: Tensor) -> Tensor:
    """KL(base || now) of each token in nats, (tokens,), over the base's k likeliest tokens and a bucket of all others.

    To put tokens into one bucket can only lower it (the data-processing inequality, here the log-sum inequality: Cover
    and Thomas, Elements of Information Theory, theorem 2.7.1), so this is a lower bound; exact where k = vocabulary.
    """
    tokens = base.top_tokens.long()
    tops = base.top_log_probs.exp() * (base.top_log_probs - log_probs.gather(-1, tokens))
    rest = base.rest_log_prob.exp() * (base.rest_log_prob - _rest(log_probs, tokens))
    # Nothing is left over where k is the vocabulary: 0 log 0 is 0 here.
    return tops.sum(dim=-1) + rest.masked_fill(base.rest_log_prob.isneginf(), 0.0)


def _rest(log_probs: Tensor, tokens: Tensor) -> Tensor:
    """The log of the mass of all other tokens, summed up and not taken from 1: 1 - 0.9999999 has no digits left."""
    return log_probs.scatter(-1, tokens, -torch.inf).logsumexp(dim=-1)
