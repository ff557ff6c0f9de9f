"""Tokenised rows that are kept: the very same examples, for as long as nothing that they depend on has changed."""

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from bench import Bench, chat_rows, write_rows
from in_process import resume_here, told, train_here
from pyarrow import parquet
from tiny_models import bert_tokenizer, t5_tokenizer
from tiny_tasks import say_nothing, task_of
from tiny_tokenizer import CHATML, make_tokenizer
from transformers import ByT5Tokenizer, PreTrainedTokenizerBase
from tunedeck.engine.batching import examples_cache
from tunedeck.engine.data import kept
from tunedeck.engine.data.row import Row
from tunedeck.engine.encoding import examples_file
from tunedeck.engine.encoding.example import Encoded
from tunedeck.engine.tasks.task import Task
from tunedeck.store.knobs.data import DataKnobs
from tunedeck.store.paths import cache_folder
from tunedeck.store.records import Run

Values = Sequence[dict[str, object]]
CONTEXT = "Ada Lovelace lived in London and Grace Hopper in New York."
LONG = " ".join(f"Ada wrote to {letter}{letter}." for letter in "bcdefghijklmnopqrstuvwxyz") + " Grace lived in Paris."
# By name: the task, its tokenizer, and rows of which some are cut, parted, or train nothing.
CASES: dict[str, tuple[str, Callable[[], PreTrainedTokenizerBase], Values]] = {
    "chat": ("causal-lm", make_tokenizer, [
        *({"prompt": f"What is {row}?", "completion": "It is 世界 👋. " * (row % 4 + 1)} for row in range(30)),
        {"prompt": "Where? " * 60, "completion": "Here."},
    ]),
    "text": ("causal-lm", make_tokenizer, [{"text": "Shakespeare wrote it. " * count} for count in (1, 9, 30)]),
    "one label": ("sequence-classification", bert_tokenizer, [
        {"text": "Ada wrote " * count, "label": "ab"[count % 2]} for count in (1, 2, 3, 40)
    ]),
    "several labels": ("sequence-classification", bert_tokenizer, [
        {"text": f"Ada {count}", "label": labels} for count, labels in enumerate((["x", "y"], [], ["x"]))
    ]),
    "numbers": ("sequence-classification", bert_tokenizer, [
        {"text": f"Ada {count}", "label": value} for count, value in enumerate((0.1, 4, 1e-17))
    ]),
    "tags": ("token-classification", bert_tokenizer, [
        {"tokens": "Ada lived in London", "ner_tags": "B-PER O O B-LOC"},
        {"tokens": "Grace wrote " * 30, "ner_tags": "B-PER O " * 30},
    ]),
    "answers": ("question-answering", bert_tokenizer, [
        {"question": "Where lived Ada?", "context": CONTEXT, "answers": ["London"]},
        {"question": "Where is Paris?", "context": CONTEXT, "answers": []},
        {"question": "Where lived Grace?", "context": LONG, "answers": ["Paris"]},
    ]),
    "targets": ("seq2seq-lm", t5_tokenizer, [
        {"source": "Ada Lovelace lived in London", "target": "London"},
        {"source": "Ada " * 60, "target": "Ada " * 60},
    ]),
}  # fmt: skip


@pytest.fixture(autouse=True)
def worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """However soon rows are tokenised, they are kept."""
    monkeypatch.setattr(examples_cache, "WORTH_SECONDS", 0.0)


def made(
    name: str, values: Values = (), tokenizer: PreTrainedTokenizerBase | None = None, **knobs: object
) -> tuple[Task, list[Row]]:
    """The task that has learned of the rows, and they as it reads them."""
    kind, usual, rows = CASES[name]
    task = task_of(kind, **{"max_length": 32, "max_target_length": 16, "doc_stride": 8} | knobs)
    columns = task.find_columns(values or rows)
    read = [task.row(line, value, columns) for line, value in enumerate(values or rows, start=1)]
    task.learn(read, say_nothing)
    task.use(tokenizer or usual(), say_nothing)
    return task, read


def encoded(task: Task, rows: Sequence[Row]) -> tuple[Encoded, list[str]]:
    """The examples, and what was told of them."""
    events: list[str] = []
    found = examples_cache.encoded("training", rows, task, lambda: None, lambda text, **_: events.append(text))
    return found, events


def is_read(task: Task, rows: Sequence[Row]) -> bool:
    return any(text.startswith("training rows: read as they were tokenised") for text in encoded(task, rows)[1])


def kept_file() -> Path:
    [file] = (cache_folder() / "examples").glob("*.parquet")
    return file


