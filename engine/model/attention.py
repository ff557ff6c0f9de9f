"""Which attention is faster on this processor for rows of this length: torch's fused one, or plain products."""

import time
from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel

from ..methods import masks
from ..methods.dropout import NAMES
from .measured import Measured
from .precision import Arithmetic

# Plain products keep a (length, length) matrix for each head: below this gain, or above this length, not worth it.
_WORTH_IT = 1.2
_LONGEST = 1024


def choose(model: PreTrainedModel, lengths: Sequence[int], arithmetic: Arithmetic, measured: Measured) -> str:
    """Set the model's attention, and say which and why; `lengths` are those of the training rows in tokens.

    On GPUs the fused kernels always win. On processors their backward pass in bf16 takes longer than plain products
    for short rows: 600 ms of a step of 3.3 s with SmolLM2-135M and 50 tokens.
    """
    heads, head_dim = _shape(model)
    if arithmetic.device != "cpu" or max(lengths) > _LONGEST or not heads:
        return "attention: sdpa"
    # The length of the row in which a token stands on average.
    typical = sum(length * length for length in lengths) // sum(lengths)
    dropout = _dropout(model)
    ratio = measured("eager_attention_speedup", partial(_speedup, heads, head_dim, typical, arithmetic.dtype, dropout))
    if ratio > _WORTH_IT:
        model.set_attn_implementation("eager")
        return f"attention: eager, measured {ratio:.1f} times as fast as sdpa at {typical} tokens"
    return f"attention: sdpa; eager measured {ratio:.1f} times as fast at {typical} tokens"


def _shape(model: PreTrainedModel) -> tuple[int, int]:
    """Heads and their dimension; 0 heads where the configuration has no such thing."""
    heads = getattr(model.config, "num_attention_heads", 0)
    hidden = getattr(model.config, "hidden_size", 0)
    return (heads, hidden // heads) if isinstance(heads, int) and heads and hidden else (0, 0)


def _dropout(model: PreTrainedModel) -> float:
    """The share of attention weights that the model drops in training."""
    shares = (getattr(model.config, name, None) for name in NAMES["attention_dropout"])
    return next((share for share in shares if isinstance(share, float)), 0.0)


Attend = Callable[[Tensor, Tensor], Tensor]


def _speedup(heads: int, head_dim: int, length: int, dtype: torch.dtype, dropout: float = 0.0) -> float:
    attends: tuple[Attend, Attend] = partial(_fused, dropout=dropout), partial(_plain, dropout=dropout)
    # A run that measures draws the same dropout afterwards as one that need not.
    with torch.random.fork_rng(devices=[]):
        fused, plain = (_seconds(attend, heads, head_dim, length, dtype) for attend in attends)
    return fused / plain


def _seconds(attend: Attend, heads: int, head_dim: int, length: int, dtype: torch.dtype) -> float:
    """The best of several forward and backward passes over 8 rows."""
    states = torch.ones(8, heads, length, head_dim, dtype=dtype, requires_grad=True)
    mask = torch.zeros(8, 1, length, length, dtype=dtype)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        attend(states, mask).sum().backward()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _fused(states: Tensor, mask: Tensor, dropout: float) -> Tensor:
    return functional.scaled_dot_product_attention(states, states, states, attn_mask=mask, dropout_p=dropout)


def _plain(states: Tensor, mask: Tensor, dropout: float) -> Tensor:
    scores = states @ states.transpose(2, 3) * states.shape[-1] ** -0.5 + mask
    weights = functional.softmax(scores, dim=-1, dtype=torch.float32).to(states.dtype)
    return masks.dropout(weights, dropout) @ states
