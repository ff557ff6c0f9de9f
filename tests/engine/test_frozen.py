"""A frozen part is computed once for each row: the same training as computing it each time, on every family."""

import shutil
from pathlib import Path

import pytest
import torch
from bench import Bench, write_rows
from in_process import of_attempt, queue_unmeasured, resume_here, told, train_here
from method_families import make
from safetensors.torch import load_file
from task_checks import PROCESSOR, a_session, update
from tiny_models import bert_config, bert_tokenizer
from tiny_tasks import say_nothing, task_of
from transformers import AutoModelForSequenceClassification, BertModel
from tunedeck.engine.batching.feed import feed
from tunedeck.engine.batching.material import Material
from tunedeck.engine.encoding.example import Example
from tunedeck.engine.frozen import features
from tunedeck.engine.frozen.features import remembered
from tunedeck.engine.methods.backbone import frozen_backbone, keep_still
from tunedeck.engine.methods.freeze import freeze
from tunedeck.engine.model.models import quiet
from tunedeck.engine.tasks.task import Task
from tunedeck.store import attempts
from tunedeck.store.records import Run

CLASSIFIERS = {
    "bert": "its first place",
    "distilbert": "its first place",
    "roberta": "its first place",
    "modernbert": "its first place",
    "gpt2": "its last place",
    "llama": "its last place",
    "falcon": "its last place",
    "bart": "its last place",
    "t5": "its last place",
}
KNOBS = {
    "task": "sequence-classification", "method": "full", "freeze": "all-but-head", "max_steps": 24, "eval_steps": 8,
    "save_steps": 16, "learning_rate": 1e-2, "prompts": ["Ada wrote"], "per_device_train_batch_size": 8,
    "retention_data": "", "retention_rows": 4,
}  # fmt: skip


def examples(count: int) -> list[Example]:
    """Rows of 3 to 9 tokens with the end of text behind them, as encoder-decoder classifiers look for it."""
    draw = torch.Generator().manual_seed(3)
    rows = [torch.randint(3, 40, (3 + row % 7,), generator=draw).tolist() for row in range(count)]
    return [Example([*row, 2], labels=line % 2, line=line) for line, row in enumerate(rows, start=1)]


def labels_by_place(example: Example) -> Example:
    return Example(example.input_ids, [place % 2 for place, _ in enumerate(example.input_ids)], example.line)


def task_for(name: str) -> Task:
    task = task_of(name, max_steps=100, per_device_train_batch_size=4, freeze="all-but-head", method="full")
    task.names = ("a", "b")
    task.use(bert_tokenizer(), say_nothing)
    return task


def material_of(task: Task, rows: list[Example]) -> Material:
    return Material(task, feed(rows[:-4], task, task.config, say_nothing), (), rows[-4:], [], [])


def with_states(bench: Bench, model: torch.nn.Module, task: Task, rows: list[Example]) -> tuple[list[Example], str]:
    """The rows as training and evaluation have them then, and what was said of it."""
    with a_session(bench) as session:
        made = remembered(model, material_of(task, rows), task.config, PROCESSOR, session)
        return [*(row for [row] in made.feed.lines), *made.evaluation], told(bench, session.run)[-1]


