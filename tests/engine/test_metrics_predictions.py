"""Per-row predictions: what was written comes back, whole or not at all, whatever the text."""

import math
import resource
from pathlib import Path

import numpy as np
import pytest
from tunedeck.engine.metrics import predictions
from tunedeck.store.errors import DataError

ROWS = [
    {"row": 3, "loss": 0.25, "label": "good", "predicted": "bad", "probabilities": [0.4, 0.6]},
    {"row": 7, "loss": math.nan, "label": "bad", "predicted": "bad", "probabilities": [math.nan, math.inf]},
    {"row": 9, "loss": 2, "label": None, "exact_match": np.float32(0.5), "spans": ["PER 0-2"]},
]


def test_rows_come_back_as_they_were_with_none_for_what_a_row_lacks(tmp_path: Path) -> None:
    predictions.write(tmp_path / "rows.parquet", ROWS)
    first, second, third = predictions.read(tmp_path / "rows.parquet")
    assert first == ROWS[0] | {"exact_match": None, "spans": None}
    assert list(first) == ["row", "loss", "label", "predicted", "probabilities", "exact_match", "spans"]
    assert (
        math.isnan(second["loss"]) and math.isnan(second["probabilities"][0]) and second["probabilities"][1] == math.inf
    )
    assert third == {"row": 9, "loss": 2.0, "label": None, "predicted": None, "probabilities": None} | {
        "exact_match": 0.5,
        "spans": ["PER 0-2"],
    }
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".tmp"] == ["rows.parquet"]


def test_no_rows_are_a_file_without_rows(tmp_path: Path) -> None:
    predictions.write(tmp_path / "rows.parquet", [])
    assert predictions.read(tmp_path / "rows.parquet") == []


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        predictions.write(tmp_path / name, ROWS)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("NUL \x00 and \x1b[31m", "NUL \x00 and \x1b[31m"),
        ("half \ud800.", "half �."),
        ("\udfff\ud83d", "��"),
        ("halves that belong together \ud83d\ude00", "halves that belong together 😀"),
        ("[bold]ﷺ 安全 \U0010ffff", "[bold]ﷺ 安全 \U0010ffff"),
        ("x" * 10**6, "x" * (predictions.MOST_CHARACTERS - 1) + "…"),
    ],
)
def test_hostile_text_is_kept_or_made_storable(tmp_path: Path, text: str, kept: str) -> None:
    predictions.write(tmp_path / "rows.parquet", [{"row": 1, "loss": 0.0, "label": text, "labels": [text]}])
    [row] = predictions.read(tmp_path / "rows.parquet")
    assert (row["label"], row["labels"]) == (kept, [kept])


def test_a_folder_named_like_a_column_adds_none(tmp_path: Path) -> None:
    folder = tmp_path / "label=bad"
    folder.mkdir()
    predictions.write(folder / "rows.parquet", ROWS[:1])
    assert predictions.read(folder / "rows.parquet") == ROWS[:1]


def test_what_a_full_disk_does_not_take_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    predictions.write(path, ROWS[:1])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            predictions.write(path, ROWS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert predictions.read(path) == ROWS[:1] and not (tmp_path / "rows.parquet.tmp").exists()


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    predictions.write(path, [{"row": row, "loss": row / 7, "label": "good"} for row in range(50)])
    whole = path.read_bytes()
    middle = whole[:60] + bytes([whole[60] ^ 255]) + whole[61:]
    for content in (b"", b"PAR1", whole[:-10], whole[: len(whole) // 2], b"x" * 500, middle):
        path.write_bytes(content)
        with pytest.raises(DataError, match="can't be read"):
            predictions.read(path)
    with pytest.raises(DataError, match="can't be read"):
        predictions.read(tmp_path / "none.parquet")
