"""Runs that have ended, their weights made by hand with plain peft: what is exported, without the training."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from bench import Bench
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel
from tunedeck.engine.export import request
from tunedeck.engine.export.package import make
from tunedeck.store import attempts, checkpoints, metrics, runs
from tunedeck.store.records import Run

BASE_AND_TUNED = [("eval_loss", 0, 5.0), ("eval_loss", 4, 3.5), ("eval_loss", 8, 4.0), ("eval_seconds", 8, 1.0)]


def queued(bench: Bench, **changes: object) -> Run:
    """A run's rows, with three evaluations; its weights are still to be saved."""
    config = bench.config(**{"name": "first", **changes})
    made = runs.queue(
        bench.db, bench.home, name=config.name, config=config.model_dump_json(), versions={"torch": "2.0"},
        fingerprint="sha256:abc",
    )  # fmt: skip
    runs.claim(bench.db)
    metrics.write(bench.db, attempts.start(bench.db, made.id).id, BASE_AND_TUNED)
    return bench.now(made)


def completed(bench: Bench, run: Run) -> Run:
    runs.finish(bench.db, run.id, "completed", summary=json.dumps({"steps": 8}))
    return bench.now(run)


def lora(base: Path, folder: Path, **changes: Any) -> PeftModel:
    """A model with added matrices that are far from zero; the matrices are saved."""
    torch.manual_seed(1)
    options = {"r": 4, "target_modules": "all-linear", "task_type": "CAUSAL_LM"} | changes
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), LoraConfig(**options))
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    model.save_pretrained(str(folder))
    return model.eval()


def adapter_run(bench: Bench, lora_options: dict[str, Any] | None = None, **changes: object) -> Run:
    """A LoRA run that is completed, with its tokenizer beside the adapter."""
    run = queued(bench, **changes)
    folder = bench.home.run(run.id).adapter
    lora(bench.model, folder, **lora_options or {})
    AutoTokenizer.from_pretrained(bench.model).save_pretrained(folder)
    return completed(bench, run)


def full_run(bench: Bench, **changes: object) -> Run:
    """A completed run of all weights, each moved a little."""
    run = queued(bench, method="full", **changes)
    model = AutoModelForCausalLM.from_pretrained(bench.model, dtype=torch.float32)
    torch.manual_seed(2)
    for weight in model.parameters():
        weight.data += 0.1 * torch.randn_like(weight)
    folder = bench.home.run(run.id).adapter
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(bench.model).save_pretrained(folder)
    return completed(bench, run)


def checkpoint(bench: Bench, run: Run, step: int, save: Callable[[Path], object], eval_loss: float | None) -> Path:
    """A listed checkpoint of the run, filled by `save`."""
    folder = bench.home.run(run.id).checkpoints / checkpoints.folder_name(step)
    folder.mkdir(parents=True)
    save(folder)
    manifest_hash, size_bytes = checkpoints.write_manifest(folder)
    checkpoints.begin(bench.db, run.id, bench.attempt(run).id, step)
    checkpoints.complete(bench.db, run.id, step, manifest_hash, size_bytes, eval_loss, eval_loss)
    return folder


def export(bench: Bench, run: Run, to: Path, **wishes: Any) -> dict[str, Any]:
    """What the verb does, in this process."""
    asked = request.checked(bench.db, bench.home, run.id, to=str(to), **wishes)
    return make(bench.db, asked, lambda progress: None)


def logits(model: PreTrainedModel | PeftModel) -> torch.Tensor:
    """What a model says to a fixed row of tokens."""
    with torch.no_grad():
        return model.eval()(input_ids=torch.tensor([[5, 9, 40, 7, 12, 30]])).logits
