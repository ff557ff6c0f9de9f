"""What is trained in a comparison: real weights and rows, at settings that people use."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...store.config import RunConfig, checked
from ...store.errors import ConfigError
from ..data import tables
from ..demo import parts

Write = Callable[[Path, Path], dict[str, object]]

_LONG_CHARACTERS = 9_000
# Of a T5 that is made here, as there is none on the package index: 11 million parameters.
_T5 = {"d_model": 256, "d_ff": 1024, "d_kv": 32, "num_heads": 8, "num_layers": 6, "feed_forward_proj": "gated-gelu"}


@dataclass(frozen=True)
class Work:
    """The knobs of a run; `write`, where rows or a model have to be made first, gives those that name them.

    `updates` are as many as show what there is to see, where nobody asks for others.
    """

    what: str
    knobs: Mapping[str, object]
    write: Write | None = None
    updates: int = 12

    def config(self, cache: Path, updates: int) -> RunConfig:
        """The run's configuration; what it names lies under `cache` afterwards."""
        folder = cache / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        made = self.write(cache, folder) if self.write else {}
        fixed = {"max_steps": updates, "eval_steps": updates, "save_steps": updates, "prompts": []}
        return checked(_COMMON | dict(self.knobs) | made | fixed)


_COMMON: dict[str, object] = {
    "lr_scheduler_type": "linear", "warmup_steps": 2, "seed": 42, "gradient_accumulation_steps": 1,
}  # fmt: skip
_CLASSIFY: dict[str, object] = {
    "task": "sequence-classification", "data": "demo:drug-reviews", "eval_data": "demo:drug-reviews-test",
    "model": "demo:minilm", "method": "full", "max_length": 256, "per_device_train_batch_size": 16,
}  # fmt: skip
_LORA: dict[str, object] = {"method": "lora", "r": 16, "lora_alpha": 32, "lora_dropout": 0.0, "learning_rate": 5e-4}


def _long_rows(cache: Path, folder: Path) -> dict[str, object]:
    """Reviews one behind the other, in texts of some 2,000 tokens."""
    texts = [str(row["text"]) for row in _values("demo:drug-reviews", cache)]
    joined, text = [], ""
    for part in texts:
        text += f"{part}\n\n"
        if len(text) >= _LONG_CHARACTERS:
            joined.append({"text": text})
            text = ""
    return {"data": _written(folder / "long.jsonl", joined)}


def _pairs(cache: Path, folder: Path) -> dict[str, object]:
    """Questions and answers as a text and its rewriting, and a T5 of random weights."""
    rows = [
        {"source": turns[0]["content"], "target": turns[1]["content"]}
        for turns in (row["messages"] for row in _values("demo:chat", cache))
        if len(turns) == 2
    ]
    return {"data": _written(folder / "pairs.jsonl", rows), "model": str(_t5(cache, folder / "t5"))}


def _values(part: str, cache: Path) -> Iterator[dict[str, Any]]:
    for row in tables.read_rows(parts.ensure_data(part, cache, print)):
        value = getattr(row, "value", None)
        if isinstance(value, dict):
            yield value


def _written(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def _t5(cache: Path, folder: Path) -> Path:
    import torch
    from transformers import AutoTokenizer, T5Config, T5ForConditionalGeneration

    if not (folder / "model.safetensors").exists():
        tokenizer = AutoTokenizer.from_pretrained(parts.ensure_model("demo:smollm2", cache, print))
        torch.manual_seed(0)
        tokenizer.save_pretrained(str(folder))
        pad = tokenizer.pad_token_id
        ends = {"pad_token_id": pad, "decoder_start_token_id": pad, "eos_token_id": tokenizer.eos_token_id}
        config = T5Config(vocab_size=len(tokenizer), **_T5, **ends)
        T5ForConditionalGeneration(config).save_pretrained(str(folder))
    return folder


WORKS: Mapping[str, Work] = {
    "chat-lora": Work(
        "SmolLM2-135M, LoRA of rank 16 on all linear layers, on questions and answers",
        _LORA | {"data": "demo:chat", "model": "demo:smollm2", "per_device_train_batch_size": 8, "max_length": 1024},
    ),
    "classify-full": Work("MiniLM, all weights, on drug reviews of three classes", _CLASSIFY | {"learning_rate": 5e-5}),
    "classify-head": Work(
        "MiniLM, frozen, with a new head, on drug reviews of three classes",
        _CLASSIFY | {"learning_rate": 1e-3, "freeze": "all-but-head"},
        # Four epochs of 600 rows: what is computed once is read again.
        updates=150,
    ),
    "seq2seq": Work(
        "a T5 of 11 million random weights, all of them, on questions and answers",
        {"task": "seq2seq-lm", "method": "full", "learning_rate": 1e-3, "per_device_train_batch_size": 16},
        _pairs,
    ),
    "long": Work(
        "SmolLM2-135M, LoRA of rank 16, on texts of 2,000 tokens",
        _LORA | {"model": "demo:smollm2", "per_device_train_batch_size": 2, "max_length": 2048},
        _long_rows,
    ),
}


def of(name: str) -> Work:
    """The work of that name.

    Raises:
        ConfigError: there is none.
    """
    if name not in WORKS:
        raise ConfigError(f"There is no work {name!r}.", f"There are {', '.join(WORKS)}.", field="work")
    return WORKS[name]
