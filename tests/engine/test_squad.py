"""The SQuAD file: one row a question, and files that only look like it."""

import hashlib
import json
from pathlib import Path

import pytest
from tunedeck.engine.data import squad
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.tables import read_rows
from tunedeck.store.errors import DataError

CONTEXT = "The Normans gave their name to Normandy."
ANSWERABLE = {
    "question": "Who gave the name?",
    "id": "a",
    "answers": [{"text": "The Normans", "answer_start": 0}, {"text": "Normans", "answer_start": 4}],
}
IMPOSSIBLE = {"question": "When?", "id": "b", "answers": [], "plausible_answers": [], "is_impossible": True}
PARAGRAPHS = [{"qas": [ANSWERABLE, IMPOSSIBLE], "context": CONTEXT}]
BOTH = [
    {"data": [{"title": "Normans", "paragraphs": PARAGRAPHS}], "version": "1.1"},
    {"version": "v2.0", "data": [{"paragraphs": PARAGRAPHS}]},
]


@pytest.mark.parametrize("value", BOTH, ids=["1.1", "2.0"])
@pytest.mark.parametrize("indent", [None, 2])
def test_each_question_is_a_row(tmp_path: Path, value: object, indent: int | None) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(value, indent=indent))
    digest = hashlib.sha256()
    assert list(read_rows(path, digest)) == [
        JsonRow(1, {"id": "a", "context": CONTEXT, "question": "Who gave the name?",
                    "answers": {"text": ["The Normans", "Normans"], "answer_start": [0, 4]}, "is_impossible": False}),
        JsonRow(2, {"id": "b", "context": CONTEXT, "question": "When?",
                    "answers": {"text": [], "answer_start": []}, "is_impossible": True}),
    ]  # fmt: skip
    assert digest.hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_json_lines_with_data_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text('{"data": [{"x": 1}]}\n{"data": "text"}\n')
    assert list(read_rows(path)) == [JsonRow(1, {"data": [{"x": 1}]}), JsonRow(2, {"data": "text"})]


BAD_FILES = [
    (b'{"data": [{"title": "x"}]}', "dev.json: data[0].paragraphs is not a list."),
    (b'{"data": [{"title": "x", "paragraphs": [{"qas": [1]}]}]}',
     "dev.json: data[0].paragraphs[0].qas[0] is not an object."),
    (b'{"data": [{"title": "x"', "dev.json: not valid JSON: Expecting ',' delimiter (column 24)."),
    (b'{"data": [{"title": "\xe9"}]}', "dev.json: byte 22 is not UTF-8."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES)
def test_a_damaged_file_is_refused_with_the_place(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "dev.json"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        list(read_rows(path))
    assert caught.value.what == sentence
    assert caught.value.next_step


def test_a_file_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squad, "FILE_LIMIT_BYTES", 2**20)
    path = tmp_path / "dev.json"
    path.write_bytes(b'{"data": [{"title": "' + b"a" * 2**20)
    with pytest.raises(DataError, match=r"dev\.json is a JSON object of more than 1 MB"):
        list(read_rows(path))
