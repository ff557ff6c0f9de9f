"""A split sets apart what it promises, the same whatever the order of the rows, and lets nothing leak across."""

import json
import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from made_versions import Shelf
from tunedeck.store.errors import ConfigError, DataError
from tunedeck.store.paths import Home

Row = dict[str, Any]


def text(number: int) -> str:
    """Four words, not nearly those of any other number."""
    return " ".join(random.Random(f"{number}:{word}").randbytes(4).hex() for word in range(4))


ROWS: list[Row] = [
    {
        "text": text(number % 80),
        "label": "rare" if number % 10 == 0 else "common",
        "author": f"author {number % 7}",
        "day": f"2024-{1 + number // 20:02}-{1 + number % 20:02}",
    }
    for number in range(100)
]


class Sides(NamedTuple):
    """The rows of the two versions that a split made, and what it said."""

    train: list[Row]
    evaluation: list[Row]
    sentence: str


@pytest.fixture
def shelf(db: sqlite3.Connection, home: Home, tmp_path: Path) -> Shelf:
    return Shelf(db, home, tmp_path)


def split_version(shelf: Shelf, label: str, **asked: object) -> Sides:
    evaluation, train = shelf.made(label, op="split", **asked)
    assert (evaluation.role, train.role) == ("evaluation", "train")
    sides: list[list[Any]] = [[record.value for record in shelf.records(side)] for side in (train, evaluation)]
    return Sides(*sides, json.loads(train.operation)["sentence"])


def split(shelf: Shelf, rows: Sequence[Row | str], **asked: object) -> Sides:
    return split_version(shelf, shelf.imported(rows).label, **asked)


def texts(rows: list[Row]) -> set[str]:
    return {row["text"] for row in rows}


@pytest.mark.parametrize(
    "asked",
    [{"kind": "random"}, {"kind": "stratified"}, {"kind": "group", "by": "author"}, {"kind": "time", "by": "day"}],
    ids=lambda asked: asked["kind"],
)
def test_no_question_is_on_both_sides_whatever_the_order(shelf: Shelf, asked: dict[str, object]) -> None:
    sides = split(shelf, ROWS, fraction=0.3, **asked)
    assert sides.train and sides.evaluation and texts(sides.train).isdisjoint(texts(sides.evaluation))
    again = split(shelf, random.Random(1).sample(ROWS, len(ROWS)), fraction=0.3, **asked)
    assert sorted(map(json.dumps, again.train)) == sorted(map(json.dumps, sides.train))
    assert sorted(map(json.dumps, again.evaluation)) == sorted(map(json.dumps, sides.evaluation))


def test_another_seed_sets_other_rows_apart(shelf: Shelf) -> None:
    assert split(shelf, ROWS, seed=1).evaluation != split(shelf, ROWS, seed=2).evaluation


def test_a_stratified_split_takes_as_much_of_each_label(shelf: Shelf) -> None:
    rows = [row | {"text": text(number)} for number, row in enumerate(ROWS)]
    for asked in ({}, {"by": "label"}):
        evaluation = split(shelf, rows, kind="stratified", fraction=0.2, **asked).evaluation
        assert [sum(row["label"] == label for row in evaluation) for label in ("rare", "common")] == [2, 18]


def test_no_group_is_on_both_sides_and_what_leaks_is_counted(shelf: Shelf) -> None:
    sides = split(shelf, ROWS, kind="group", by="author", fraction=0.3)
    authors = {row["author"] for row in sides.evaluation}
    assert len(authors) == 2 and authors.isdisjoint(row["author"] for row in sides.train)
    left_out = len(ROWS) - len(sides.train) - len(sides.evaluation)
    assert left_out and f"left out: {left_out} that ask the same" in sides.sentence


@pytest.mark.parametrize(
    "times",
    [
        ["2024-05-20", "2024-05-20T10:00:00Z", "2024-05-20 12:30:00+02:00", "2024-05-20T11:00", "2025-01"],
        [1, 2.5, "3", "1e1", 11],
    ],
    ids=["dates", "numbers"],
)
def test_the_latest_rows_are_set_apart(shelf: Shelf, times: list[object]) -> None:
    rows = [{"text": text(number), "at": time} for number, time in enumerate(times)]
    sides = split(shelf, rows[::-1], kind="time", by="at", fraction=0.4)
    assert sides.sentence == "split by at, the latest apart: 3 rows to train on, 2 for evaluation"
    assert sorted(map(rows.index, sides.evaluation)) == [3, 4]


