"""A two-layer Bert and a two-layer T5, with tokenizers of their families that know a few words; made in a moment."""

from functools import cache
from pathlib import Path
from typing import Any

import torch
from transformers import BertConfig, BertModel, BertTokenizer, T5Config, T5ForConditionalGeneration, T5Tokenizer
from tunedeck.engine.model.models import quiet

# Other words fall apart into their letters.
WORDS = [
    "Ada",
    "Lovelace",
    "lived",
    "in",
    "London",
    "and",
    "wrote",
    "to",
    "Grace",
    "Hopper",
    "The",
    "the",
    "is",
    "Where",
    "Paris",
    "France",
    "was",
    "York",
    "New",
]
LETTERS = [chr(code) for code in range(33, 127)]


@cache
def bert_tokenizer() -> BertTokenizer:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokens = dict.fromkeys([*special, *LETTERS, *(f"##{letter}" for letter in LETTERS), *WORDS])
    return BertTokenizer({token: number for number, token in enumerate(tokens)}, do_lower_case=False)


@cache
def t5_tokenizer() -> T5Tokenizer:
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -20.0)]
    letters = [(letter, -8.0) for letter in ("▁", *LETTERS)]
    return T5Tokenizer([*special, *letters, *((f"▁{word}", -4.0) for word in WORDS)], extra_ids=0)


def bert_config(**changes: Any) -> BertConfig:
    """Hidden size 32, up to 128 tokens, and no dropout, so that training computes what evaluation does."""
    values: dict[str, Any] = {
        "vocab_size": len(bert_tokenizer()), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 2, "max_position_embeddings": 128, "pad_token_id": 0, "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }  # fmt: skip
    return BertConfig(**values | changes)


def t5_config(**changes: Any) -> T5Config:
    """Hidden size 32, and no dropout."""
    values: dict[str, Any] = {
        "vocab_size": len(t5_tokenizer()), "d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 2,
        "dropout_rate": 0.0, "pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0,
    }  # fmt: skip
    return T5Config(**values | changes)


def save_bert(folder: Path) -> Path:
    """The folder of an encoder without a head, with its tokenizer."""
    torch.manual_seed(0)
    with quiet():
        BertModel(bert_config()).save_pretrained(folder)
    bert_tokenizer().save_pretrained(folder)
    return folder


def save_t5(folder: Path) -> Path:
    """The folder of a T5 with its tokenizer."""
    torch.manual_seed(0)
    with quiet():
        T5ForConditionalGeneration(t5_config()).save_pretrained(folder)
    t5_tokenizer().save_pretrained(folder)
    return folder
