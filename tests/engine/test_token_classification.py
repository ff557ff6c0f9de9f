"""Words and their tags: what is read, what is trained, what is found, and a real run."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import tiny_models
import torch
from bench import Bench, write_rows
from in_process import train_here
from seqeval import metrics as seqeval
from seqeval.scheme import IOB2
from task_checks import assert_same_in_any_batches, evaluated
from tiny_tasks import say_nothing, task_of
from tiny_tokenizer import make_tokenizer
from transformers import BertForTokenClassification, ByT5Tokenizer, PreTrainedTokenizerBase
from tunedeck.engine.data.faults import RowFault
from tunedeck.engine.encoding.example import IGNORED
from tunedeck.engine.tasks.task import Task
from tunedeck.engine.tasks.token_classification import TaggedRow
from tunedeck.store import samples
from tunedeck.store.errors import DataError, ModelError

COLUMNS = {"tokens": "tokens", "tags": "ner_tags"}
ROWS: list[dict[str, object]] = [
    {"tokens": ["Ada", "Lovelace", "lived", "in", "London"], "ner_tags": ["B-PER", "I-PER", "O", "O", "B-LOC"]},
    {"tokens": ["Grace", "wrote"], "ner_tags": ["B-PER", "O"]},
    {"tokens": "The Babbage lived in New York .", "ner_tags": "O B-PER O O B-LOC I-LOC O"},
]


def task_with(rows: Sequence[dict[str, object]] = ROWS, **knobs: object) -> tuple[Task, list[TaggedRow]]:
    """The task after it has learned from the rows, and they as it reads them."""
    task = task_of("token-classification", **knobs)
    read = [task.row(line, row, COLUMNS) for line, row in enumerate(rows, start=1)]
    task.learn(read, say_nothing)
    task.use(tiny_models.bert_tokenizer(), say_nothing)
    return task, [row for row in read if isinstance(row, TaggedRow)]


def model_for(task: Task) -> BertForTokenClassification:
    torch.manual_seed(1)
    return BertForTokenClassification(tiny_models.bert_config(**task.model_options()))


def fault(tokens: object, tags: object) -> str:
    with pytest.raises(RowFault) as caught:
        task_of("token-classification").row(1, {"tokens": tokens, "ner_tags": tags}, COLUMNS)
    return str(caught.value)


# rows


def test_tags_may_be_lists_or_texts_apart_by_spaces_names_or_numbers() -> None:
    task = task_of("token-classification")
    assert task.row(1, {"tokens": "Ada lived", "ner_tags": "B-PER O"}, COLUMNS) == TaggedRow(
        1, ("Ada", "lived"), ("B-PER", "O")
    )
    assert task.row(1, {"tokens": ["Ada", "New York"], "ner_tags": [1, 0]}, COLUMNS) == TaggedRow(
        1, ("Ada", "New York"), ("1", "0")
    )


def test_what_is_wrong_with_a_row_is_said_with_its_place() -> None:
    assert fault(["a", "b"], ["O", "I-PER"]) == (
        'ner_tags[1] is "I-PER" but no PER begins before it; the first word of an entity is "B-PER"'
    )
    assert fault(["a", "b"], ["O", "PER"]) == (
        'ner_tags[1] is "PER", expected "O", "B-" and a type, or "I-" and a type'
    )
    assert fault(["a", "b"], ["O"]) == "tokens has 2 words, but ner_tags has 1 tags"
    assert fault(["a", 3], ["O", "O"]) == "tokens[1] is a number, expected text"
    assert fault(["a"], [None]) == "ner_tags[0] is null, expected text"
    assert fault([], []) == "tokens is empty"
    assert fault({"a": 1}, ["O"]) == "tokens is an object, expected a list, or a text of words apart by spaces"


def test_every_type_has_a_beginning_and_an_inside_though_no_row_shows_it() -> None:
    task, _ = task_with(ROWS[:2])
    assert task.model_options()["id2label"] == {0: "O", 1: "B-LOC", 2: "I-LOC", 3: "B-PER", 4: "I-PER"}
    task.check([TaggedRow(1, ("New", "York"), ("B-LOC", "I-LOC"))])


def test_held_out_rows_that_do_not_go_with_the_others_are_named() -> None:
    task, _ = task_with()
    with pytest.raises(DataError, match="line 7: no row to train on has the tag 'B-ORG'; they have 'O', 'B-LOC'"):
        task.check([TaggedRow(7, ("Acme",), ("B-ORG",))])
    with pytest.raises(DataError, match="line 8: the tags are 'NOUN', 'VERB', expected BIO tags"):
        task.check([TaggedRow(8, ("dogs", "bark"), ("NOUN", "VERB"))])


def test_rows_without_a_second_tag_are_refused() -> None:
    task, rows = task_with([{"tokens": ["a", "b"], "ner_tags": ["O", "O"]}])
    with pytest.raises(DataError, match="All words to train on have the tag O"):
        task.preflight(task.encode_all(rows).examples)


# tokens


@pytest.mark.parametrize("tokenizer", [tiny_models.bert_tokenizer(), make_tokenizer(), tiny_models.t5_tokenizer()])
def test_only_the_first_sub_word_of_a_word_is_trained(tokenizer: PreTrainedTokenizerBase) -> None:
    words = ["Xylo", "", "New York", "👋", "Ada"]
    task, (row,) = task_with([{"tokens": words, "ner_tags": ["B-A", "O", "B-B", "B-C", "B-D"]}])
    task.use(tokenizer, say_nothing)
    [example] = task.encode(row)
    encoding = tokenizer(" ".join(words), return_offsets_mapping=True)
    assert example.input_ids == encoding["input_ids"]
    names = task.model_options()["id2label"]
    starts = {
        offset[0]: names[label]
        for offset, label in zip(encoding["offset_mapping"], example.labels, strict=True)
        if label != IGNORED
    }
    # A byte-level token begins with the space before the word.
    assert {start + (start in (4, 14, 16)): name for start, name in starts.items()} == {
        0: "B-A", 6: "B-B", 15: "B-C", 17: "B-D",
    }  # fmt: skip


def test_words_glued_to_the_one_before_are_tokenised_as_in_running_text() -> None:
    task, rows = task_with()
    task.use(make_tokenizer(), say_nothing)
    [example] = task.encode(rows[0])
    assert task.tokenizer.decode(example.input_ids) == "Ada Lovelace lived in London"


def test_words_that_are_cut_off_count_as_not_found(bench: Bench) -> None:
    task, rows = task_with(max_length=8)
    encoded = task.encode_all(rows)
    assert encoded.truncated == 1 and encoded.examples[2].notes.words == (0, 1)
    score = evaluated(bench, task, model_for(task), encoded.examples)
    assert score.predictions[2]["predicted"][2:] == ["O"] * 5
    assert score.predictions[2]["tags"] == ["O", "B-PER", "O", "O", "B-LOC", "I-LOC", "O"]


def test_a_tokenizer_without_offsets_is_refused() -> None:
    with pytest.raises(ModelError, match="The tokenizer of a-model can't tell which characters"):
        task_of("token-classification").use(ByT5Tokenizer(), say_nothing)


# losses and metrics


def test_the_loss_is_the_models_own() -> None:
    task, rows = task_with()
    model = model_for(task).eval()
    batch = task.collate(task.encode_all(rows).examples)
    losses = task.losses(task.score(model, batch))
    own = model(**batch).loss
    assert (losses.losses.sum() / losses.weights.sum()).item() == pytest.approx(own.item(), abs=1e-6)


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_an_update_is_the_same_however_its_rows_are_batched(class_weight: str) -> None:
    task, rows = task_with(class_weight=class_weight)
    assert_same_in_any_batches(task, model_for(task), task.encode_all(rows).examples)


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    task, rows = task_with(class_weight="balanced")
    tags = [tag for row in rows for tag in row.tags]
    names = list(task.model_options()["label2id"])
    expected = {name: len(tags) / (len(set(tags)) * tags.count(name)) for name in set(tags)}
    assert dict(zip(names, task.class_weight or (), strict=True)) == pytest.approx(expected)


def test_the_metrics_are_seqevals(bench: Bench) -> None:
    task, rows = task_with()
    score = evaluated(bench, task, model_for(task), task.encode_all(rows).examples)
    actual, told = ([prediction[name] for prediction in score.predictions] for name in ("tags", "predicted"))
    assert actual == [list(row.tags) for row in rows] and [len(tags) for tags in told] == [5, 2, 7]
    strict = {"mode": "strict", "scheme": IOB2, "zero_division": 0}
    for name in ("precision", "recall", "f1"):
        assert score.metrics[name] == pytest.approx(getattr(seqeval, f"{name}_score")(actual, told, **strict))
    assert score.metrics["accuracy"] == pytest.approx(seqeval.accuracy_score(actual, told))
    assert {"f1_PER", "recall_LOC"} <= score.metrics.keys()


def test_tags_that_mark_no_entities_are_measured_word_by_word() -> None:
    task, _ = task_with([{"tokens": ["Dogs", "bark"], "ner_tags": ["NOUN", "VERB"]}])
    found = task.metrics([{"tags": ["NOUN", "NOUN", "VERB"], "predicted": ["NOUN", "VERB", ""]}])
    assert found["accuracy"] == pytest.approx(1 / 3)
    assert found["precision_NOUN"] == 1 and found["recall_NOUN"] == 0.5 and found["f1_VERB"] == 0


# answers


def test_a_row_is_shown_with_its_entities_in_words() -> None:
    task, rows = task_with()
    assert task.shown(rows[2]) == {"text": "The Babbage lived in New York .", "target": "PER: Babbage; LOC: New York"}
    assert task.shown(TaggedRow(1, ("is",), ("O",)))["target"] == "(no entities)"
    task, [row] = task_with([{"tokens": ["Dogs", "bark"], "ner_tags": ["NOUN", "VERB"]}])
    assert task.shown(row)["target"] == "Dogs/NOUN bark/VERB"


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_run_learns_to_find_names(bench: Bench, tmp_path: Path, method: str) -> None:
    names, places = ("Ada", "Grace"), ("London", "Paris", "York")
    rows = [
        {"tokens": f"{name} {verb} in {place} .", "tags": "B-PER O O B-LOC O"}
        for name in names
        for verb in ("lived", "wrote", "was", "is")
        for place in places
    ]
    run = bench.queue(
        task="token-classification", method=method, model=str(tiny_models.save_bert(tmp_path / "bert")),
        data=str(write_rows(tmp_path / "rows.jsonl", rows)), max_steps=24, eval_steps=12, learning_rate=1e-2,
        prompts=["Grace was in Paris ."],
    )  # fmt: skip
    ended = train_here(bench, run)
    assert ended.state == "completed", bench.told(run)
    losses = bench.steps_and_losses(run, "eval_loss")[1]
    assert losses[-1] < losses[0] / 2
    assert bench.steps_and_losses(run, "eval_f1")[1][-1] > 0.9
    assert samples.of_run(bench.db, run.id)[-1].answer == "PER: Grace; LOC: Paris"