@pytest.mark.parametrize("name", CASES)
def test_what_is_read_is_what_was_tokenised(name: str) -> None:
    task, rows = made(name)
    plain = task.encode_all(rows)
    first, _ = encoded(task, rows)
    again, [event] = encoded(*made(name))
    assert first == plain
    assert again == plain
    assert (again.truncated, again.untrained_lines) == (plain.truncated, plain.untrained_lines)
    for one, other in zip(plain.examples, again.examples, strict=True):
        assert repr(one) == repr(other)
    assert event.startswith(f"training rows: read as they were tokenised on {time.strftime('%d %b')} at ")


def test_many_pages_are_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_file, "PAGE_EXAMPLES", 7)
    task, rows = made("chat")
    encoded(task, rows)
    assert parquet.ParquetFile(kept_file()).num_row_groups == 5
    assert encoded(task, rows)[0] == task.encode_all(rows)


def test_equal_lines_of_two_sources_are_told_apart() -> None:
    task, rows = made("answers")
    mixed = [*rows, *rows[:1]]
    encoded(task, mixed)
    again, _ = encoded(task, mixed)
    assert again == task.encode_all(mixed) and again.places[-1] == len(rows)


def other_template() -> PreTrainedTokenizerBase:
    return make_tokenizer(CHATML.replace("<|im_start|>", "<|im_start|> "))


def with_a_token_more() -> PreTrainedTokenizerBase:
    tokenizer = make_tokenizer()
    tokenizer.add_tokens(["capital"])
    return tokenizer


CHANGED_ROW = [*CASES["chat"][2][:-1], {"prompt": "Where? " * 60, "completion": "There."}]


@pytest.mark.parametrize(
    "change",
    [
        {"max_length": 33},
        {"tokenizer": other_template()},
        {"tokenizer": with_a_token_more()},
        {"values": CHANGED_ROW},
        {"values": CASES["chat"][2][1:]},
    ],
    ids=["a knob", "the template", "the tokenizer", "a row", "a row less"],
)
def test_what_changes_the_examples_has_them_made_anew(change: dict[str, Any]) -> None:
    encoded(*made("chat"))
    task, rows = made("chat", **change)
    assert not is_read(task, rows) and is_read(task, rows) and is_read(*made("chat"))


def test_labels_that_were_learned_otherwise_are_other_examples() -> None:
    values = CASES["one label"][2]
    task, rows = made("one label")
    encoded(task, rows)
    other, _ = made("one label", [*values, {"text": "Ada", "label": "a first one"}])
    found, events = encoded(other, rows)
    assert not events and found == other.encode_all(rows) != task.encode_all(rows)


def test_what_changes_no_example_changes_nothing() -> None:
    task, rows = made("chat")
    encoded(task, rows)
    task.tokenizer("A text", truncation=True, max_length=4, padding="max_length")
    assert is_read(task, rows)
    assert is_read(*made("chat", learning_rate=1e-3, seed=7, method="full"))


def test_a_template_that_writes_the_day_has_other_examples_each_day(monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = make_tokenizer("{% set day = strftime_now('%d') %}" + CHATML)
    task, rows = made("chat", tokenizer=tokenizer)
    encoded(task, rows)
    assert is_read(task, rows)

    class Tomorrow(examples_cache.date):
        @classmethod
        def today(cls) -> "Tomorrow":
            return cls(2100, 1, 1)

    monkeypatch.setattr(examples_cache, "date", Tomorrow)
    assert not is_read(task, rows)


@pytest.mark.parametrize("name", CASES)
def test_every_knob_that_is_asked_for_is_one_of_the_data(name: str) -> None:
    class Asked:
        """Hands on a configuration, and notes what of it is asked for."""

        def __init__(self, config: object) -> None:
            self.config, self.names = config, set[str]()

        def __getattr__(self, name: str) -> object:
            self.names.add(name)
            return getattr(self.config, name)

    task, rows = made(name)
    asked: Any = Asked(task.config)
    task.config = asked
    task.encode_all(rows)
    assert asked.names and asked.names <= DataKnobs.model_fields.keys()


def test_a_tokenizer_without_known_content_keeps_nothing() -> None:
    task, rows = made("targets", tokenizer=ByT5Tokenizer())
    assert encoded(task, rows)[0] == task.encode_all(rows)
    assert not (cache_folder() / "examples").exists()


def test_what_takes_no_time_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_cache, "WORTH_SECONDS", 60.0)
    encoded(*made("chat"))
    assert not (cache_folder() / "examples").exists()


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def with_another_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)


