"""Labels of all kinds: read, learned, weighed, scored and measured as the libraries do it."""

import json
import math
from pathlib import Path

import pytest
import torch
from bench import Bench, write_rows
from in_process import train_here
from sklearn.metrics import f1_score
from tiny_models import bert_config, bert_tokenizer, save_bert
from tiny_tasks import say_nothing, task_of
from torch.nn import functional
from transformers import BertForSequenceClassification
from tunedeck.engine.data.faults import RowFault
from tunedeck.engine.data.row import Row
from tunedeck.engine.loop.objective import training_loss
from tunedeck.engine.metrics import predictions
from tunedeck.engine.outputs.loss import by_row
from tunedeck.engine.scoring.evaluation import Evaluation
from tunedeck.engine.tasks.task import Task
from tunedeck.store.errors import DataError, ModelError

COLUMNS = {"text": "text", "label": "label"}
UNEVEN = ["good"] * 4 + ["bad"] * 2 + ["so-so"]


def told(labels: list[object], **knobs: object) -> tuple[Task, list[Row], list[str]]:
    """The task, the rows that it has learned from, and what it said."""
    task, said = task_of("sequence-classification", **knobs), list[str]()
    rows = [task.row(line, {"text": f"Ada {'wrote ' * line}", "label": label}, COLUMNS)
            for line, label in enumerate(labels, start=1)]  # fmt: skip
    task.learn(rows, lambda text, **_: said.append(text))
    task.use(bert_tokenizer(), say_nothing)
    return task, rows, said


def model_for(task: Task) -> BertForSequenceClassification:
    torch.manual_seed(1)
    return BertForSequenceClassification(bert_config(**task.model_options())).eval()


@pytest.mark.parametrize(
    ("labels", "kind", "names", "said"),
    [
        (["b", "a", "b"], "single_label_classification", ("a", "b"), "2 labels: b 67%, a 33%"),
        ([2, 10, 1, "2"], "single_label_classification", ("1", "2", "10"), "3 labels: 2 50%, 1 25%, 10 25%"),
        ([True, False], "single_label_classification", ("false", "true"), "2 labels: false 50%, true 50%"),
        ([["x", "y"], [], ["x"]], "multi_label_classification", ("x", "y"), "2 labels: x 67%, y 33%"),
        (["0.5", "1.5", "2"], "regression", ("value",), "labels are numbers from 0.5 to 2"),
        (list(range(21)), "regression", ("value",), "labels are numbers from 0 to 20"),
    ],
)
def test_the_kind_of_label_is_seen_in_the_rows(
    labels: list[object], kind: str, names: tuple[str, ...], said: str
) -> None:
    task, _, sentences = told(labels)
    assert (task.model_options()["problem_type"], task.names, sentences) == (kind, names, [said])


def test_what_is_asked_for_goes_before_what_is_seen() -> None:
    task, rows, _ = told(["x|y", "y", "x; z"], problem_type="multi_label_classification")
    assert task.names == ("x", "y", "z")
    assert [task.encode(row)[0].labels for row in rows] == [[1, 1, 0], [0, 1, 0], [1, 0, 1]]
    with pytest.raises(DataError, match="line 1: the label is 'good', expected a number"):
        told(["good", "1"], problem_type="regression")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"text": " ", "label": "a"}, "text is empty"),
        ({"text": 3, "label": "a"}, "text is a number, expected text"),
        ({"text": "a", "label": ""}, "label is empty"),
        ({"text": "a"}, "label is null, expected text"),
        ({"text": "a", "label": {}}, "label is an object, expected text"),
        ("a", "the row is text, expected an object"),
    ],
)
def test_a_bad_row_says_what_is_wrong(value: object, sentence: str) -> None:
    with pytest.raises(RowFault, match=f"^{sentence}$"):
        task_of("sequence-classification").row(1, value, COLUMNS)


def test_labels_that_can_not_be_learned_are_named() -> None:
    with pytest.raises(DataError, match="All 2 rows to train on have the label a"):
        told(["a", "a"])
    task, _, _ = told(["a", "b"])
    with pytest.raises(DataError, match="line 9: no row to train on has the label 'c'; they have 'a', 'b'"):
        task.check([task.row(9, {"text": "x", "label": "c"}, COLUMNS)])


