"""What a model is by its config.json: its family, the tasks that it suits, and its size."""

from collections.abc import Mapping
from typing import Any, Literal

from ..estimate.formula import Size

Family = Literal["gpt", "bert", "t5", ""]
# transformers knows this too, but takes 6 s to say so; a test holds this list against it.
ENCODERS = frozenset((
    "albert", "bert", "camembert", "convbert", "deberta", "deberta-v2", "distilbert", "electra", "ernie", "esm", "fnet",
    "ibert", "megatron-bert", "mobilebert", "modernbert", "mpnet", "mra", "nystromformer", "rembert", "roberta",
    "roberta-prelayernorm", "roc_bert", "roformer", "squeezebert", "xlm-roberta", "xlm-roberta-xl", "xmod", "yoso",
))  # fmt: skip
TASKS: Mapping[Family, tuple[str, ...]] = {
    "gpt": ("causal-lm", "sequence-classification"),
    "bert": ("sequence-classification", "token-classification", "question-answering"),
    "t5": ("seq2seq-lm",),
    "": (),
}
_WRITES = ("ForCausalLM", "LMHeadModel")
# The same under the names of older configurations.
_HIDDEN = ("hidden_size", "d_model", "n_embd", "dim")
_LAYERS = ("num_hidden_layers", "num_layers", "n_layer", "n_layers", "encoder_layers")
_DECODER_LAYERS = ("num_decoder_layers", "decoder_layers")


def family(config: Mapping[str, Any]) -> Family:
    """How the model reads: onwards (gpt), in both directions (bert), or one text into another (t5)."""
    if config.get("is_encoder_decoder") is True:
        return "t5"
    architectures = config.get("architectures")
    names = architectures if isinstance(architectures, list) else []
    if config.get("model_type") in ENCODERS and not config.get("is_decoder"):
        return "bert"
    return "gpt" if any(str(name).endswith(_WRITES) for name in names) else ""


def architecture(config: Mapping[str, Any]) -> str:
    """The class that it was saved from, or else its type."""
    names = config.get("architectures")
    return str(names[0]) if isinstance(names, list) and names else str(config.get("model_type") or "")


def size(config: Mapping[str, Any], parameters: int) -> Size:
    """With what of it decides on memory; a model of pictures and words keeps that of the words apart."""
    text = config.get("text_config")
    told = {**config, **text} if isinstance(text, dict) else config
    layers = _number(told, _LAYERS)
    if told.get("is_encoder_decoder") is True:
        layers += _number(told, _DECODER_LAYERS) or layers
    vocabulary = 0 if family(config) == "bert" else _number(told, ("vocab_size",))
    return Size(parameters, _number(told, _HIDDEN), layers, vocabulary)


def _number(config: Mapping[str, Any], names: tuple[str, ...]) -> int:
    found = (config.get(name) for name in names)
    return next((value for value in found if isinstance(value, int) and value > 0), 0)
