"""Operations change what they are asked to, leave the version that they start from alone, and say what they did."""

import json
import sqlite3
from pathlib import Path

import pytest
from made_versions import Shelf
from tunedeck.store import datasets
from tunedeck.store.errors import ConfigError, DataError, NotFoundError, StateError
from tunedeck.store.paths import Home

ROWS = [{"text": f"row number {number} of all", "label": "ab"[number % 2]} for number in range(6)]


@pytest.fixture
def shelf(db: sqlite3.Connection, home: Home, tmp_path: Path) -> Shelf:
    made = Shelf(db, home, tmp_path)
    made.imported(ROWS)
    return made


def labels(shelf: Shelf) -> list[str]:
    return [dataset.label for dataset in datasets.of_all(shelf.db)]


def told(dataset: datasets.Dataset) -> dict[str, object]:
    return json.loads(dataset.operation)


def synthetic(origin: object, text: str = "made", **changes: object) -> dict[str, object]:
    return {"row": {"text": text, "label": "a"}, "origin": origin, "generator": "edits:swap"} | changes


def test_a_version_knows_its_parent_and_what_made_it(shelf: Shelf) -> None:
    made = shelf.made_one("rows@v1", op="drop", rows=[0, 3], reason="empty")
    assert (made.label, made.parent, made.rows, made.source) == ("rows@v2", "rows@v1", 4, str(shelf.source))
    assert shelf.lines(made) == [2, 3, 5, 6]
    sentence = {"sentence": "2 rows dropped (empty)", "counts": {"dropped": 2}}
    assert told(made) == {"op": "drop", "reason": "empty"} | sentence
    assert shelf.lines(datasets.find(shelf.db, "rows@v1")) == [1, 2, 3, 4, 5, 6]


def test_rows_are_dropped_by_line_too(shelf: Shelf) -> None:
    made = shelf.made_one("rows@v1", op="drop", lines=[[1, 1], [4, 9]])
    assert shelf.lines(made) == [2, 3]
    assert shelf.lines(shelf.made_one(made.reference, op="drop", lines=[[3, 3]])) == [2]


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"rows": [6]}, DataError, "rows@v1 has 6 rows, and row 7 is asked for"),
        ({"lines": [[8, 9]]}, DataError, "rows@v1 has no rows on lines 8 to 9"),
        ({"rows": []}, StateError, "drop none of the rows"),
        ({"rows": range(6)}, StateError, "drop all rows of rows@v1"),
        ({"raws": [1]}, ConfigError, "The operation drop can't be read: .*raws"),
    ],
)
def test_a_drop_that_makes_no_sense_makes_no_version(
    shelf: Shelf, asked: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        shelf.made("rows@v1", op="drop", **asked)
    assert labels(shelf) == ["rows@v1"]


def test_an_edited_row_keeps_its_line(shelf: Shelf) -> None:
    made = shelf.made_one("rows@v1", op="edit", edits={"2": '{"text": "größer", "label": "a"}'}, lines={"5": "[1, 2]"})
    records = shelf.records(made)
    assert (records[2].line, records[2].value) == (3, {"text": "größer", "label": "a"})
    assert (records[4].line, records[4].value) == (5, [1, 2])
    assert told(made)["sentence"] == "2 rows edited: lines 3, 5"


def test_a_bad_row_is_mended(shelf: Shelf) -> None:
    bad = shelf.imported([*ROWS, '{"text": '])
    assert (bad.label, bad.bad_rows) == ("rows@v2", 1)
    assert told(bad)["sentence"] == "7 rows read from rows.jsonl, 1 of them can't be used"
    assert shelf.made_one(bad.label, op="edit", edits={"6": '{"text": "whole", "label": "a"}'}).bad_rows == 0


def test_an_edit_that_is_not_json_is_refused(shelf: Shelf) -> None:
    with pytest.raises(DataError, match=r"new row for line 2 of rows@v1: not valid JSON: .*nothing was changed"):
        shelf.made("rows@v1", op="edit", edits={"1": "{'text': 1}"})
    with pytest.raises(StateError, match="rows@v1 says so already"):
        shelf.made("rows@v1", op="edit", edits={"1": json.dumps(ROWS[1])})
    assert labels(shelf) == ["rows@v1"]


def test_added_rows_stand_above_every_line_of_their_kin(shelf: Shelf) -> None:
    first = shelf.made_one("rows@v1", op="add", rows=[synthetic(2), synthetic(3)], reason="round 1")
    assert told(first)["sentence"] == "2 synthetic rows added: 2 by edits:swap (round 1)"
    assert told(first)["counts"] == {"added": 2, "edits:swap": 2}
    assert shelf.records(first)[-1][3:] == (3, "edits:swap")
    datasets.delete(shelf.db, first)
    other = shelf.made_one("rows@v1", op="add", rows=[synthetic(2, "another")])
    assert (shelf.lines(first)[-2:], shelf.lines(other)[-1:]) == ([7, 8], [9])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (synthetic(None), "lacks its origin"),
        (synthetic(True), "lacks its origin"),
        (synthetic(2, generator=""), "lacks its generator"),
        (synthetic(7), "made from line 7, which rows@v1 doesn't have"),
    ],
)
def test_an_added_row_says_where_it_is_from(shelf: Shelf, row: dict[str, object], says: str) -> None:
    with pytest.raises(DataError, match=says):
        shelf.made("rows@v1", op="add", rows=[synthetic(1), row])
    assert labels(shelf) == ["rows@v1"]


