"""The same rows from every kind of file, and files that are none."""

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from tunedeck.engine.data.jsonl import JsonRow
from tunedeck.engine.data.tables import SUFFIXES, read_rows
from tunedeck.store.errors import DataError

ROWS = [
    {"text": "A plain one", "label": "good"},
    {"text": 'With "quotes", commas; semicolons\tand tabs', "label": "bad"},
    {"text": "Two\nlines\n\nand a blank one", "label": ""},
    {"text": "Café 👋 \u2028 日本", "label": "good"},
]


def write_delimited(path: Path, delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ROWS[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(ROWS)


def write(path: Path) -> Path:
    """The rows, in the way that the suffix says."""
    if path.suffix == ".parquet":
        parquet.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.suffix == ".json":
        path.write_text(json.dumps(ROWS))
    elif path.suffix == ".jsonl":
        path.write_text("\n".join(json.dumps(row) for row in ROWS))
    else:
        write_delimited(path, "\t" if path.suffix == ".tsv" else ",")
    return path


@pytest.mark.parametrize("name", ["rows.csv", "rows.CSV", "rows.tsv", "rows.jsonl", "rows.json", "rows.parquet"])
def test_every_format_gives_the_same_rows_and_the_files_own_hash(tmp_path: Path, name: str) -> None:
    digest = hashlib.sha256()
    path = write(tmp_path / name)
    rows = list(read_rows(path, digest))
    assert [row.value for row in rows if isinstance(row, JsonRow)] == ROWS
    assert digest.hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_kinds_of_file_are_these() -> None:
    assert SUFFIXES == (".jsonl", ".json", ".csv", ".tsv", ".parquet", ".txt")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_missing_file_is_an_error_with_its_path(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(DataError, match=f"/rows{suffix} does not exist"):
        list(read_rows(tmp_path / f"rows{suffix}"))


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"rows\.xlsx is not a kind of data that can be read\. Read are \.jsonl, "):
        read_rows(tmp_path / "rows.xlsx")


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".tsv", ".txt"])
def test_utf_16_is_refused_with_the_command_that_converts_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"rows{suffix}"
    path.write_bytes("text,label\n".encode("utf-16"))
    with pytest.raises(DataError) as caught:
        list(read_rows(path))
    assert caught.value.what == f"rows{suffix} is UTF-16, expected UTF-8."
    assert caught.value.next_step == f"Convert it: iconv -f UTF-16 -t UTF-8 rows{suffix}"


def test_pyarrow_is_imported_for_parquet_only(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from tunedeck.engine.data.tables import read_rows\n"
    code += "print(len(list(read_rows(Path(sys.argv[1])))), *{'pyarrow', 'torch', 'numpy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(write(tmp_path / "rows.csv"))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "4"
