"""Who can be asked in tests: a stand-in that says what it is told to, and a run with weights made by hand."""

import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from bench import chat_rows, write_rows
from tunedeck.store import attempts, launch, runs, samples
from tunedeck.store.config import checked
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui import engine_process

FACTS: dict[str, Any] = {
    "run": None, "name": "router-help", "step": 1200, "base": "demo:smollm2", "which": ["tuned", "base"],
    "task": "causal-lm", "labels": [], "prompts": ["What are you?", "Who wrote Hamlet?"], "max_new_tokens": 48,
    "seed": 42, "device": "cpu", "precision": "bf16", "parameters": 137_000_000, "models": 1,
    "memory_bytes": 274_000_000, "notes": [],
}  # fmt: skip
TOLD = {"done": True, "seconds": 2.0, "tokens": 31, "stopped": "end"}
CHAT = [
    {"which": "tuned", "piece": "Switch your router off, wait ten seconds, "},
    {"which": "tuned", "piece": "and switch it on again."},
    {"which": "tuned", "text": "Switch your router off, wait ten seconds, and switch it on again.", **TOLD},
    {"which": "base", "piece": "Switch your router off"},
    {"which": "base", "text": "Switch your router off and call the help desk, and wait.", **TOLD, "stopped": "length"},
]

Script = Callable[..., None]


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """A function that has another program stand in for the engine: it says `answers` to each prompt."""
    file = tmp_path / "script.json"
    program = str(Path(__file__).with_name("stand_in_engine.py"))
    monkeypatch.setattr(engine_process, "_command", lambda *arguments: [sys.executable, program, str(file)])

    def script(answers: Sequence[dict[str, Any]] = CHAT, *, error: dict[str, str] | None = None, **facts: Any) -> None:
        told = {"error": error} if error else {"ready": FACTS | facts, "answers": list(answers)}
        file.write_text(json.dumps(told), encoding="utf-8")

    script()
    return script


def tiny_model(tokenizer_of: Path, folder: Path) -> Path:
    """A two-layer Llama with the tokenizer of that folder."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    tokenizer = AutoTokenizer.from_pretrained(tokenizer_of)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=256, bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def tuned_run(db: sqlite3.Connection, home: Home, model: Path, data: Path) -> Run:
    """A completed run whose adapter is far from zero; its name is `tiny`."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    write_rows(data, chat_rows(4))
    values = {"name": "tiny", "data": str(data), "model": str(model), "precision": "fp32", "device": "cpu"}
    run = launch.queue(db, home, checked(values | {"prompts": ["Where is Rome?"], "max_new_tokens": 200}))
    runs.claim(db)
    attempt = attempts.start(db, run.id)
    torch.manual_seed(1)
    tuned = get_peft_model(AutoModelForCausalLM.from_pretrained(model), LoraConfig(r=4, task_type="CAUSAL_LM"))
    for name, weight in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.5)
    tuned.save_pretrained(str(home.run(run.id).adapter))
    samples.write(db, run.id, attempt.id, 0, "Where is Rome?", "In Italy.")
    attempts.end(db, attempt.id, 0)
    runs.finish(db, run.id, "completed", summary=json.dumps({"steps": 8}))
    return runs.get(db, run.id)
