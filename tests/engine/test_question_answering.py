"""Questions on contexts: where answers stand, windows of long contexts, the best span, and a real run."""

import math
from itertools import pairwise
from pathlib import Path

import pytest
import tiny_models
import torch
from bench import Bench, write_rows
from in_process import train_here
from task_checks import assert_same_in_any_batches, evaluated
from tiny_tasks import say_nothing, task_of
from tiny_tokenizer import make_tokenizer
from torch import Tensor
from transformers import BertForQuestionAnswering, ByT5Tokenizer, PreTrainedTokenizerBase
from tunedeck.engine.data.answers import Answer
from tunedeck.engine.data.faults import RowFault
from tunedeck.engine.encoding.example import Example
from tunedeck.engine.tasks.question_answering import QuestionRow
from tunedeck.engine.tasks.task import Task
from tunedeck.engine.tasks.windows import Window
from tunedeck.store import samples
from tunedeck.store.errors import DataError, ModelError

COLUMNS = {"question": "question", "context": "context", "answers": "answers"}
CONTEXT = "Ada Lovelace lived in London and Grace Hopper in New York."
LONG = " ".join(f"Ada wrote to {letter}{letter}." for letter in "bcdefghijklmnopqrstuvwxyz") + " Grace lived in Paris."


def asked(question: str, *answers: str, context: str = CONTEXT, line: int = 1) -> QuestionRow:
    return QuestionRow(line, question, context, tuple(Answer(text, context.index(text)) for text in answers))


ROWS = [
    asked("Where lived Ada?", "London"),
    asked("Where was Grace Hopper?", "New York", "York", line=2),
    asked("Where is Paris?", line=3),
    asked("Where lived Grace?", "Paris", context=LONG, line=4),
]


def task_with(tokenizer: PreTrainedTokenizerBase | None = None, **knobs: object) -> Task:
    task = task_of("question-answering", **{"max_length": 32, "doc_stride": 8} | knobs)
    task.learn(ROWS, say_nothing)
    task.use(tokenizer or tiny_models.bert_tokenizer(), say_nothing)
    return task


def tiny_bert() -> BertForQuestionAnswering:
    torch.manual_seed(1)
    return BertForQuestionAnswering(tiny_models.bert_config())


# rows


def test_an_impossible_question_has_no_answer_and_an_empty_context_is_refused() -> None:
    task = task_of("question-answering")
    value = {"question": "Where?", "context": CONTEXT, "answers": ["London"], "is_impossible": True}
    assert task.row(1, value, COLUMNS) == asked("Where?")
    with pytest.raises(RowFault, match="context is empty"):
        task.row(1, value | {"context": " "}, COLUMNS)


def test_questions_on_one_context_stay_on_one_side_of_a_split() -> None:
    assert ROWS[0].question == ROWS[1].question != ROWS[3].question
    assert ROWS[0].identity != ROWS[1].identity


# tokens


def shown(window: Window) -> list[tuple[int, int]]:
    """The first and the last character of each token of the context."""
    return [(start, end) for start, end in zip(window.starts, window.ends, strict=True) if start >= 0]


def labelled(task: Task, example: Example) -> str:
    start, end = example.labels
    return str(task.tokenizer.decode(example.input_ids[start : end + 1])).strip()


TOKENIZERS = {
    "bert": tiny_models.bert_tokenizer(),
    "t5": tiny_models.t5_tokenizer(),
    "byte-level": make_tokenizer(),
}


@pytest.mark.parametrize("family", TOKENIZERS)
def test_the_answer_is_labelled_in_each_window_that_holds_it_whole(family: str) -> None:
    task = task_with(TOKENIZERS[family], max_length=48, doc_stride=16)
    examples = task.encode(ROWS[3])
    assert len(examples) > 3 and all(len(example.input_ids) <= 48 for example in examples)
    for example in examples:
        assert ("token_type_ids" in example.more) == (family == "bert")
        tokens = shown(example.notes)
        assert len(tokens) > 12
        has_answer = "Paris" in LONG[tokens[0][0] : tokens[-1][1]]
        assert labelled(task, example) == "Paris" if has_answer else example.labels == [example.notes.null] * 2


