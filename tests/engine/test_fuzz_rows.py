"""Whatever a file holds, it ends as rows, bad rows and their lines, or one sentence; never in another exception."""

import csv
import gzip
import io
import json
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pytest
from fuzzing import holds, lengths
from hypothesis import strategies as st
from pyarrow import parquet
from tiny_tasks import task_of
from tunedeck.engine import formats
from tunedeck.engine.data import columns
from tunedeck.engine.data.faults import BadRow
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.source import load_rows
from tunedeck.engine.data.tables import read_rows
from tunedeck.store.errors import ConfigError, DataError, UserError
from tunedeck.store.knobs.run import Task as TaskName

ROWS: list[dict[str, object]] = [
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]},
    {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Ho"}]},
    {"instruction": "Add", "input": "1 and 2", "output": "3"},
    {"prompt": "Why?", "completion": "Because."},
    {"text": "It works well enough", "label": "good"},
    {"text": "It is late once more", "label": ["bad", "late"]},
    {"premise": "It rains a lot here", "hypothesis": "It is wet out there", "label": 1},
    {"tokens": ["Ada", "sang"], "tags": ["B-PER", "O"]},
    {"context": "Ada sang.", "question": "Who sang?", "answers": {"text": ["Ada"], "answer_start": [0]}},
    {"source": "a long text of words", "target": "words"},
]
SQUAD = {"data": [{"title": "t", "paragraphs": [{"context": "Ada sang.", "qas": [
    {"id": "1", "question": "Who sang?", "answers": [{"text": "Ada", "answer_start": 0}], "is_impossible": False},
]}]}]}  # fmt: skip


def table(delimiter: str) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, ["text", "label"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows({"text": f'It is "{word}", or\nnot', "label": word} for word in ("good", "bad") * 3)
    return file.getvalue().encode()


def in_parquet() -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table({"text": ["one two", "three"], "label": [["a"], None], "n": [1.5, None]}), file)
    return file.getvalue()


def in_zip(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


LINES = "\n".join(map(json.dumps, ROWS)).encode()
WHOLE: dict[str, bytes] = {
    "rows.jsonl": LINES,
    "rows.json": json.dumps(ROWS, indent=1).encode(),
    "squad.json": json.dumps(SQUAD).encode(),
    "rows.csv": table(","),
    "rows.tsv": table("\t"),
    "rows.txt": b"One paragraph\nof two lines.\n\nAnother one.\n",
    "rows.parquet": in_parquet(),
    "rows.jsonl.gz": gzip.compress(LINES, mtime=0),
    "rows.zip": in_zip("rows.jsonl", LINES),
}
# What parsers trip over, whole, so that it need not be found letter by letter.
PIECES = [
    *(letter.encode() for letter in "{}[]\":,\\\n\r\t\0 "), b"\r\n", b"\x1b[2J", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\\ud800", b"\\u0000", b"1e999", b"-0", b"NaN", b"null", b"true", b"9" * 4400, b"[" * 2000, b'{"a":' * 2000,
    "\u2028\u202e".encode(), b'"text":', b'"label":', b'"messages":', b'"tokens":', b'"answers":',
]  # fmt: skip
CONTENT = st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join))


@st.composite
def torn(draw: st.DrawFn, whole: bytes) -> bytes:
    """The content with a few places cut out, doubled or overwritten; or none of it."""
    content = whole
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        content = content[:start] + draw(CONTENT) + content[end:]
    return draw(st.one_of(st.just(content), CONTENT))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def changed_rows(draw: st.DrawFn) -> list[object]:
    """Rows of a known shape, some of whose values are anything."""
    shape = draw(st.sampled_from(ROWS))
    rows = draw(st.lists(st.dictionaries(st.sampled_from(sorted(shape)), JSON), max_size=5))
    return draw(st.permutations([*({**shape, **row} for row in rows), *draw(st.lists(JSON, max_size=2))]))


def is_one_sentence(error: UserError) -> None:
    assert error.what and "Traceback" not in str(error) and len(str(error)) < 2000


def read(path: Path) -> None:
    """Rows and bad rows, each on a line after the last one's; or a sentence."""
    try:
        rows = list(read_rows(path))
    except DataError as error:
        return is_one_sentence(error)
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines)) and all(isinstance(row, JsonRow | BadRow) for row in rows)
    assert all(row.sentence for row in rows if isinstance(row, BadRow))


def suit(path: Path) -> None:
    """Every task reads it, or says why not; and so does who asks for the format."""
    try:
        formats.of_source(path)
    except UserError as error:
        is_one_sentence(error)
    for name in get_args(TaskName):
        try:
            load_rows(str(path), task_of(name), on_bad_rows="skip")
        except UserError as error:
            is_one_sentence(error)


@pytest.mark.parametrize("name", WHOLE)
@lengths(60)
def test_any_bytes_are_rows_or_a_sentence(tmp_path: Path, name: str, examples: int) -> None:
    path = tmp_path / name

    def check(content: bytes) -> None:
        path.write_bytes(content)
        read(path)
        suit(path)

    holds(check, examples, torn(WHOLE[name]))


@pytest.mark.parametrize(("name", "delimiter"), [("rows.csv", ","), ("rows.tsv", "\t")])
def test_a_column_with_a_very_long_name_leaves_sentences_short(tmp_path: Path, name: str, delimiter: str) -> None:
    rows = [f"It is row {number}{delimiter}{'good' if number % 2 else 'bad'}" for number in range(8)]
    (tmp_path / name).write_text("\n".join([f"{'9' * 4400}{delimiter}label", *rows]))
    suit(tmp_path / name)
    with pytest.raises(DataError, match=r"line 2: 9{40}\.\.\. has 4 words, but label has 1 tags"):
        load_rows(str(tmp_path / name), task_of("token-classification"))


@lengths(80)
def test_any_values_are_rows_of_a_task_or_a_sentence(tmp_path: Path, examples: int) -> None:
    path = tmp_path / "rows.jsonl"

    def check(rows: list[object]) -> None:
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        read(path)
        suit(path)

    holds(check, examples, changed_rows())


def sentence_or_value(act: Callable[[], object]) -> object:
    """What it returns, or the sentence that it raises."""
    try:
        return act()
    except ConfigError as error:
        is_one_sentence(error)
        return error


@lengths(200)
def test_any_text_for_columns_is_a_choice_or_a_sentence(examples: int) -> None:
    pieces = st.lists(st.sampled_from([*"=,\"' \n\r\0", "text", "a b", "\u202e"]), max_size=12).map("".join)
    holds(lambda text: sentence_or_value(lambda: columns.read_asked(text)) and None, examples, st.text() | pieces)


@lengths(200)
def test_columns_that_are_suggested_can_be_set(examples: int) -> None:
    names = st.text(st.sampled_from("ab,=\"' #\\\n\x7f語😀"), min_size=1).filter(lambda name: name == name.strip())

    def check(asked: dict[str, str]) -> None:
        told = tomllib.loads(columns._setting(asked))["columns"]
        assert columns.read_asked(told) == asked

    holds(check, examples, st.dictionaries(st.sampled_from(["text", "label", "tags"]), names, min_size=1))