@pytest.mark.parametrize("family", CLASSIFIERS)
def test_a_head_reads_what_was_computed_before(bench: Bench, family: str) -> None:
    model, task, rows = make(family), task_for("sequence-classification"), examples(13)
    freeze(model, "all-but-head", 0)
    plain_loss, plain_gradient = update(task, model, rows, 4)
    filled, said = with_states(bench, model, task, rows)
    assert f"of each of 13 rows {CLASSIFIERS[family]} is kept" in said
    assert {len(row.input_ids) for row in filled} == {1} and [row.line for row in filled] == list(range(1, 14))
    model.get_input_embeddings().register_forward_hook(lambda *_: pytest.fail("computed again"))
    loss, gradient = update(task, model, filled, 4)
    assert loss == pytest.approx(plain_loss, rel=1e-6)
    torch.testing.assert_close(gradient, plain_gradient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("family", ["bert", "modernbert", "llama"])
def test_a_head_with_a_label_for_each_place_reads_all_of_them(bench: Bench, family: str) -> None:
    model, task = make(family, "TOKEN_CLS"), task_for("token-classification")
    freeze(model, "all-but-head", 0)
    rows = [labels_by_place(row) for row in examples(13)]
    plain_loss, plain_gradient = update(task, model, rows, 4)
    filled, said = with_states(bench, model, task, rows)
    assert "every place is kept" in said and [row.input_ids for row in filled] == [row.input_ids for row in rows]
    loss, gradient = update(task, model, filled, 4)
    assert loss == pytest.approx(plain_loss, rel=1e-6)
    torch.testing.assert_close(gradient, plain_gradient, rtol=1e-4, atol=1e-6)


def test_a_head_of_zeros_is_asked_nothing_that_it_cannot_tell(bench: Bench) -> None:
    model, task = make("bert"), task_for("sequence-classification")
    torch.nn.init.zeros_(model.classifier.weight)
    freeze(model, "all-but-head", 0)
    assert "every place is kept" in with_states(bench, model, task, examples(13))[1]


def test_a_model_of_which_more_is_trained_stays_as_it_is(bench: Bench) -> None:
    model, task, rows = make("bert"), task_for("sequence-classification"), examples(13)
    assert frozen_backbone(model) is None
    freeze(model, "nothing", 2)
    with a_session(bench) as session:
        material = material_of(task, rows)
        assert remembered(model, material, task.config, PROCESSOR, session) is material


@pytest.mark.parametrize(
    ("knobs", "reason"),
    [
        ({"max_steps": 3}, "no row is trained twice"),
        ({"hidden_dropout": 0.1}, "hidden_dropout makes something else of a row each time"),
        ({"neftune_noise_alpha": 5.0}, "neftune_noise_alpha makes something else of a row each time"),
    ],
)
def test_where_it_would_not_pay_or_not_be_the_same_it_says_why(
    bench: Bench, knobs: dict[str, object], reason: str
) -> None:
    model, task, rows = make("bert"), task_for("sequence-classification"), examples(13)
    freeze(model, "all-but-head", 0)
    config = task.config.model_copy(update=knobs)
    with a_session(bench) as session:
        material = material_of(task, rows)
        assert remembered(model, material, config, PROCESSOR, session) is material
        assert told(bench, session.run)[-1] == f"what is frozen is computed at each update: {reason}"


def test_rows_that_do_not_fit_together_are_computed_at_each_update(bench: Bench) -> None:
    def refuse(backbone: torch.nn.Module, arguments: object, inputs: dict[str, torch.Tensor]) -> None:
        if len(inputs["input_ids"]) > 4:
            raise torch.OutOfMemoryError("out of memory")

    model, task, rows = make("bert"), task_for("sequence-classification"), examples(13)
    freeze(model, "all-but-head", 0)
    model.register_forward_pre_hook(refuse, with_kwargs=True)
    filled, said = with_states(bench, model, task, rows)
    assert "out of memory with 8 rows at once" in said and all(row.states is None for row in filled)


def test_a_frozen_part_has_no_dropout_and_keeps_the_noise_that_was_asked_for() -> None:
    from tunedeck.engine.methods.noise import add_noise

    model = BertModel(bert_config(hidden_dropout_prob=0.5, attention_probs_dropout_prob=0.5)).train()
    ids = torch.arange(5, 15).reshape(2, 5)
    keep_still(model)
    assert torch.equal(model(ids)[0], model.train()(ids)[0])
    add_noise(model, 5.0)
    assert not torch.equal(model.train()(ids)[0], model.train()(ids)[0])


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    """A Bert with dropout everywhere."""
    torch.manual_seed(0)
    shares = {"hidden_dropout_prob": 0.3, "attention_probs_dropout_prob": 0.3, "classifier_dropout": 0.2}
    with quiet():
        BertModel(bert_config(**shares)).save_pretrained(tmp_path / "bert")
    bert_tokenizer().save_pretrained(tmp_path / "bert")
    return tmp_path / "bert"


def queue(bench: Bench, encoder: Path, **changes: object) -> Run:
    words = {"good": "London", "bad": "Paris"}
    rows = [{"text": f"{words[label]} {'was ' * (n % 7)}in York {n}", "label": label}
            for n in range(40) for label in ("good", "bad")]  # fmt: skip
    data = str(write_rows(encoder.parent / "rows.jsonl", rows))
    return queue_unmeasured(bench, **KNOBS | {"model": str(encoder), "data": data} | changes)


def test_a_run_on_states_is_the_run_that_computes_them_each_time(
    own_bench: Bench, encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = train_here(own_bench, queue(own_bench, encoder, r_drop_alpha=0.5, ema_decay=0.9))
    monkeypatch.setattr(features, "_SHARE_OF_MEMORY", 0.0)
    plain = train_here(own_bench, queue(own_bench, encoder, r_drop_alpha=0.5, ema_decay=0.9))
    assert (quick.state, plain.state) == ("completed", "completed"), own_bench.told(quick)
    assert any("of each of 80 rows its first place is kept" in text for text in told(own_bench, quick))
    assert any("computed at each update: to keep it takes 0.0 of the" in text for text in told(own_bench, plain))
    for name in ("loss", "grad_norm", "num_input_tokens_seen", "eval_loss", "eval_f1_macro", "retention_drift"):
        found, expected = (own_bench.steps_and_losses(run, name) for run in (quick, plain))
        assert found[0] == expected[0] and found[1] == pytest.approx(expected[1], rel=1e-5, abs=1e-7), name
    weights, others = (load_file(own_bench.home.run(run.id).adapter / "model.safetensors") for run in (quick, plain))
    assert all((weight - others[name]).abs().max() < 1e-5 for name, weight in weights.items())


def test_what_it_leaves_is_a_whole_model(own_bench: Bench, encoder: Path) -> None:
    run = train_here(own_bench, queue(own_bench, encoder))
    assert run.state == "completed", own_bench.told(run)
    with quiet():
        left = AutoModelForSequenceClassification.from_pretrained(own_bench.home.run(run.id).adapter)
        base = BertModel.from_pretrained(encoder)
    assert all(torch.equal(weight, left.bert.state_dict()[name]) for name, weight in base.state_dict().items())
    assert left.config.id2label == {0: "bad", 1: "good"}


def test_a_run_on_states_resumes_exactly(own_bench: Bench, encoder: Path) -> None:
    run = queue(own_bench, encoder)
    assert train_here(own_bench, run).state == "completed", own_bench.told(run)
    shutil.rmtree(own_bench.home.run(run.id).checkpoints / "checkpoint-24")
    assert resume_here(own_bench, run).state == "completed", own_bench.told(run)
    first, second = attempts.of_run(own_bench.db, run.id)
    assert second.start_step == 16
    for name in ("loss", "grad_norm", "eval_loss"):
        went, goes = of_attempt(own_bench, first.id, name), of_attempt(own_bench, second.id, name)
        assert goes == {step: value for step, value in went.items() if step > 16} and goes, name