def test_evaluation_rows_are_never_augmented_and_never_split(shelf: Shelf) -> None:
    evaluation, _ = shelf.made("rows@v1", op="split", fraction=0.4)
    with pytest.raises(DataError, match="rows-eval@v1 was set apart for evaluation, and is never augmented"):
        shelf.made(evaluation.label, op="add", rows=[synthetic(shelf.lines(evaluation)[0])])
    cured = shelf.made_one(evaluation.label, op="drop", rows=[0])
    assert (cured.label, cured.role) == ("rows-eval@v2", "evaluation")
    with pytest.raises(DataError, match="no part of it is ever trained"):
        shelf.made(cured.label, op="split")


def test_the_same_source_is_not_imported_twice(shelf: Shelf) -> None:
    assert shelf.imported(ROWS).label == "rows@v1"
    assert shelf.imported(ROWS[1:]).label == "rows@v2"
    assert shelf.made(str(shelf.source), "others", op="import")[0].label == "others@v1"


def test_a_source_is_imported_before_it_is_changed(shelf: Shelf) -> None:
    shelf.source.write_text('{"text": "new"}\n{"text": "newer"}\n')
    assert shelf.made_one(str(shelf.source), op="drop", rows=[0]).parent == "rows@v2"
    assert labels(shelf) == ["rows@v3", "rows@v2", "rows@v1"]


def test_what_is_no_operation_or_no_version_is_named(shelf: Shelf) -> None:
    with pytest.raises(ConfigError, match=r"names no operation\. There is import, drop, edit, add, cure, split"):
        shelf.made("rows@v1", op="burn")
    with pytest.raises(NotFoundError, match="There is no data set rows@v9"):
        shelf.made("rows@v9", op="drop", rows=[1])
    with pytest.raises(ConfigError, match=r"'A b' can't name a data set\. Try a-b"):
        shelf.made("rows@v1", "A b", op="drop", rows=[1])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"op": "drop", "rows": ["first"]}, r"operation drop can't be read: rows\.0: "),
        ({"op": "drop", "rows": 1}, "operation drop can't be read: rows: "),
        ({"op": "drop", "lines": [[1]]}, r"operation drop can't be read: lines\.0"),
        ({"op": "drop", "colour": 1}, "operation drop can't be read: colour: "),
        ({"op": "edit", "edits": {"first": "{}"}}, r"operation edit can't be read: edits\.first"),
        ({"op": "split", "fraction": "many"}, "operation split can't be read: fraction: "),
        ({"op": "add", "rows": [7]}, r"operation add can't be read: rows\.0: "),
        ({"op": "cure"}, "The cure names no kinds"),
    ],
)
def test_an_operation_that_is_written_wrong_is_refused(shelf: Shelf, asked: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        shelf.made("rows@v1", **asked)
    assert labels(shelf) == ["rows@v1"]


def test_a_cure_drops_what_a_report_finds_and_no_more(shelf: Shelf) -> None:
    dirty = shelf.imported(
        [*ROWS, {"text": " ", "label": "a"}, ROWS[1], ROWS[2] | {"text": "ROW NUMBER 2 OF  ALL"}, "{"]
    )
    cured = shelf.made_one(dirty.label, op="cure", kinds=["exact-duplicates", "empty"])
    assert shelf.lines(cured) == [1, 2, 3, 4, 5, 6, 10]
    assert told(cured)["sentence"] == "3 rows dropped: 2 exact duplicates, 1 empty"
    assert told(cured)["counts"] == {"exact-duplicates": 2, "empty": 1}
    assert told(cured)["kinds"] == ["exact-duplicates", "empty"]
    with pytest.raises(StateError, match=r"rows@v3 has none of exact-duplicates, empty\. No version was made"):
        shelf.made(cured.label, op="cure", kinds=["exact-duplicates", "empty"])


def test_rows_that_are_also_for_evaluation_are_dropped(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "held-out.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS[4:]))
    held_out = shelf.made(str(tmp_path / "held-out.jsonl"), op="import")[0]
    options = ["--eval-data", held_out.reference]
    assert shelf.lines(shelf.made_one("rows@v1", op="cure", kinds=["leakage-exact"], options=options)) == [1, 2, 3, 4]
    with pytest.raises(ConfigError, match="leakage-exact is found by comparing with rows for evaluation"):
        shelf.made("rows@v1", op="cure", kinds=["leakage-exact"])


def test_what_dropping_does_not_cure_is_refused(shelf: Shelf) -> None:
    with pytest.raises(ConfigError, match=r"languages is not cured by dropping rows\. What is: bad-rows, empty"):
        shelf.made("rows@v1", op="cure", kinds=["empty", "languages"])
