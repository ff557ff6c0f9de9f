"""Rows by their shape: the format in words, the tasks that it suits, and the same data whatever the kind of file."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tunedeck.engine import formats, tasks
from tunedeck.engine.data.source import load_rows
from tunedeck.store.config import checked
from tunedeck.store.errors import ConfigError, DataError

TEXTS = ["the film was far too long", "what a fine day it is", "nobody knows why it broke", "we all went home at nine"]
ANSWER = {"text": ["film"], "answer_start": [4]}
TURNS = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
SHARED = [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]


def rows(**columns: Sequence[object]) -> list[object]:
    """Twelve rows; each column has so many values, again and again."""
    return [{name: values[row % len(values)] for name, values in columns.items()} for row in range(12)]


def numbered(text: str) -> list[str]:
    return [f"{text} number {number}" for number in range(12)]


Sample = tuple[list[object], str, tuple[str, ...], Mapping[str, str]]
SAMPLES: dict[str, Sample] = {
    "chat": (rows(messages=[TURNS]), "chat (messages)", ("causal-lm",), {}),
    "sharegpt": (rows(conversations=[SHARED]), "ShareGPT (conversations)", ("causal-lm",), {}),
    "alpaca": (
        rows(instruction=numbered("Write a short poem"), input=[""], output=numbered("A poem of four lines")),
        "Alpaca (instruction, input, output)", ("causal-lm",), {},
    ),
    "prompt": (
        rows(prompt=numbered("Once upon a time"), completion=numbered("there was a king")),
        "prompt and completion", ("causal-lm", "seq2seq-lm"), {},
    ),
    "label": (
        rows(text=TEXTS, label=["good", "bad"]), "text and label", ("sequence-classification", "causal-lm"),
        {"text": "text", "label": "label"},
    ),
    "label by its values": (
        rows(id=list(range(12)), said=numbered("the film was long"), stars=[1, 5]), "text and label",
        ("sequence-classification",), {"text": "said", "label": "stars"},
    ),
    "labels": (
        rows(text=TEXTS, labels=[["a"], ["a", "b"]]), "text and labels", ("sequence-classification", "causal-lm"),
        {"text": "text", "label": "labels"},
    ),
    "pair": (
        rows(premise=TEXTS, hypothesis=TEXTS[::-1], label=[0, 1]), "two texts and label", ("sequence-classification",),
        {"text": "premise", "text_pair": "hypothesis", "label": "label"},
    ),
    "tags": (
        rows(tokens=[["Ada", "sang"], ["He", "slept"]], ner_tags=[["B-PER", "O"], ["O", "O"]]), "tokens and tags",
        ("token-classification",), {"tokens": "tokens", "tags": "ner_tags"},
    ),
    "squad": (
        rows(id=["1"], context=TEXTS[:1], question=["What was far too long?"], answers=[ANSWER]),
        "SQuAD (context, question, answers)", ("question-answering",),
        {"id": "id", "context": "context", "question": "question", "answers": "answers"},
    ),
    "pairs of texts": (
        rows(source=numbered("a long text about"), target=numbered("a short text about")), "source and target",
        ("seq2seq-lm",), {"source": "source", "target": "target"},
    ),
    "plain text": (rows(text=TEXTS), "plain text", ("causal-lm",), {}),
    "other columns": (rows(a=[1], b=[2]), "columns a, b", (), {}),
    "many columns": (rows(**{name: [1] for name in "abcdefgh"}), "columns a, b, c, d, e, f and 2 more", (), {}),
    "no objects": ([1, "a", []], "values without columns", (), {}),
    "nothing": ([], "no rows", (), {}),
}  # fmt: skip


@pytest.mark.parametrize("shape", SAMPLES)
def test_a_format_is_known_by_its_shape(shape: str) -> None:
    sample, words, suiting, columns = SAMPLES[shape]
    assert formats.of(sample) == (words, suiting, columns)


def test_a_task_that_is_asked_for_is_the_only_one() -> None:
    sample = SAMPLES["label"][0]
    assert formats.of(sample, "causal-lm") == ("plain text", ("causal-lm",), {})
    found = formats.of(sample, "seq2seq-lm", "source=text, target=label")
    assert found == ("source and target", ("seq2seq-lm",), {"source": "text", "target": "label"})


def test_columns_that_are_asked_for_are_taken() -> None:
    sample = rows(q=numbered("why is it so"), a=numbered("because of the rain"))
    assert formats.of(sample).tasks == ()
    found = formats.of(sample, columns="prompt=q, completion=a")
    assert found[1:] == (("causal-lm",), {"prompt": "q", "completion": "a"})


def test_a_task_that_finds_no_columns_says_so() -> None:
    with pytest.raises(DataError, match="no column was found for context"):
        formats.of(SAMPLES["label"][0], "question-answering")
    with pytest.raises(ConfigError, match="columns"):
        formats.of(SAMPLES["label"][0], "seq2seq-lm", "source")


def test_a_few_bad_rows_hide_no_format_and_many_do() -> None:
    sample = SAMPLES["prompt"][0]
    assert formats.of([*sample, {}, 3]).tasks == ("causal-lm", "seq2seq-lm")
    assert formats.of([*sample, *[{}] * 20]).tasks == ()


# the same rows as CSV and as JSON Lines

SAME: dict[str, tuple[str, list[dict[str, object]]]] = {
    "numbers": ("sequence-classification", [{"text": text, "label": index % 2} for index, text in enumerate(TEXTS)]),
    "floats": ("sequence-classification", [{"text": text, "label": index / 2} for index, text in enumerate(TEXTS)]),
    "booleans": ("sequence-classification", [{"text": text, "label": index < 2} for index, text in enumerate(TEXTS)]),
    "negative": ("sequence-classification", [{"text": text, "label": -float(i % 2)} for i, text in enumerate(TEXTS)]),
    "words": ("sequence-classification", [{"text": text, "label": " Good\n"} for text in TEXTS]),
    "an empty second text": ("sequence-classification",
                             [{"text": text, "text_pair": "", "label": 1} for text in TEXTS]),
    "an empty input": ("causal-lm", [{"instruction": text, "input": None, "output": "a"} for text in TEXTS]),
    "tags": ("token-classification", [{"tokens": "Ada sang", "tags": "B-PER O"}] * 8),
    "quotes, commas and lines": ("causal-lm", [{"prompt": 'a "b", c;\n\n\td', "completion": "é\u2028👋"}]),
    "source and target": ("seq2seq-lm", [{"source": text, "target": text[:9]} for text in TEXTS]),
}  # fmt: skip


@pytest.mark.parametrize("kind", SAME)
@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_the_same_rows_give_the_same_data_from_tables_and_from_json(tmp_path: Path, kind: str, suffix: str) -> None:
    name, values = SAME[kind]
    table, lines = tmp_path / f"rows{suffix}", tmp_path / "rows.jsonl"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(values[0]), delimiter="\t" if suffix == ".tsv" else ",")
        writer.writeheader()
        writer.writerows(values)
    lines.write_text("\n".join(map(json.dumps, values)))
    task = tasks.of(checked({"data": "-", "model": "-", "task": name}))
    of_table, of_lines = (load_rows(str(path), task) for path in (table, lines))
    assert of_table.columns == of_lines.columns
    assert [(row.identity, row.question, row.stratum) for row in of_table.rows] == [
        (row.identity, row.question, row.stratum) for row in of_lines.rows
    ]


@pytest.mark.parametrize("label", ["", None, "  "])
def test_a_label_that_is_empty_is_a_fault_in_both(tmp_path: Path, label: str | None) -> None:
    """JSON can say more precisely what is there instead of a label."""
    values = [{"text": text, "label": label if index == 3 else "a"} for index, text in enumerate(TEXTS)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, values)))
    written = [f"{row['text']},{row['label'] or ''}" for row in values]
    (tmp_path / "rows.csv").write_text("\n".join(["text,label", *written]))
    task = tasks.of(checked({"data": "-", "model": "-", "task": "sequence-classification"}))
    bad = [load_rows(str(tmp_path / f"rows{end}"), task, on_bad_rows="skip").bad_rows for end in (".csv", ".jsonl")]
    told = "label is null, expected text" if label is None else "label is empty"
    assert [rows.kept[0].sentence for rows in bad] == ["label is empty", told]