@pytest.mark.parametrize(
    "labels", [UNEVEN, [["x"], ["x", "y"], []], [0.5, 1.5, 3.0, 9.0]], ids=["one", "many", "number"]
)
def test_the_loss_is_that_of_the_model_itself(labels: list[object]) -> None:
    task, rows, _ = told(labels)
    model, batch = model_for(task), task.collate(task.encode_all(rows).examples)
    ours = training_loss(task, model, batch) / task.weight(batch)
    torch.testing.assert_close(ours, model(**batch).loss, rtol=1e-5, atol=1e-6)


def test_uneven_classes_weigh_the_same_together() -> None:
    task, rows, _ = told(list(UNEVEN), class_weight="balanced")
    assert task.class_weight == pytest.approx([7 / 6, 7 / 12, 7 / 3])
    model, batch = model_for(task), task.collate(task.encode_all(rows).examples)
    plain = functional.cross_entropy(
        model(**{name: batch[name] for name in batch if name != "labels"}).logits,
        batch["labels"],
        weight=torch.tensor(task.class_weight),
        label_smoothing=0.0,
    )
    torch.testing.assert_close(training_loss(task, model, batch) / task.weight(batch), plain, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("knobs", [{"class_weight": "balanced"}, {"label_smoothing_factor": 0.1}, {}])
def test_rows_one_by_one_are_rows_at_once(knobs: dict[str, object]) -> None:
    task, rows, _ = told(list(UNEVEN), **knobs)
    model, examples = model_for(task), task.encode_all(rows).examples
    batches = [task.collate([example]) for example in examples]
    alone = sum(training_loss(task, model, batch) for batch in batches) / sum(task.weight(batch) for batch in batches)
    whole = task.collate(examples)
    torch.testing.assert_close(training_loss(task, model, whole) / task.weight(whole), alone, rtol=1e-5, atol=1e-5)


def test_two_passes_that_agree_add_nothing_and_others_do() -> None:
    task, rows, _ = told(list(UNEVEN), r_drop_alpha=5.0)
    plain, _, _ = told(list(UNEVEN))
    model, batch = model_for(task), task.collate(task.encode_all(rows).examples)
    torch.testing.assert_close(training_loss(task, model, batch), training_loss(plain, model, batch))
    noisy = BertForSequenceClassification(bert_config(**task.model_options(), hidden_dropout_prob=0.3)).train()
    torch.manual_seed(3)
    with_it = training_loss(task, noisy, batch)
    torch.manual_seed(3)
    parts = [task.score(noisy, batch) for _ in range(2)]
    logs = [part.scores.log_softmax(-1) for part in parts]
    apart = sum(functional.kl_div(a, b, log_target=True, reduction="sum") for a, b in (logs, logs[::-1])) / 2
    mean = sum(functional.cross_entropy(part.scores, part.targets, reduction="sum") for part in parts) / 2
    torch.testing.assert_close(with_it, mean + 2.5 * apart, rtol=1e-5, atol=1e-5)


def test_losses_by_row_add_up() -> None:
    task, rows, _ = told([["x"], ["x", "y"], []])
    model, batch = model_for(task), task.collate(task.encode_all(rows).examples)
    scored = task.score(model, batch)
    losses, weights = by_row(scored, task.losses(scored), 3)
    torch.testing.assert_close(losses.sum(), training_loss(task, model, batch))
    assert weights.tolist() == [1, 1, 1]


def test_pairs_and_long_texts_are_cut_with_their_segments() -> None:
    task = task_of("sequence-classification", max_length=16)
    columns = {"text": "a", "text_pair": "b", "label": "y"}
    rows = [task.row(n, {"a": "Ada " * 3 * n, "b": "London " * 9 * n, "y": n % 2}, columns) for n in (1, 2)]
    task.learn(rows, say_nothing)
    task.use(bert_tokenizer(), say_nothing)
    encoded = task.encode_all(rows)
    assert encoded.truncated == 1 and [len(example.input_ids) for example in encoded.examples] == [15, 16]
    assert set(encoded.examples[0].more["token_type_ids"]) == {0, 1}
    assert task.collate(encoded.examples)["token_type_ids"].shape == (2, 16)
    assert task.prompt(rows[0]).splitlines()[1].startswith("London")


def test_a_model_that_only_writes_translations_is_refused_with_two_that_fit() -> None:
    from transformers import MarianConfig

    with pytest.raises(ModelError, match="marian models have no form for it") as caught:
        task_of("sequence-classification").check_model(MarianConfig())
    assert "demo:minilm and distilbert/distilbert-base-uncased" in caught.value.next_step


def reviews(path: Path) -> str:
    words = {"good": "London", "bad": "Paris"}
    rows = [{"text": f"{words[label]} {'was ' * (n % 7)}in York {n}", "label": label}
            for n in range(40) for label in ("good", "bad")]  # fmt: skip
    return str(write_rows(path, rows))


def test_a_run_learns_labels_and_keeps_what_it_said_of_each_row(bench: Bench, tmp_path: Path) -> None:
    run = train_here(
        bench,
        bench.queue(
            task="sequence-classification", model=str(save_bert(tmp_path / "bert")), data=reviews(tmp_path / "r.jsonl"),
            method="full", max_steps=60, eval_steps=30, learning_rate=2e-3, prompts=[], class_weight="balanced",
            per_device_train_batch_size=8,
            metric_for_best_model="f1_macro", load_best_model_at_end=True, retention_data="", retention_rows=4,
        ),
    )  # fmt: skip
    assert run.state == "completed", bench.told(run)
    scores = bench.steps_and_losses(run, "eval_f1_macro")[1]
    assert scores[-1] > 0.9 > scores[0]
    folder = bench.home.run(run.id).predictions
    assert sorted(path.name for path in folder.iterdir()) == [
        "rows.parquet", "step-00000000.parquet", "step-00000030.parquet", "step-00000060.parquet",
    ]  # fmt: skip
    kept = predictions.read(folder / "step-00000060.parquet")
    right, said = [row["label"] for row in kept], [row["predicted"] for row in kept]
    assert f1_score(right, said, average="macro") == pytest.approx(scores[-1])
    assert [row["row"] for row in kept] == [row["row"] for row in predictions.read(folder / "rows.parquet")]
    assert "moved by" in str(run.summary) and "gained" in str(run.summary)
    drifts = bench.steps_and_losses(run, "retention_drift")[1]
    assert drifts[0] == 0 and drifts[-1] > 0


def test_what_is_said_at_the_end_is_of_the_weights_that_are_kept(bench: Bench, tmp_path: Path) -> None:
    """At a rate at which it gets worse after its first evaluations, which are saved for that."""
    run = train_here(
        bench,
        bench.queue(
            task="sequence-classification", model=str(save_bert(tmp_path / "bert")), data=reviews(tmp_path / "r.jsonl"),
            method="full", max_steps=12, eval_steps=2, save_steps=100, learning_rate=3e-2, prompts=[],
            retention_data="", retention_rows=4, load_best_model_at_end=True, save_total_limit=10,
        ),
    )  # fmt: skip
    assert run.state == "completed", bench.told(run)
    steps, losses = bench.steps_and_losses(run, "eval_loss")
    best = min(range(1, len(losses)), key=losses.__getitem__)
    summary = json.loads(run.summary or "")
    assert steps[best] < 12 and losses[best] < losses[-1]
    assert (summary["base_eval_loss"], summary["tuned_eval_loss"]) == (losses[0], losses[best])
    drift = bench.steps_and_losses(run, "retention_drift")[1][best]
    assert f"moved by {drift:.2f}" in summary["gain"]


def test_the_score_of_every_batch_size_is_the_same(bench: Bench) -> None:
    from tunedeck.engine.model.precision import Arithmetic
    from tunedeck.engine.session import Session
    from tunedeck.store import attempts

    task, rows, _ = told(list(UNEVEN) * 3)
    run = bench.queue()
    session = Session(bench.home, run.id, attempts.start(bench.db, run.id).id)
    examples, cpu = task.encode_all(rows).examples, Arithmetic("cpu", False, "")
    one, many = (Evaluation(task, examples, size, cpu, session).score(model_for(task)) for size in (1, 7))
    session.close()
    assert one.loss == pytest.approx(many.loss, rel=1e-5) and one.metrics == pytest.approx(many.metrics, rel=1e-4)
    assert math.isfinite(one.loss) and [row["row"] for row in one.predictions] == sorted(row.line for row in rows)
