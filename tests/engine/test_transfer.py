"""Starting from an earlier run: its weights, a fresh optimizer, and the head that the new labels ask for."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from bench import Bench, chat_rows, write_rows
from in_process import resume_here, train_here
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM
from tunedeck.engine import sources
from tunedeck.store import checkpoints, events, runs
from tunedeck.store.errors import ConfigError, ModelError
from tunedeck.store.records import Run


@pytest.fixture(scope="module")
def first(bench: Bench) -> Run:
    """A LoRA run that has completed, with checkpoints at 4 and 8."""
    run = train_here(bench, bench.queue(learning_rate=1e-2))
    assert run.state == "completed", bench.told(run)
    return run


def adapter_of(bench: Bench, run: Run) -> dict[str, torch.Tensor]:
    return load_file(bench.home.run(run.id).adapter / "adapter_model.safetensors")


def base_loss(bench: Bench, run: Run) -> float:
    return bench.steps_and_losses(run, "eval_loss")[1][0]


def said(bench: Bench, run: Run) -> str:
    return "\n".join(event.text for event in events.of_run(bench.db, run.id))


def test_an_adapter_is_trained_on_with_a_fresh_optimizer(bench: Bench, first: Run) -> None:
    run = train_here(bench, bench.queue(model=f"run:{first.id}", r=2))
    assert run.state == "completed", bench.told(run)
    assert (run.kind, run.parent_run, run.parent_checkpoint) == ("transfer", first.id, None)
    assert json.loads(run.config)["model"] == f"run:{first.id}@result"
    assert base_loss(bench, run) == pytest.approx(bench.steps_and_losses(first, "eval_loss")[1][-1], rel=1e-5)
    assert bench.steps_and_losses(run)[0] == list(range(1, 9))
    before, after = adapter_of(bench, first), adapter_of(bench, run)
    assert {name: weight.shape for name, weight in after.items()} == {n: w.shape for n, w in before.items()}
    assert f"the adapter of run:{first.id}@result is trained on" in said(bench, run)


def test_a_checkpoint_that_something_starts_from_is_kept(bench: Bench, first: Run) -> None:
    run = train_here(bench, bench.queue(model=f"run:{first.id}@4"))
    assert (run.state, run.parent_checkpoint) == ("completed", 4), bench.told(run)
    pinned = {saved.step: saved.pinned for saved in checkpoints.of_run(bench.db, first.id)}
    assert pinned == {8: 0, 4: 1}
    assert base_loss(bench, run) == pytest.approx(bench.steps_and_losses(first, "eval_loss")[1][1], rel=1e-5)


@pytest.fixture(scope="module")
def on_merged(bench: Bench, first: Run) -> Run:
    """A run whose adapter lies on the first one's, merged into the base."""
    run = train_here(bench, bench.queue(model=f"run:{first.id}", start_adapter="merge", r=2))
    assert run.state == "completed", bench.told(run)
    return run


def test_a_merged_adapter_gives_the_same_start_and_lies_beside_the_run(
    bench: Bench, first: Run, on_merged: Run
) -> None:
    assert base_loss(bench, on_merged) == pytest.approx(bench.steps_and_losses(first, "eval_loss")[1][-1], rel=1e-5)
    folder = bench.home.run(on_merged.id)
    base = AutoModelForCausalLM.from_pretrained(folder.base)
    tuned = PeftModel.from_pretrained(base, str(folder.adapter))
    assert tuned.peft_config["default"].base_model_name_or_path == str(folder.base)
    assert tuned.peft_config["default"].r == 2


def test_a_grandchild_starts_where_its_parent_ended(bench: Bench, on_merged: Run) -> None:
    run = train_here(bench, bench.queue(model=f"run:{on_merged.id}"))
    assert run.state == "completed", bench.told(run)
    ended = bench.steps_and_losses(on_merged, "eval_loss")[1][-1]
    assert base_loss(bench, run) == pytest.approx(ended, rel=1e-5)


def test_all_weights_start_from_an_adapter_and_an_adapter_from_all_weights(bench: Bench, first: Run) -> None:
    full = train_here(bench, bench.queue(model=f"run:{first.id}", method="full"))
    assert full.state == "completed", bench.told(full)
    assert base_loss(bench, full) == pytest.approx(bench.steps_and_losses(first, "eval_loss")[1][-1], rel=1e-5)
    lora = train_here(bench, bench.queue(model=f"run:{full.id}"))
    assert lora.state == "completed", bench.told(lora)
    assert base_loss(bench, lora) == pytest.approx(bench.steps_and_losses(full, "eval_loss")[1][-1], rel=1e-5)


