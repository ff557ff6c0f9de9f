"""Tables made to exhaust memory: an error with the line, in bounded memory."""

from pathlib import Path

import pyarrow as pa
import pytest
from bounded import read_under_limit
from pyarrow import parquet

LONG_ROW = "BadRow(line=2, sentence='the row is longer than 16 MB; a quoted field may not be closed')"
# The file's name, beginning, middle and end, and what is said of it.
BOMBS: dict[str, tuple[str, bytes, bytes, bytes, str]] = {
    "commas": ("rows.csv", b"text,label\n", b"," * (2**24 - 2) + b"\n", b"b,2\n",
               "BadRow(line=2, sentence='the row has 16,777,215 fields, expected 2') 3"),
    "wide characters": ("rows.csv", b'text,label\n"', "👋".encode() * (2**22 - 3), b'",1\nb,2\n', "3"),
    "unclosed quote": ("rows.csv", b'text\n"a\n', (b"b" * 2**20 + b"\n") * 17, b"end\n", f"{LONG_ROW} 20"),
    "columns": ("rows.csv", b"", b"," * (2**24 - 2) + b"\n", b"b,2\n",
                "rows.csv line 1: column 1 has no name. The first line has to give each column a name of its own."),
    "paragraph": ("rows.txt", b"a\n", (b"b" * 2**10 + b"\n") * 17 * 2**10, b"\nend",
                  "BadRow(line=1, sentence='the paragraph is longer than 16 MB; part it by blank lines') 17411"),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_an_error_with_its_line(tmp_path: Path, bomb: str) -> None:
    name, beginning, middle, end, said = BOMBS[bomb]
    (tmp_path / name).write_bytes(beginning + middle + end)
    assert read_under_limit(tmp_path / name) == said


@pytest.mark.parametrize(("name", "beginning"), [("rows.csv", b'text\n"'), ("rows.tsv", b"text\n"), ("rows.txt", b"")])
def test_a_line_of_300_megabytes_is_passed_over(tmp_path: Path, name: str, beginning: bytes) -> None:
    with (tmp_path / name).open("wb") as file:
        file.write(beginning)
        # A hole: 300 MB that take no room on the disk and no time to write.
        file.seek(300 * 2**20)
        file.write(b"\n\nend\n")
    line = beginning.count(b"\n") + 1
    said = f"BadRow(line={line}, sentence='the line is longer than 16 MB') {line + 2}"
    assert read_under_limit(tmp_path / name) == said


def test_a_parquet_value_of_100_megabytes_is_an_error_where_memory_is_short(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"text": ["a" * (100 * 2**20), "b"]}), path)
    # Importing pyarrow takes 330 MB of addresses.
    assert read_under_limit(path, 600) == (
        "rows.parquet holds rows that need more memory than is free. Write it with shorter values."
    )
