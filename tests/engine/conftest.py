"""A chat tokenizer and a two-layer Llama, made in a second and small enough to train in a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from bench import Bench, chat_rows, write_rows
from tiny_tokenizer import make_tokenizer
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast
from tunedeck.engine.faults.tiny import shape


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    return make_tokenizer()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory, tokenizer: PreTrainedTokenizerFast) -> Path:
    """The folder of a two-layer Llama (hidden size 32, 30,000 parameters) with its tokenizer; not to be written to."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    torch.manual_seed(0)
    LlamaForCausalLM(shape(tokenizer)).save_pretrained(folder)
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
