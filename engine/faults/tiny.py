"""What a real run made small is made of: a Llama of two layers, its tokenizer, and rows."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_CITIES = ("Paris", "Rome", "Oslo", "Bern", "Prague", "Madrid", "Lima", "Cairo")


@dataclass(frozen=True)
class Tiny:
    """A folder with a model of 27,000 weights, and a file of 40 rows."""

    model: Path
    data: Path


def make(folder: Path) -> Tiny:
    """Write both into the folder; the weights come from a fixed seed."""
    tiny = Tiny(folder / "tiny", folder / "rows.jsonl")
    tokenizer = _tokenizer()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        LlamaForCausalLM(shape(tokenizer)).save_pretrained(tiny.model)
    tokenizer.save_pretrained(tiny.model)
    tiny.data.write_text("".join(json.dumps(row) + "\n" for row in _rows(40)), encoding="utf-8")
    return tiny


def _tokenizer() -> PreTrainedTokenizerFast:
    """A token a byte, which needs no training."""
    names = [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    byte_level = Tokenizer(models.BPE(vocab={name: place for place, name in enumerate(names)}, merges=[]))
    byte_level.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    byte_level.decoder = decoders.ByteLevel()
    return for_chat(byte_level, CHATML)


def for_chat(tokenizer: Tokenizer, chat_template: str | None) -> PreTrainedTokenizerFast:
    """The tokenizer with the template; as in SmolLM2, pad is the turn's end too."""
    end, start, turn_end = SPECIAL
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=start, eos_token=turn_end, pad_token=turn_end, unk_token=end
    )
    fast.chat_template = chat_template
    return fast


def shape(tokenizer: PreTrainedTokenizerFast) -> LlamaConfig:
    """Of two layers, hidden size 32; the ids are those of SPECIAL, which both tokenizers begin with."""
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=256,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        tie_word_embeddings=True,
    )


def _rows(count: int) -> list[dict[str, str]]:
    """Of different lengths, each question asked once."""
    return [
        {"prompt": f"What is the capital of country {row}?", "completion": f"{_CITIES[row % 8]}." + " Yes." * (row % 5)}
        for row in range(count)
    ]