def of_other_columns(file: Path) -> None:
    parquet.write_table(parquet.read_table(file).drop_columns("labels"), file)
    known(file, sha256=examples_cache._sha256(file))


def of_other_rows(file: Path) -> None:
    table = parquet.read_table(file)
    places = table.column("place").combine_chunks()
    parquet.write_table(table.set_column(0, "place", [[place.as_py() + 1000 for place in places]]), file)
    known(file, sha256=examples_cache._sha256(file))


def no_object(file: Path) -> None:
    file.with_suffix(".json").write_text("[1]", encoding="utf-8")


def known(file: Path, **changes: object) -> None:
    beside = file.with_suffix(".json")
    beside.write_text(json.dumps(json.loads(beside.read_text(encoding="utf-8")) | changes), encoding="utf-8")


@pytest.mark.parametrize("harm", [cut_off, with_another_byte, of_other_columns, of_other_rows, no_object])
def test_a_damaged_file_is_told_and_made_anew(harm: Callable[[Path], None]) -> None:
    task, rows = made("chat")
    encoded(task, rows)
    harm(kept_file())
    found, events = encoded(task, rows)
    assert events == ["what was kept of the tokenised training rows is damaged: they are tokenised again"]
    assert found == task.encode_all(rows) and is_read(task, rows)


def test_a_file_that_was_freed_is_made_anew_without_a_word() -> None:
    task, rows = made("chat")
    encoded(task, rows)
    kept_file().unlink()
    assert encoded(task, rows)[1] == [] and is_read(task, rows)


def test_what_was_used_last_stays_where_the_folder_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    task, rows = made("chat")
    encoded(task, rows)
    monkeypatch.setattr(kept, "KEPT_BYTES", 1)
    other, other_rows = made("chat", max_length=40)
    encoded(other, other_rows)
    assert is_read(other, other_rows) and kept_file() and not is_read(task, rows)


def test_a_cache_that_can_not_be_written_costs_no_run() -> None:
    cache_folder().mkdir(parents=True)
    (cache_folder() / "examples").write_text("a file in its place", encoding="utf-8")
    task, rows = made("chat")
    found, [event] = encoded(task, rows)
    assert found == task.encode_all(rows)
    assert event.startswith("tokenised rows are not kept for other runs. Nothing can be kept in ")


# Runs


def queue(bench: Bench, **knobs: object) -> Run:
    return bench.queue(**{"max_steps": 4, "mix_data": str(bench.data.with_name("general.jsonl"))} | knobs)


def worst(bench: Bench, run: Run) -> list[dict[str, Any]]:
    """What was said of the held-out rows at the end."""
    [*_, last] = sorted(bench.home.run(run.id).predictions.glob("step-*.parquet"))
    return parquet.read_table(last).to_pylist()


@pytest.mark.parametrize("knobs", [{}, {"packing": True}], ids=["plain", "packed"])
def test_a_run_of_the_same_rows_reads_them_and_goes_the_same_way(own_bench: Bench, knobs: dict[str, object]) -> None:
    write_rows(own_bench.data.with_name("general.jsonl"), chat_rows(60)[41:])
    first, again = (train_here(own_bench, queue(own_bench, **knobs)) for _ in range(2))
    assert first.state == again.state == "completed", own_bench.told(again)
    read = [text for text in told(own_bench, again) if "read as they were tokenised" in text]
    assert [text.split()[0] for text in read] == ["training", "evaluation"]
    assert not any("read as they were" in text for text in told(own_bench, first))
    for name in ("loss", "grad_norm", "eval_loss", "num_input_tokens_seen"):
        assert own_bench.steps_and_losses(again, name) == own_bench.steps_and_losses(first, name)
    assert worst(own_bench, again) == worst(own_bench, first)
    assert resume_here(own_bench, again).state == "completed"
    assert sum("read as they were tokenised" in text for text in told(own_bench, again)) == 4


def test_what_nobody_has_asked_for_is_freed_with_the_cache(own_bench: Bench) -> None:
    from tunedeck.store.upkeep import spare

    encoded(*made("chat"))
    files = sorted((cache_folder() / "examples").iterdir())
    [cached] = [one for one in spare.found(own_bench.db, own_bench.home) if one.kind == "cache"]
    assert not cached.paths
    for file in files:
        os.utime(file, (0, 0))
    [cached] = [one for one in spare.found(own_bench.db, own_bench.home) if one.kind == "cache"]
    assert sorted(cached.paths) == files
