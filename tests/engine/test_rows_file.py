"""The rows file gives back every row as it was, by pages, and is read like any other file."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from tunedeck.engine.data import rows_file
from tunedeck.engine.data.faults import BadRow
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.engine.data.tables import read_rows
from tunedeck.store.errors import DataError

ROWS: list[JsonRow | BadRow] = [
    JsonRow(1, {"text": "Grüße, 世界", "n": [1, 2.5, None, True], "deep": {"a": {"b": []}}}),
    JsonRow(2, "only a text"),
    BadRow(4, "not valid JSON: Expecting value (column 1)"),
    JsonRow(7, {"text": 'quotes " and \\ and \n and \x1b[31m'}),
    JsonRow(8, {"text": "half a pair \ud800", "\udc00": 1}),
]


def written(path: Path, rows: list[JsonRow | BadRow]) -> rows_file.Written:
    return rows_file.write(path, map(rows_file.record, rows))


def test_every_row_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "v1.parquet"
    assert written(path, ROWS)[:2] == (5, 1)
    assert list(read_rows(path)) == ROWS


def test_a_synthetic_row_keeps_where_it_is_from(tmp_path: Path) -> None:
    path, row = tmp_path / "v2.parquet", RowRecord(9, '{"text": "made"}', "", 7, "edits:swap")
    rows_file.write(path, [row])
    assert list(rows_file.read(path)) == [row]
    assert row.value == {"text": "made"}


def test_a_page_ends_at_a_thousand_rows_or_when_they_are_long(tmp_path: Path) -> None:
    path = tmp_path / "pages.parquet"
    long = [RowRecord(line, json.dumps("x" * 3 * 2**20)) for line in range(3)]
    rows_file.write(path, [*(RowRecord(line, "1") for line in range(10, 2510)), *long])
    file = parquet.ParquetFile(path)
    assert [file.metadata.row_group(page).num_rows for page in range(file.num_row_groups)] == [1000, 1000, 502, 1]


def test_the_same_rows_have_the_same_sha256_and_others_another(tmp_path: Path) -> None:
    first, same = written(tmp_path / "a.parquet", ROWS), written(tmp_path / "b.parquet", ROWS)
    assert first == same != written(tmp_path / "c.parquet", ROWS[::-1])


def test_the_digest_is_fed_with_the_files_bytes(tmp_path: Path) -> None:
    path, digest = tmp_path / "v1.parquet", hashlib.sha256()
    written(path, ROWS)
    assert len(list(read_rows(path, digest))) == len(ROWS)
    assert digest.hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_half_file_stays_where_a_row_breaks_the_writing(tmp_path: Path) -> None:
    def rows():
        yield RowRecord(1, "1")
        raise DataError("the source broke off")

    with pytest.raises(DataError, match="broke off"):
        rows_file.write(tmp_path / "half.parquet", rows())
    assert not list(tmp_path.iterdir())


def forged(path: Path, columns: dict[str, list[object]]) -> Path:
    genuine = path.with_name("genuine.parquet")
    written(genuine, ROWS[:1])
    schema = parquet.read_schema(genuine)
    fields = [schema.field(name) for name in columns]
    parquet.write_table(pa.table(columns, pa.schema(fields, metadata=schema.metadata)), path)
    return path


def test_a_file_that_only_says_it_is_one_breaks_nothing(tmp_path: Path) -> None:
    row: dict[str, list[object]] = {"line": [1], "row": ["{"], "fault": [""], "origin": [None], "generator": [""]}
    assert list(read_rows(forged(tmp_path / "a.parquet", row))) == [BadRow(1, "not valid JSON")]
    with pytest.raises(DataError, match=r"b\.parquet has rows without a line or a value"):
        list(read_rows(forged(tmp_path / "b.parquet", row | {"line": [None]})))
    assert list(read_rows(forged(tmp_path / "c.parquet", {"row": ["{"]}))) == [JsonRow(1, {"row": "{"})]


def test_a_file_that_is_cut_off_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "v1.parquet"
    written(path, ROWS)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"v1\.parquet can't be read as rows"):
        list(rows_file.read(path))
