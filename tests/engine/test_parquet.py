"""Parquet: nested values, classes by name, columns left out, and damaged files."""

import json
import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from tunedeck.engine.data.faults import BadRow
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.tables import read_rows
from tunedeck.store.errors import DataError


def read(path: Path, table: pa.Table, **options: int) -> list[JsonRow | BadRow]:
    parquet.write_table(table, path, **options)
    return list(read_rows(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.parquet"


def test_lists_and_structs_become_lists_and_dicts(path: Path) -> None:
    row = {"tokens": ["a", "b"], "answers": {"text": ["a"], "answer_start": [0]}, "score": 0.5, "left": None}
    assert read(path, pa.Table.from_pylist([row])) == [JsonRow(1, row)]


def test_rows_are_counted_over_batches_and_row_groups(path: Path) -> None:
    rows = read(path, pa.table({"number": list(range(100))}), row_group_size=30)
    assert rows == [JsonRow(number + 1, {"number": number}) for number in range(100)]


def test_dictionaries_are_read_as_their_values(path: Path) -> None:
    labels = pa.array(["good", "bad", "good"]).dictionary_encode()
    assert [row.value for row in read(path, pa.table({"label": labels})) if isinstance(row, JsonRow)] == [
        {"label": "good"}, {"label": "bad"}, {"label": "good"}
    ]  # fmt: skip


def test_columns_that_json_can_not_hold_are_left_out(path: Path) -> None:
    images = pa.array([{"bytes": b"\xff", "path": "a.png"}])
    table = pa.table({"text": ["a"], "when": [date(2020, 1, 2)], "image": images, "a.b": [1]})
    assert read(path, table) == [JsonRow(1, {"text": "a", "a.b": 1})]


def with_features(table: pa.Table, features: Mapping[str, object]) -> pa.Table:
    """The table with the entry that the datasets library writes."""
    return table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})


def test_classes_go_by_the_names_in_the_file(path: Path) -> None:
    tags = {"names": ["O", "B-PER"], "_type": "ClassLabel"}
    features = {
        "label": {"names": ["bad", "good"], "_type": "ClassLabel"},
        "tags": {"feature": tags, "_type": "List"},
        "old_tags": [tags],
        "text": {"dtype": "string", "_type": "Value"},
        "gone": tags,
    }
    table = pa.table({"label": [1, -1, 2], "tags": [[1, 0]] * 3, "old_tags": [[0], [], None], "text": ["a"] * 3})
    assert read(path, with_features(table, features)) == [
        JsonRow(1, {"label": "good", "tags": ["B-PER", "O"], "old_tags": ["O"], "text": "a"}),
        JsonRow(2, {"label": None, "tags": ["B-PER", "O"], "old_tags": [], "text": "a"}),
        BadRow(3, "label is 2, but the file names 2 classes"),
    ]


@pytest.mark.parametrize("entry", ["", "{", "[]", '{"info": {"features": []}}', '{"info": {"features": {"a": 1}}}'])
def test_a_damaged_entry_of_features_leaves_the_numbers(path: Path, entry: str) -> None:
    table = pa.table({"a": [1]}).replace_schema_metadata({"huggingface": entry})
    assert read(path, table) == [JsonRow(1, {"a": 1})]


def test_a_row_that_is_not_utf_8_is_named(path: Path) -> None:
    texts = pa.array([b"a", b"caf\xe9", b"b"], pa.binary())
    table = pa.table({"text": pa.Array.from_buffers(pa.string(), 3, texts.buffers())})
    assert read(path, table) == [
        JsonRow(1, {"text": "a"}),
        BadRow(2, "a text holds byte 0xE9, which is not UTF-8"),
        JsonRow(3, {"text": "b"}),
    ]


def test_a_row_above_the_limit_is_named(path: Path) -> None:
    rows = read(path, pa.table({"text": ["a", "b" * (16 * 2**20 + 1), "c"]}))
    assert rows[1] == BadRow(2, "the row is longer than 16 MB")
    assert [row.line for row in rows if isinstance(row, JsonRow)] == [1, 3]


def test_a_file_that_is_no_parquet_is_refused(path: Path) -> None:
    path.write_text("text,label\n" * 10)
    with pytest.raises(DataError) as caught:
        list(read_rows(path))
    assert caught.value.what.startswith("rows.parquet can't be read as Parquet: Parquet magic bytes not found")
    assert caught.value.next_step == "It may be cut off; fetch or write it again."


def test_whatever_byte_is_damaged_the_error_is_a_sentence(path: Path) -> None:
    parquet.write_table(
        pa.Table.from_pylist([{"text": f"row {i}", "list": [i], "struct": {"a": i}} for i in range(50)]), path
    )
    whole, draw, refused = path.read_bytes(), random.Random(0), 0
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[draw.randrange(len(damaged))] ^= draw.randrange(1, 256)
        path.write_bytes(damaged)
        try:
            list(read_rows(path))
        except DataError:
            refused += 1
    assert refused > 50
