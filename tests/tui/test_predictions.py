"""The rows that a run gets most wrong, read from the files beside it."""

import math
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet
from tunedeck.store.errors import NotFoundError
from tunedeck.store.paths import RunFolder
from tunedeck.tui import predictions


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path / "run=1")
    made.predictions.mkdir(parents=True)
    return made


def write(folder: RunFolder, step: int, losses: list[float]) -> None:
    told = [{"row": row, "loss": loss, "predicted": f"p{row}"} for row, loss in enumerate(losses, 1)]
    parquet.write_table(pyarrow.Table.from_pylist(told), predictions.of_step(folder, step))
    rows = [{"row": row, "text": f"text {row}"} for row in reversed(range(1, len(losses) + 1))]
    parquet.write_table(pyarrow.Table.from_pylist(rows), predictions.rows_file(folder))


def test_the_highest_losses_of_the_newest_evaluation_come_first(folder: RunFolder) -> None:
    write(folder, 5, [9.0, 9.0, 9.0, 9.0])
    write(folder, 25, [1.0, 3.0, math.nan, 2.0])
    found = predictions.worst(folder, 3)
    assert [row["row"] for row in found] == [3, 2, 4]
    assert [row["text"] for row in found] == ["text 3", "text 2", "text 4"]
    assert predictions.steps(folder) == [5, 25]
    assert predictions.files(folder) == [predictions.rows_file(folder), predictions.of_step(folder, 25)]


def test_before_the_first_evaluation_there_is_nothing(folder: RunFolder) -> None:
    assert predictions.files(folder) == []
    with pytest.raises(NotFoundError, match="has no predictions"):
        predictions.worst(folder)


def test_a_damaged_file_is_one_sentence(folder: RunFolder) -> None:
    predictions.of_step(folder, 3).write_bytes(b"PAR1" * 9)
    with pytest.raises(NotFoundError, match=r"step-00000003\.parquet can't be read: "):
        predictions.worst(folder)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            {"text": "Dull.", "target": "bad", "row": 7, "loss": 1.5, "label": "bad", "predicted": "good"},
            "line 7   loss 1.500   label bad   predicted good\n  text       Dull.",
        ),
        (
            {"text": "a  b", "target": "c", "row": 1, "loss": None, "items": 4, "probabilities": [0.1, 0.9]},
            "line 1   no loss   items 4\n  text       a b\n  target     c",
        ),
        (
            {"text": "Ann ran", "row": 2, "loss": math.nan, "weight": 2.0, "tags": ["B-P", "O"], "predicted": ["O"]},
            "line 2   loss nan   tags B-P, O   predicted O\n  text       Ann ran",
        ),
    ],
)
def test_a_row_is_told_in_lines(row: dict[str, object], told: str) -> None:
    assert predictions.told(row) == told


def test_a_long_text_is_cut(folder: RunFolder) -> None:
    told = predictions.told({"text": "x" * 9000, "row": 1, "loss": 0.0})
    assert told.endswith("x…") and len(told) < 700
