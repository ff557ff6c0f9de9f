"""Estimates held against what runs really do: the same counts, the same updates, and memory of the same order."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from bench import Bench
from in_process import train_here
from method_families import AUTO_CLASSES, make
from peft import TaskType
from tunedeck.engine import tasks
from tunedeck.engine.estimate import activations, skeleton
from tunedeck.engine.estimate.estimate import Estimate, Estimator
from tunedeck.engine.methods import adapter
from tunedeck.engine.methods.freeze import freeze
from tunedeck.engine.model import heads, models
from tunedeck.engine.model.models import ModelSource
from tunedeck.engine.model.precision import Arithmetic
from tunedeck.engine.verbs import estimate as verb
from tunedeck.store import launch, metrics
from tunedeck.store.config import RunConfig, checked
from tunedeck.store.paths import Home
from tunedeck.store.records import Run

FP32 = Arithmetic("cpu", False, "as configured")
FAMILIES = [
    ("llama", "causal-lm", {}),
    ("llama", "causal-lm", {"use_dora": True, "r": 2}),
    ("llama", "causal-lm", {"target_modules": "q_proj,v_proj"}),
    ("llama", "causal-lm", {"method": "full", "freeze_layers": 1}),
    ("gpt2", "causal-lm", {}),
    ("gpt2", "sequence-classification", {"method": "full"}),
    ("bert", "sequence-classification", {}),
    ("bert", "question-answering", {}),
    ("distilbert", "token-classification", {}),
    ("roberta", "token-classification", {"method": "full", "freeze": "embeddings"}),
    ("t5", "seq2seq-lm", {}),
    ("bart", "seq2seq-lm", {"method": "full"}),
]


def config(folder: Path, task: str, **knobs: Any) -> RunConfig:
    return checked({"data": "rows.jsonl", "model": str(folder), "task": task, "r": 4, "max_length": 16} | knobs)


def started(folder: Path, wanted: RunConfig, task: Any) -> torch.nn.Module:
    """The model as a run makes it, with its weights."""
    told = heads.options(task.names) | skeleton._options(task)
    model, new = models.load_with_gaps(ModelSource(str(folder)), torch.float32, task.auto_class, told)
    if wanted.method == "full":
        freeze(model, wanted.freeze, wanted.freeze_layers)
        return model
    return adapter.with_method(model, wanted, TaskType(task.peft_type), new_layers=new)


@pytest.mark.parametrize(("family", "name", "knobs"), FAMILIES)
def test_counts_are_those_of_the_model_that_is_trained(
    family: str, name: str, knobs: dict[str, Any], tmp_path: Path
) -> None:
    wanted = config(tmp_path, name, **knobs)
    task = tasks.of(wanted)
    task.names = ("a", "b") if name.endswith("-classification") else ()
    # Without its head, as most are published.
    is_headless = family in ("bert", "distilbert")
    with models.quiet():
        model = make(family, task.peft_type)
        (model.base_model if is_headless else model).save_pretrained(tmp_path)
    made = skeleton.skeleton(wanted, task, ModelSource(str(tmp_path)), FP32)
    real = started(tmp_path, wanted, task)
    assert made.parameters == sum(weight.numel() for weight in real.parameters())
    assert made.trained == sum(weight.numel() for weight in real.parameters() if weight.requires_grad)
    assert made.weight_bytes == 4 * made.parameters
    assert all(weight.is_meta for weight in made.model.parameters())


def saved_by(model: torch.nn.Module, batch: dict[str, Any]) -> int:
    """Bytes of what autograd really saves, but for the weights and the inputs."""
    saved: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        saved[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        said = model.train()(**batch)
    own = {weight.untyped_storage().data_ptr() for weight in (*model.parameters(), *model.buffers())}
    own |= {value.untyped_storage().data_ptr() for value in batch.values() if isinstance(value, torch.Tensor)}
    assert said is not None
    return sum(storage.nbytes() for place, storage in saved.items() if place not in own)


@pytest.mark.parametrize("method", ["lora", "full"])
def test_activations_are_counted_without_a_number_being_computed(method: str, tiny_model: Path) -> None:
    wanted = config(tiny_model, "causal-lm", method=method)
    task = tasks.of(wanted)
    made = skeleton.skeleton(wanted, task, ModelSource(str(tiny_model)), FP32)
    ids = torch.ones(4, 24, dtype=torch.int64)
    # Without a place of padding no mask is made.
    mask = ids.clone()
    mask[0, -1] = 0
    batch = {"input_ids": ids, "attention_mask": mask, "labels": torch.full_like(ids, -100)}
    counted = activations.activation_bytes(made.model, task, batch, FP32, checkpointing=False)
    really = saved_by(started(tiny_model, wanted, task), activations._inputs(task, batch))
    assert counted == pytest.approx(really, rel=0.02)
    lighter = activations.activation_bytes(made.model, task, batch, FP32, checkpointing=True)
    assert lighter < counted
    # Scores are kept where they are trained: two times the logits, and three copies in fp32.
    batch["labels"] = torch.where(torch.arange(24) >= 20, ids, -100)
    scored = activations.activation_bytes(made.model, task, batch, FP32, checkpointing=False)
    assert scored - counted == 4 * 4 * 300 * (2 * 4 + 12)


def test_a_classifier_whose_size_depends_on_the_ids_is_reckoned_by_formula(tmp_path: Path) -> None:
    with models.quiet():
        make("t5", "SEQ_CLS").save_pretrained(tmp_path)
    wanted = config(tmp_path, "sequence-classification", method="full")
    task = tasks.of(wanted)
    task.names = ("a", "b")
    made = skeleton.skeleton(wanted, task, ModelSource(str(tmp_path)), FP32)
    ids = torch.ones(2, 8, dtype=torch.int64)
    batch = {"input_ids": ids, "attention_mask": ids, "labels": torch.zeros(2)}
    counted = activations.activation_bytes(made.model, task, batch, FP32, checkpointing=False)
    # 16 tokens of width 16 through 2 blocks of the encoder and 2 of the decoder.
    assert counted == 3 * 34 * 16 * 16 * 4


def estimated(bench: Bench, **knobs: object) -> Estimate:
    return Estimator(bench.config(**knobs), bench.db, bench.home).estimate()


@pytest.mark.parametrize(
    "knobs",
    [
        {"num_train_epochs": 1.5, "max_steps": 0, "gradient_accumulation_steps": 2},
        {"num_train_epochs": 2.0, "max_steps": 0, "packing": True},
        {"method": "full"},
    ],
    ids=["rows", "packs", "full"],
)
def test_a_run_makes_the_updates_that_were_estimated(bench: Bench, knobs: dict[str, object]) -> None:
    before = estimated(bench, **knobs)
    run = train_here(bench, bench.queue(**knobs))
    assert run.state == "completed", run.cause
    assert before.steps == run.total_steps
    assert (before.rows, before.train_rows) == (43, 36)
    after = estimated(bench, **knobs)
    assert after.like >= 1 and after.tokens_per_second is not None
    assert after.seconds_low is not None and after.seconds is not None and after.seconds_high is not None
    assert after.seconds_low < after.seconds < after.seconds_high
    assert after.memory and before.memory
    assert after.memory["total"] == max(metrics.series(bench.db, run.id, "memory_bytes")[1])
    assert "The total of the memory is what a run like this one took; its parts are estimated." in after.notes


def test_without_a_run_the_time_is_not_known(own_bench: Bench) -> None:
    found = estimated(own_bench)
    assert (found.seconds, found.like) == (None, 0)
    assert "No run has trained on this machine yet: the time is not known." in found.notes


def test_runs_of_other_models_tell_the_time_roughly(bench: Bench, tmp_path: Path) -> None:
    if estimated(bench).like == 0:
        train_here(bench, bench.queue())
    with models.quiet():
        models.load_model(ModelSource(str(bench.model)), torch.float32).save_pretrained(tmp_path)
        models.load_tokenizer(ModelSource(str(bench.model))).save_pretrained(tmp_path)
    found = estimated(bench, model=str(tmp_path))
    assert found.like == 0 and found.seconds is not None and found.seconds_high is not None
    assert found.seconds_high >= 3 * found.seconds
    assert "No run like this one yet: the time is a rough guess by runs of other models." in found.notes


def test_what_does_not_fit_is_said_with_what_would(own_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from tunedeck.engine.estimate import device

    small = device.Device("cpu", "cpu", 450_900_000, 500_000_000)
    monkeypatch.setattr(device, "of_kind", lambda kind: small)
    found = estimated(own_bench, per_device_train_batch_size=32)
    assert found.fits is False
    assert any("at once it would fit" in note or "does not fit either" in note for note in found.notes)


def test_what_was_looked_at_once_needs_no_torch_again(own_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    first = estimated(own_bench, max_steps=0)
    monkeypatch.setattr(skeleton, "skeleton", None)
    again = estimated(own_bench, max_steps=0, num_train_epochs=6.0, learning_rate=1e-5)
    assert first.steps and again.steps == 2 * first.steps
    assert (again.parameters, again.memory, again.train_rows) == (first.parameters, first.memory, first.train_rows)
    monkeypatch.undo()
    with own_bench.data.open("a", encoding="utf-8") as file:
        file.write('{"prompt": "One more?", "completion": "Yes."}\n')
    assert estimated(own_bench, max_steps=0).rows == 42
    assert estimated(own_bench, max_steps=0, r=8).trained_parameters != first.trained_parameters


@pytest.mark.parametrize("model", ["demo:smollm2", "somebody/a-model"])
def test_a_model_that_is_not_here_is_not_fetched(own_bench: Bench, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    found = estimated(own_bench, model=model, max_steps=0)
    assert found.rows == 41 and found.steps and found.parameters is None and found.memory is None
    assert found.notes == [f"{model} is not on this machine yet: what it needs is known once it is fetched."]


def test_rows_that_are_not_here_leave_the_shape_known(own_bench: Bench) -> None:
    found = estimated(own_bench, data="hub:somebody/rows")
    assert found.rows is None and found.memory is None and found.steps == 8
    assert found.parameters and found.trained_parameters
    assert found.notes[0].startswith("The rows of hub:somebody/rows are counted once they are on this machine")


def test_a_run_that_goes_on_from_another_has_its_adapter(bench: Bench) -> None:
    first: Run = train_here(bench, bench.queue(r=2))
    found = estimated(bench, model=f"run:{first.id}", r=8)
    assert found.trained_parameters == estimated(bench, r=2).trained_parameters
    assert found.like >= 1


def test_the_verb_prints_one_object(home: Home, own_bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = own_bench.config()
    launch.check_files(wanted)
    verb.run([wanted.model_dump_json()])
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 41 and told["device"] == "cpu" and told["memory"]["total"] > 0
    assert set(told) == set(Estimate.__dataclass_fields__)


def test_every_task_has_a_form(tmp_path: Path) -> None:
    assert {tasks.of(config(tmp_path, name)).peft_type for _, name, _ in FAMILIES} == set(AUTO_CLASSES)


def test_memory_is_not_told_by_a_run_that_read_fewer_rows_or_others(own_bench: Bench) -> None:
    run = train_here(own_bench, own_bench.queue(max_steps=2))
    taken = max(metrics.series(own_bench.db, run.id, "memory_bytes")[1])
    alike, longer = (estimated(own_bench, max_steps=steps) for steps in (2, 0))
    assert alike.memory and alike.memory["total"] == taken
    other = own_bench.data.with_name("other.jsonl")
    other.write_bytes(own_bench.data.read_bytes())
    for found in (longer, estimated(own_bench, max_steps=2, data=str(other))):
        assert found.memory and found.memory["total"] != taken
        assert any(note.startswith("Memory is reckoned for the ") for note in found.notes)
    spread = [one.seconds_high / one.seconds for one in (longer, found) if one.seconds_high and one.seconds]
    assert spread[0] < spread[1] and "told by runs on other rows" in " ".join(found.notes)
