"""A chat tokenizer and a two-layer Llama, made in a second and small enough to train in a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from bench import Bench, chat_rows, write_rows
from tiny_tokenizer import make_tokenizer
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    return make_tokenizer()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory, tokenizer: PreTrainedTokenizerFast) -> Path:
    """The folder of a two-layer Llama (hidden size 32, 30,000 parameters) with its tokenizer; not to be written to."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=256,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Bench]:
    """A store for the whole module, as every engine that it starts costs 8 s."""
    made = Bench(tmp_path_factory.mktemp("bench"), tiny_model)
    yield made
    made.close()


@pytest.fixture
def own_bench(tmp_path: Path, tiny_model: Path) -> Iterator[Bench]:
    """A store in which nothing is remembered yet, and 41 rows of different lengths."""
    made = Bench(tmp_path, tiny_model)
    write_rows(made.data, chat_rows(41))
    yield made
    made.close()