def test_a_transfer_is_resumed_like_any_other_run(bench: Bench, on_merged: Run, first: Run) -> None:
    for changes in ({"start_adapter": "merge"}, {"start_adapter": "continue"}):
        whole = train_here(bench, bench.queue(model=f"run:{first.id}", **changes))
        half = train_here(bench, bench.queue(model=f"run:{first.id}", **changes))
        folder = bench.home.run(half.id)
        # As if it had been killed behind its first checkpoint.
        bench.db.execute("DELETE FROM checkpoint WHERE run_id = ? AND step = 8", (half.id,))
        shutil.rmtree(folder.checkpoints / "checkpoint-8")
        shutil.rmtree(folder.adapter)
        resumed = resume_here(bench, half)
        assert resumed.state == "completed", bench.told(resumed)
        for name, weight in adapter_of(bench, whole).items():
            torch.testing.assert_close(adapter_of(bench, resumed)[name], weight, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("run:nothing", "model is run:nothing: There is no run 'nothing'."),
        ("run:{id}@7", "it has no checkpoint 7. Its checkpoints are 8, 4: write run:{id}@8."),
    ],
)
def test_what_is_not_there_is_refused_before_anything_is_queued(
    bench: Bench, first: Run, model: str, sentence: str
) -> None:
    count = len(runs.listed(bench.db))
    with pytest.raises(ConfigError) as caught:
        bench.queue(model=model.format(id=first.id))
    assert sentence.format(id=first.id) in str(caught.value) and caught.value.field == "model"
    assert len(runs.listed(bench.db)) == count


def test_a_parent_that_is_gone_is_named(bench: Bench, first: Run) -> None:
    with pytest.raises(ModelError, match=r"checkpoint-99 is gone\. Restore the run"):
        sources.resolve(f"run:{first.id}@99", home=bench.home)


def test_an_adapters_folder_stands_for_the_model_that_it_belongs_to(bench: Bench, first: Run) -> None:
    source = sources.resolve(str(bench.home.run(first.id).adapter))
    assert (source.path_or_id, source.adapter) == (str(bench.model), str(bench.home.run(first.id).adapter))


def reviews(path: Path, labels: tuple[str, ...]) -> str:
    """Thirty rows whose label stands in their text."""
    rows = [{"text": f"review {n} says {labels[n % len(labels)]}", "label": labels[n % len(labels)]} for n in range(30)]
    return str(write_rows(path, rows))


@pytest.mark.parametrize("method", ["lora", "full"])
def test_a_head_keeps_equal_labels_and_learns_new_ones(bench: Bench, method: str, tmp_path: Path) -> None:
    task = {"task": "sequence-classification", "method": method, "prompts": []}
    parent = train_here(bench, bench.queue(data=reviews(tmp_path / "a.jsonl", ("bad", "good")), **task))
    assert parent.state == "completed", bench.told(parent)
    same = train_here(bench, bench.queue(data=str(tmp_path / "a.jsonl"), model=f"run:{parent.id}", **task))
    assert base_loss(bench, same) == pytest.approx(bench.steps_and_losses(parent, "eval_loss")[1][-1], rel=1e-5)
    data = reviews(tmp_path / "b.jsonl", ("good", "so-so"))
    child = train_here(bench, bench.queue(data=data, model=f"run:{parent.id}", **task))
    assert child.state == "completed", bench.told(child)
    assert "the head keeps what it learned of good; starts anew on so-so; drops bad" in said(bench, child)
    strange = reviews(tmp_path / "c.jsonl", ("x", "y", "z"))
    other = train_here(bench, bench.queue(data=strange, model=f"run:{child.id}", **task))
    assert other.state == "completed", bench.told(other)
    assert "the head is new: its labels are x, y, z, those before were good, so-so" in said(bench, other)


def test_a_chat_adapter_becomes_a_classifier_with_a_new_head(bench: Bench, first: Run, tmp_path: Path) -> None:
    data = reviews(tmp_path / "a.jsonl", ("bad", "good"))
    run = train_here(bench, bench.queue(task="sequence-classification", data=data, model=f"run:{first.id}", prompts=[]))
    assert run.state == "completed", bench.told(run)
    assert chat_rows(1) and any("modules_to_save" in name or "score" in name for name in adapter_of(bench, run))
