"""Losses that are no number: shown as such, survived once, and the end of a run that does not recover (FAULTS 10)."""

import math
from pathlib import Path

import pytest
import torch
from bench import Bench, chat_rows, write_rows
from in_process import train_here
from safetensors.torch import load_file
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast
from tunedeck.store import checkpoints, events

POISON = "~"


@pytest.fixture(scope="module")
def poisoned_model(
    tiny_model: Path, tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A model that answers NaN wherever it reads the poison."""
    folder = tmp_path_factory.mktemp("poisoned")
    model = LlamaForCausalLM.from_pretrained(tiny_model)
    # Untied, as a head with a NaN row makes every loss NaN.
    model.config.tie_word_embeddings = False
    model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
    [poison] = tokenizer(POISON, add_special_tokens=False)["input_ids"]
    with torch.no_grad():
        model.model.embed_tokens.weight[poison] = math.nan
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def rows_with_poison(path: Path, poisoned: int, count: int = 24) -> str:
    rows = chat_rows(count)
    for row in rows[:poisoned]:
        row["prompt"] += POISON
    return str(write_rows(path, rows))


def test_one_bad_row_costs_its_updates_and_no_more(bench: Bench, poisoned_model: str, tmp_path: Path) -> None:
    data = rows_with_poison(tmp_path / "train.jsonl", 1)
    held_out = str(write_rows(tmp_path / "eval.jsonl", chat_rows(30)[25:]))
    run = train_here(bench, bench.queue(model=poisoned_model, data=data, eval_data=held_out, max_steps=12))
    steps, losses = bench.steps_and_losses(run)
    flagged = [step for step, loss in zip(steps, losses, strict=True) if math.isnan(loss)]
    assert run.state == "completed" and steps == list(range(1, 13)), bench.told(run)
    # The row comes once in each epoch of six updates.
    assert len(flagged) == 2 and flagged[0] <= 6 < flagged[1]
    warned = [event.text for event in events.of_run(bench.db, run.id) if event.level == "warning"]
    assert warned == [f"step {step}: loss nan, not finite; the update was left out" for step in flagged]
    assert all(map(math.isfinite, bench.steps_and_losses(run, "eval_loss")[1]))
    weights = load_file(bench.home.run(run.id).adapter / "adapter_model.safetensors")
    assert all(bool(weight.isfinite().all()) for weight in weights.values())


def test_three_in_a_row_end_the_run_with_its_last_finite_checkpoint(
    bench: Bench, poisoned_model: str, tmp_path: Path
) -> None:
    data = rows_with_poison(tmp_path / "train.jsonl", 8)
    run = train_here(
        bench,
        bench.queue(
            model=poisoned_model, data=data, max_steps=40, per_device_train_batch_size=1, save_steps=1, eval_steps=1,
            save_total_limit=2, eval_fraction=0.5, drop_duplicates=False, seed=3,
        ),
    )  # fmt: skip
    losses = bench.steps_and_losses(run)[1]
    assert run.state == "failed" and all(map(math.isnan, losses[-3:])), bench.told(run)
    assert run.cause == (
        f"the loss was not finite for 3 updates in a row, up to step {len(losses)}."
        " Lower learning_rate, or look at the rows of those steps."
    )
    kept = checkpoints.of_run(bench.db, run.id)
    assert kept[0].step == len(losses) - 1 and not any(saved.best for saved in kept if saved.eval_loss is None)
    for saved in kept:
        folder = bench.home.run(run.id).checkpoints / checkpoints.folder_name(saved.step)
        assert all(bool(w.isfinite().all()) for w in load_file(folder / "adapter_model.safetensors").values())


@pytest.fixture
def steep_model(own_bench: Bench, tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> str:
    """A model whose losses are large and finite, and whose gradients are too long for fp32."""
    model = LlamaForCausalLM.from_pretrained(own_bench.model)
    model.config.tie_word_embeddings = False
    model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach() * 1e24)
    model.save_pretrained(tmp_path / "steep")
    tokenizer.save_pretrained(tmp_path / "steep")
    return str(tmp_path / "steep")


def test_endless_gradients_end_it_as_losses_do_after_as_many_as_configured(own_bench: Bench, steep_model: str) -> None:
    run = train_here(own_bench, own_bench.queue(model=steep_model, max_steps=40, max_nonfinite_steps=2))
    losses, lengths = (own_bench.steps_and_losses(run, name)[1] for name in ("loss", "grad_norm"))
    assert len(losses) == 2 and all(map(math.isfinite, losses)) and not any(map(math.isfinite, lengths))
    assert run.state == "failed" and run.cause == (
        "the gradient was not finite for 2 updates in a row, up to step 2."
        " Lower learning_rate, or look at the rows of those steps."
    ), own_bench.told(run)
    [warned] = [event.text for event in events.of_run(own_bench.db, run.id) if event.level == "warning"]
    assert warned.startswith("step 1: gradient ") and warned.endswith(", not finite; the update was left out")