def test_rows_of_one_moment_stay_together(shelf: Shelf) -> None:
    rows = [{"text": text(number), "at": number // 5} for number in range(20)]
    assert {row["at"] for row in split(shelf, rows, kind="time", by="at", fraction=0.4).evaluation} == {3}
    assert len(split(shelf, rows, kind="time", by="at", fraction=0.1).evaluation) == 5


@pytest.mark.parametrize(
    ("column", "asked", "says"),
    [
        (["2024-05-20", "20 May", "x", 7], "time", "rows@v1 lines 2, 3, 4: at is not an ISO date"),
        ([1, 2, "2024-05-20", True], "time", "rows@v1 lines 3, 4: at is not a number"),
        ([1, 2, None, ""], "time", "rows@v1 lines 3, 4: at is missing"),
        (["a", None, "b", "c"], "group", "rows@v1 line 2: at is missing"),
        (["a", "A ", "a", "a"], "group", "All rows of rows@v1 have the same at"),
        ([1, "1", 1.0, 1], "time", "All rows of rows@v1 have the same at"),
    ],
)
def test_what_can_not_be_put_in_order_is_refused(shelf: Shelf, column: list[object], asked: str, says: str) -> None:
    rows = [{"text": text(number), "at": value} for number, value in enumerate(column)]
    with pytest.raises(DataError, match=says):
        split(shelf, rows, kind=asked, by="at")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"kind": "magic"}, "There is no split 'magic'"),
        ({"fraction": 1}, "fraction is 1: expected more than 0 and less than 1"),
        ({"kind": "time"}, "A split by time needs a column"),
        ({"kind": "group", "by": "autor"}, r"no values in a column autor. Did you mean author\?"),
        ({"kind": "stratified", "task": "causal-lm"}, "The rows of rows@v1 have no labels"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(shelf: Shelf, asked: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        split(shelf, ROWS, **asked)


def test_synthetic_rows_follow_the_row_they_were_made_from(shelf: Shelf) -> None:
    rows = [{"text": text(number), "at": number} for number in range(10)]
    shelf.imported(rows)
    first = [{"row": {"text": text(100 + line), "at": 0}, "origin": line, "generator": "g"} for line in (1, 10)]
    shelf.made("rows@v1", op="add", rows=first)
    # Line 12 was made from line 10, the latest of all.
    second = [{"row": {"text": text(100), "at": 0}, "origin": 12, "generator": "g"}]
    copied = [{"row": {"text": f" {text(9).upper()}", "at": 0}, "origin": 2, "generator": "g"}]
    grown = shelf.made_one("rows@v2", op="add", rows=[*second, *copied])
    sides = split_version(shelf, grown.label, kind="time", by="at", fraction=0.1)
    assert (sides.evaluation, sides.train) == (rows[9:], [*rows[:9], {"text": text(101), "at": 0}])
    assert sides.sentence.endswith("left out: 3 synthetic of what is set apart")


def test_bad_rows_are_left_out_and_counted(shelf: Shelf) -> None:
    sides = split(shelf, [*ROWS, '{"text": '], fraction=0.2)
    assert sides.sentence.endswith("left out: 1 bad")
    assert len(sides.train) + len(sides.evaluation) == len(ROWS)


def test_rows_that_no_task_can_read_are_split_by_all_they_say(shelf: Shelf) -> None:
    rows = [{"number": number % 20} for number in range(40)]
    sides = split(shelf, rows, fraction=0.2)
    assert len(sides.evaluation) == 8 and all(row not in sides.train for row in sides.evaluation)


def test_near_copies_across_the_split_are_kept_and_told(shelf: Shelf) -> None:
    rows = [{"text": f"{text(7)} {text(8)} {ending}", "at": number} for number, ending in enumerate(("a", "b"))]
    others = [{"text": text(number), "at": 0} for number in range(5)]
    sides = split(shelf, [*rows, *others], kind="time", by="at", fraction=0.1)
    assert (len(sides.train), sides.evaluation) == (6, rows[1:])
    assert sides.sentence.endswith("; kept, though nearly the same as one for evaluation: 1")