def test_windows_share_doc_stride_tokens_and_miss_none() -> None:
    windows = [shown(example.notes) for example in task_with().encode(ROWS[3])]
    for before, after in pairwise(windows):
        assert before[-8:] == after[:8]
    whole = tiny_models.bert_tokenizer()(LONG, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    assert list(dict.fromkeys(offset for window in windows for offset in window)) == whole


def test_the_first_answer_that_a_window_holds_is_trained() -> None:
    task = task_with()
    assert [labelled(task, example) for example in task.encode(ROWS[1])] == ["New York"]
    assert labelled(task, task.encode(ROWS[2])[0]) == "[CLS]"


def test_a_long_question_is_cut_and_a_wide_stride_narrowed() -> None:
    task = task_with(doc_stride=64)
    examples = task.encode(asked("Where " * 40, "London"))
    assert all(example.truncated and len(example.input_ids) <= 32 for example in examples)
    assert "London" in [labelled(task, example) for example in examples]


def test_rows_without_any_answer_are_refused() -> None:
    task = task_with()
    with pytest.raises(DataError, match="No question to train on has an answer"):
        task.preflight(task.encode_all([ROWS[2]]).examples)
    task.preflight(task.encode_all(ROWS).examples)


def test_a_tokenizer_without_offsets_is_refused() -> None:
    with pytest.raises(ModelError, match="The tokenizer of a-model can't tell which characters"):
        task_with(ByT5Tokenizer())


# losses


def test_the_loss_of_a_window_is_the_models_own() -> None:
    task, model = task_with(), tiny_bert().eval()
    examples = task.encode_all(ROWS).examples
    losses = task.losses(task.score(model, task.collate(examples))).losses.unflatten(0, (-1, 2)).mean(1)
    for example, loss in zip(examples, losses.tolist(), strict=True):
        start, end = (torch.tensor([place]) for place in example.labels)
        inputs = {name: torch.tensor([values]) for name, values in example.more.items()}
        own = model(torch.tensor([example.input_ids]), **inputs, start_positions=start, end_positions=end).loss
        assert loss == pytest.approx(own.item(), abs=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_padding_is_no_place_for_an_answer(smoothing: float) -> None:
    task, model = task_with(), tiny_bert().eval()
    examples = task.encode_all(ROWS).examples
    together = task.losses(task.score(model, task.collate(examples)), label_smoothing_factor=smoothing)
    for index, example in enumerate(examples):
        scores = task.score(model, task.collate([example])).scores[:, : len(example.input_ids)]
        alone = torch.nn.functional.cross_entropy(
            scores, torch.tensor(example.labels), reduction="none", label_smoothing=smoothing
        )
        torch.testing.assert_close(together.losses[2 * index : 2 * index + 2], alone, atol=1e-5, rtol=1e-5)


def test_an_update_is_the_same_however_its_windows_are_batched() -> None:
    task = task_with()
    examples = [*task.encode_all(ROWS).examples]
    assert_same_in_any_batches(task, tiny_bert(), examples[: len(examples) - (len(examples) + 1) % 2])


# predictions


def plain_best(windows: list[tuple[Window, Tensor]], longest: int, may_be_none: bool) -> str:
    """Every span of every window, tried one after the other."""
    best, best_score, null_score = "", -math.inf, math.inf
    for window, scores in windows:
        null_score = min(null_score, float(scores[0, window.null] + scores[1, window.null]))
        for first, start in enumerate(window.starts):
            for last, end in enumerate(window.ends):
                score = float(scores[0, first] + scores[1, last])
                if start >= 0 and end >= 0 and first <= last < first + longest and score > best_score:
                    best, best_score = window.context[start:end], score
    return "" if may_be_none and null_score > best_score else best


@pytest.mark.parametrize("seed", range(5))
def test_the_answer_of_a_row_is_the_best_span_of_all_its_windows(seed: int) -> None:
    task = task_with(max_answer_length=4)
    examples = task.encode_all(ROWS).examples
    generator = torch.Generator().manual_seed(seed)
    # The higher scores of "none" make it win in about half of the rows.
    scores = [torch.randn(2, 40, generator=generator) for _ in examples]
    for example, window_scores in zip(examples, scores, strict=True):
        window_scores[:, example.notes.null] += 1.5
    predictions = [
        {"row": e.line, "loss": 1.0, "weight": 2.0, "scores": s} for e, s in zip(examples, scores, strict=True)
    ]
    found = {prediction["row"]: prediction for prediction in task.joined(examples, predictions)}
    assert list(found) == [1, 2, 3, 4]
    for row in ROWS:
        windows = [(e.notes, s) for e, s in zip(examples, scores, strict=True) if e.line == row.line]
        assert found[row.line]["predicted"] == plain_best(windows, 4, may_be_none=True)
        assert found[row.line]["weight"] == 2.0 * len(windows) and found[row.line]["loss"] == 1.0


def test_a_model_that_saw_an_answer_to_every_question_always_gives_one() -> None:
    task = task_with()
    task.learn(ROWS[:2], say_nothing)
    [example] = task.encode(ROWS[0])
    scores = torch.zeros(2, 32)
    scores[:, 0] = 9.0
    scores[0, 12] = scores[1, 13] = 1.0
    prediction = {"row": 1, "loss": 1.0, "weight": 2.0, "scores": scores}
    [found] = task.joined([example], [prediction])
    assert found["predicted"] != "" and found["null_score"] == 18.0 and found["score"] == 2.0


def test_scores_that_are_no_numbers_give_no_answer() -> None:
    task = task_with()
    [example] = task.encode(ROWS[0])
    prediction = {"row": 1, "loss": math.nan, "weight": 2.0, "scores": torch.full((2, 32), math.nan)}
    [found] = task.joined([example], [prediction])
    assert math.isnan(found["score"]) and math.isnan(found["loss"])


def test_an_evaluation_gives_one_prediction_a_row(bench: Bench) -> None:
    task = task_with()
    score = evaluated(bench, task, tiny_bert(), task.encode_all(ROWS).examples)
    assert [prediction["row"] for prediction in score.predictions] == [1, 2, 3, 4]
    assert score.predictions[1]["answers"] == ["New York", "York"]
    weights = [prediction["weight"] for prediction in score.predictions]
    losses = [prediction["loss"] * prediction["weight"] for prediction in score.predictions]
    assert score.loss == pytest.approx(sum(losses) / sum(weights))
    for name in ("exact_match", "f1"):
        mean = sum(prediction[name] for prediction in score.predictions) / 4
        assert score.metrics[name] == pytest.approx(mean)


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_run_learns_to_find_the_place(bench: Bench, tmp_path: Path, method: str) -> None:
    rows = [
        {
            "question": f"Where {verb} {name}?",
            "context": f"{name} {verb} in {place} and wrote to the {other}.",
            "answers": {"text": [place], "answer_start": [len(f"{name} {verb} in ")]},
        }
        for name, other in (("Ada", "Grace"), ("Grace", "Ada"))
        for verb in ("lived", "was", "is")
        for place in ("London", "Paris", "York", "France")
    ]
    run = bench.queue(
        task="question-answering", method=method, model=str(tiny_models.save_bert(tmp_path / "bert")),
        data=str(write_rows(tmp_path / "rows.jsonl", rows)), max_steps=40, eval_steps=20, learning_rate=1e-2,
        prompts=["Where lived Ada?\nAda lived in London and wrote to the Grace.", "Where is Rome?"],
    )  # fmt: skip
    ended = train_here(bench, run)
    assert ended.state == "completed", bench.told(run)
    losses = bench.steps_and_losses(run, "eval_loss")[1]
    assert losses[-1] < losses[0] / 2
    assert bench.steps_and_losses(run, "eval_exact_match")[1][-1] == 1.0
    answers = [sample.answer for sample in samples.of_run(bench.db, run.id)][-2:]
    assert answers == ["London", "(no context: write the question, a line break, and the text that has the answer)"]
