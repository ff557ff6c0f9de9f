"""Before a run loads its model: what will be trained, shown in its log, and refused where that teaches nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from bench import Bench, chat_rows, write_rows
from tiny_models import bert_tokenizer, t5_tokenizer
from tiny_tasks import say_nothing, task_of
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast
from tunedeck.engine import sources, tasks
from tunedeck.engine.batching.material import prepare
from tunedeck.engine.encoding.example import Example
from tunedeck.engine.model import models
from tunedeck.engine.session import Session
from tunedeck.engine.tasks.task import Task
from tunedeck.store import attempts
from tunedeck.store.errors import DataError

Values = Sequence[Mapping[str, object]]


def encoded(
    name: str, values: Values, tokenizer: PreTrainedTokenizerBase, **knobs: object
) -> tuple[Task, list[Example]]:
    task = task_of(name, **knobs)
    columns = task.find_columns(values)
    rows = [task.row(line, value, columns) for line, value in enumerate(values, start=1)]
    task.learn(rows, say_nothing)
    task.use(tokenizer, say_nothing)
    return task, [example for row in rows for example in task.encode(row)]


def test_chat_shows_what_the_assistant_says_and_its_end(tokenizer: PreTrainedTokenizerFast) -> None:
    task, [example] = encoded("causal-lm", [{"prompt": "Where is Ada?", "completion": "In Rome."}], tokenizer)
    assert task.as_trained(example) == (
        "<|im_start|>user\nWhere is Ada?<|im_end|>\n<|im_start|>assistant\n[In Rome.<|im_end|>]\n"
    )


def test_a_summary_is_trained_behind_its_source() -> None:
    task, [example] = encoded("seq2seq-lm", [{"source": "Ada lived in Paris", "target": "in Paris"}], t5_tokenizer())
    assert task.as_trained(example) == "Ada lived in Paris</s> [in Paris</s>]"


LABELLED = {
    "one": (["good", "bad"], "[CLS] Ada wrote [SEP] [good]"),
    "several": ([["a", "b"], ["a"]], "[CLS] Ada wrote [SEP] [a, b]"),
    "a number": ([0.5, 2], "[CLS] Ada wrote [SEP] [0.5]"),
}


@pytest.mark.parametrize("kind", LABELLED)
def test_a_text_is_shown_with_its_label(kind: str) -> None:
    labels, shown = LABELLED[kind]
    values = [{"text": "Ada wrote", "label": label} for label in labels]
    task, examples = encoded("sequence-classification", values, bert_tokenizer())
    assert task.as_trained(examples[0]) == shown


def test_of_words_with_tags_the_first_token_of_each_is_trained() -> None:
    values = [{"tokens": ["Ada", "sees", "London"], "ner_tags": ["B-PER", "O", "B-LOC"]}]
    task, [example] = encoded("token-classification", values, bert_tokenizer())
    assert task.as_trained(example) == "[CLS][Ada s]##ees[London][SEP]"


def test_a_question_is_shown_with_the_answer_in_its_context() -> None:
    values = [{"question": "Where is Ada?", "context": "Ada lived in Paris", "answers": ["in Paris"]}]
    task, [example] = encoded("question-answering", values, bert_tokenizer())
    assert task.as_trained(example).endswith("[SEP] Ada lived[in Paris][SEP]")


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ([2.5, 2.5, 2.5], "All 3 rows to train on have the same target: 2.5. Add other rows."),
        ([["a"], ["a"]], "All 2 rows to train on have the same target: a. Add other rows."),
        ([[], []], "All 2 rows to train on have the same target: no label. Add other rows."),
    ],
)
def test_texts_that_are_all_labelled_alike_are_refused(labels: list[object], told: str) -> None:
    values = [{"text": "Ada wrote" + " to" * row, "label": label} for row, label in enumerate(labels)]
    with pytest.raises(DataError) as refused:
        task, examples = encoded("sequence-classification", values, bert_tokenizer())
        task.preflight(examples)
    assert str(refused.value) == told


def test_the_log_of_a_run_shows_its_first_row_and_no_endless_one(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = chat_rows(12)
    for row in rows:
        row["completion"] += " Yes." * 600
    config = bench.config(data=str(write_rows(tmp_path / "rows.jsonl", rows)), max_length=8192)
    run = bench.queue()
    session = Session(bench.home, run.id, attempts.start(bench.db, run.id).id)
    prepare(config, tasks.of(config), models.load_tokenizer(sources.resolve(str(bench.model))), session)
    session.close()
    shown = capsys.readouterr().out.partition("what is trained in brackets: ")[2]
    assert shown.startswith("<|im_start|>user\nWhat is the capital of country ") and "assistant\n[It is " in shown
    assert len(shown) == 2001 and shown.endswith("\n")
