"""How much arithmetic a training needs, and how much of it this machine can do: their ratio is the MFU."""

import time

import torch
from torch import nn

_SIDE = {"cpu": 2048, "cuda": 8192, "mps": 4096}
_TRIES = 5
_SCORES = "lm_head"
_HEADS = {_SCORES, "classifier", "score", "qa_outputs", "pre_classifier"}


def needed(model: nn.Module, *, mean_length: float, trained_share: float) -> float:
    """Floating-point operations of one token that is read, forwards and backwards.

    After Chowdhery et al. 2022 (PaLM), appendix B: two for each weight in a matrix product forwards, and
    4 x layers x width x length for attention; backwards as much again for the gradients of the activations, where
    there is anything below to train, and again for those of weights that are trained. Scores are needed only at the
    `trained_share` of the places; beside an encoder a decoder reads so many tokens for each of the encoder's. What a
    trainer does beyond that (padding, scores that nobody needs, activations made twice) is not counted.
    """
    total, attends_backwards = 0.0, False
    trained_below = any(layer.weight.requires_grad for layer in model.modules() if isinstance(layer, nn.Embedding))
    for name, layer in model.named_modules():
        if not isinstance(layer, nn.Linear):
            continue
        is_head, is_trained = name.rpartition(".")[2] in _HEADS, layer.weight.requires_grad
        trained_below = trained_below or is_trained
        attends_backwards = attends_backwards or (is_trained and not is_head)
        share = trained_share if name.endswith(_SCORES) or _is_of_target(name) else 1.0
        total += 2.0 * layer.weight.numel() * share * (1 + trained_below + is_trained)
    return total + _attention(model, mean_length, trained_share) * (3 if attends_backwards else 1)


def _is_of_target(name: str) -> bool:
    """Whether a layer reads the target: all of a T5's decoder, but for keys and values of what the encoder read."""
    return name.startswith("decoder.") and not name.endswith(("EncDecAttention.k", "EncDecAttention.v"))


def _attention(model: nn.Module, mean_length: float, trained_share: float) -> float:
    config = getattr(model, "config", None)
    layers, width = getattr(config, "num_hidden_layers", 0), getattr(config, "hidden_size", 0)
    own = 4.0 * layers * width * mean_length
    # The target attends to itself, and to the source.
    return own * (1 + trained_share**2 + trained_share) if getattr(config, "is_encoder_decoder", False) else own


def peak(device: str) -> float:
    """The most operations a second of a large matrix product here, in bf16 or fp32, whichever is faster."""
    return max(_rate(device, dtype) for dtype in (torch.bfloat16, torch.float32))


def _rate(device: str, dtype: torch.dtype) -> float:
    side = _SIDE[device]
    left, right = (torch.randn(side, side, device=device).to(dtype) for _ in range(2))
    seconds = []
    for _ in range(_TRIES):
        start = time.perf_counter()
        product = left @ right
        if device == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
        del product
    return 2.0 * side**3 / min(seconds)
