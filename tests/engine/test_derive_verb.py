"""The verbs derive, diff and handout, spoken to as the app does; a version is there as a whole or not at all."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from made_versions import Shelf
from pyarrow import parquet
from tunedeck.engine.data.tables import read_rows
from tunedeck.engine.verbs import derive, diff, handout
from tunedeck.store import datasets
from tunedeck.store.errors import ConfigError, DataError, NotFoundError
from tunedeck.store.paths import Home

ROWS = [{"text": f"row number {number} of all", "stars": number} for number in range(6)]
DEADLINE_SECONDS = 60.0


@pytest.fixture
def shelf(db: sqlite3.Connection, home: Home, tmp_path: Path) -> Shelf:
    made = Shelf(db, home, tmp_path)
    made.imported(ROWS)
    return made


@pytest.fixture
def op_file(tmp_path: Path) -> Path:
    path = tmp_path / "operation.json"
    path.write_text('{"op": "drop", "rows": [0], "reason": "empty"}')
    return path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def left_over(home: Home) -> list[str]:
    return [path.name for path in home.datasets.glob(".making-*")]


def test_derive_tells_every_field_of_what_it_made(
    shelf: Shelf, op_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    derive.run(["data:rows@v1", "--op-file", str(op_file), "--name", "fewer"])
    [told] = lines(capsys)
    made = datasets.find(shelf.db, "fewer")
    assert datasets.Dataset(**told["dataset"]) == made
    assert (made.label, made.parent, made.rows) == ("fewer@v1", "rows@v1", 5)
    assert left_over(shelf.home) == []


def test_an_operation_file_that_can_not_be_read_is_a_sentence(shelf: Shelf, op_file: Path) -> None:
    op_file.write_text("{")
    with pytest.raises(ConfigError, match=r"operation\.json can't be read as an operation: Expecting"):
        derive.run(["data:rows@v1", "--op-file", str(op_file)])


def test_a_killed_derive_leaves_nothing_listed_and_is_swept_away(shelf: Shelf, op_file: Path) -> None:
    # While we hold the store, the finished file can't be listed: a kill then is one at the last moment.
    shelf.db.execute("BEGIN IMMEDIATE")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tunedeck.engine", "derive", "data:rows@v1", "--op-file", str(op_file)],
        env=os.environ | {"TUNEDECK_HOME": str(shelf.home.root)},
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not list(shelf.home.datasets.glob(".making-*/0.parquet")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait()
    shelf.db.execute("ROLLBACK")
    assert [dataset.label for dataset in datasets.of_all(shelf.db)] == ["rows@v1"]
    assert left_over(shelf.home)
    assert shelf.made_one("rows@v1", op="drop", rows=[0]).label == "rows@v2"
    assert left_over(shelf.home) == []


def test_diff_goes_by_line_between_kin(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    shelf.made("rows@v1", op="drop", rows=[0, 1])
    shelf.made("rows@v2", op="edit", lines={"4": '{"stars": true, "text": "row number 3 of all", "new": [1]}'})
    shelf.made("rows@v3", op="add", rows=[{"row": {"text": "made"}, "origin": 5, "generator": "g"}])
    for name in ("rows@v2", "rows@v3"):
        datasets.delete(shelf.db, datasets.find(shelf.db, name))
    diff.run(["data:rows@v1", "rows@v4", "--rows", "2"])
    counts, *rows = lines(capsys)
    assert counts == {"by": "line", "removed": [0, 1], "added": [4], "changed": [[3, 1]], "same": 3}
    assert rows == [
        {"changed": {"stars": [3, True], "new": [None, [1]]}, "line": 4},
        {"removed": ROWS[0], "line": 1},
    ]


def test_diff_goes_by_content_between_strangers(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    turned = [dict(reversed(row.items())) for row in ROWS]
    shelf.imported([*turned[::-1], turned[2], '{"text": '])
    diff.run(["rows@v1", "rows@v2"])
    counts, *rows = lines(capsys)
    assert counts == {"by": "content", "removed": [], "added": [6, 7], "changed": [], "same": 6}
    assert [row["line"] for row in rows] == [7, 8] and str(rows[1]["added"]).startswith("not valid JSON")


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_a_version_is_handed_out_as_it_is(
    shelf: Shelf, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"text": "Grüße, 世界\u2028\n", "n": 1, "deep": {"a": [1, 2]}},
        {"text": "half \ud800", "n": 2.5, "deep": None},
    ]
    version = shelf.imported([*rows, '{"text": '])
    to = tmp_path / f"out{suffix}"
    handout.run([version.label, str(to)])
    assert lines(capsys) == [{"path": str(to), "rows": 2, "left_out": 1}]
    first, second = [row.value for row in read_rows(to)]  # pyright: ignore[reportAttributeAccessIssue]
    assert first == rows[0] and second["n"] == 2.5
    assert second["text"] == ("half \\ud800" if suffix == ".parquet" else "half \ud800")


def test_csv_has_every_column_and_lists_as_json(shelf: Shelf, tmp_path: Path) -> None:
    shelf.imported([{"text": 'quoted "so", and\nso', "tags": ["a", "b"]}, {"text": None, "more": True}])
    handout.run(["rows@v2", str(tmp_path / "out.csv")])
    told = (tmp_path / "out.csv").read_bytes().decode()
    assert told == 'text,tags,more\n"quoted ""so"", and\nso","[""a"", ""b""]",\n,,true\n'


def test_parquet_keeps_what_has_no_type_as_text(shelf: Shelf, tmp_path: Path) -> None:
    shelf.imported([{"a": 1, "b": None, "c": 10**30}, {"a": "x", "b": None, "c": 1}])
    handout.run(["rows@v2", str(tmp_path / "out.parquet")])
    assert parquet.read_table(tmp_path / "out.parquet").to_pylist() == [
        {"a": "1", "b": None, "c": str(10**30)},
        {"a": "x", "b": None, "c": "1"},
    ]


def test_a_file_that_can_not_be_written_is_a_sentence(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("thesis")
    with pytest.raises(ConfigError, match=r"mine\.jsonl is there already"):
        handout.run(["rows@v1", str(tmp_path / "mine.jsonl")])
    assert (tmp_path / "mine.jsonl").read_text() == "thesis"
    with pytest.raises(ConfigError, match=r"End it in \.jsonl, \.csv, \.parquet"):
        handout.run(["rows@v1", str(tmp_path / "rows.xlsx")])
    with pytest.raises(ConfigError, match="can't be written: No such file or directory"):
        handout.run(["rows@v1", str(tmp_path / "nowhere" / "rows.csv")])
    shelf.imported(['"only text"'])
    with pytest.raises(DataError, match="The row of line 1 is no object"):
        handout.run(["rows@v2", str(tmp_path / "rows.csv")])
    assert not list(tmp_path.glob(".*"))


def test_a_version_that_can_not_be_written_is_a_sentence(shelf: Shelf) -> None:
    (shelf.home.datasets / "rows" / "v2.parquet" / "folder").mkdir(parents=True)
    with pytest.raises(DataError, match=r"No version can be written in .*/data: Is a directory"):
        shelf.made("rows@v1", op="drop", rows=[0])
    assert [dataset.label for dataset in datasets.of_all(shelf.db)] == ["rows@v1"]


def test_a_version_that_is_not_there_is_named(shelf: Shelf) -> None:
    with pytest.raises(NotFoundError, match="There is no data set rows@v7"):
        diff.run(["rows@v1", "rows@v7"])
    with pytest.raises(ConfigError, match="'-1' is not how many rows there can be"):
        diff.run(["rows@v1", "rows@v1", "--rows=-1"])
