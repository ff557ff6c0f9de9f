"""Versions are listed whole or not at all, found by the names that people write, and come back from the trash."""

import json
import sqlite3
from pathlib import Path

import pytest
from tunedeck.store import datasets
from tunedeck.store.datasets import Dataset, NewDataset
from tunedeck.store.errors import ConfigError, NotFoundError
from tunedeck.store.paths import Home


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made.parquet"
    path.write_text("rows")
    return path


def add(db: sqlite3.Connection, home: Home, made: Path, name: str = "reviews", text: str = "rows") -> Dataset:
    made.write_text(text)
    operation = json.dumps({"op": "import", "sentence": "2 rows read"})
    return datasets.add(db, home, NewDataset(name, "", None, operation, "reviews.csv", 2, 0, "sha"), made)


def test_versions_are_numbered_by_name(db: sqlite3.Connection, home: Home, made: Path) -> None:
    labels = [add(db, home, made, name).label for name in ("reviews", "others", "reviews")]
    assert labels == ["reviews@v1", "others@v1", "reviews@v2"]
    assert [dataset.label for dataset in datasets.of_all(db)] == labels[::-1]


def test_the_file_is_moved_to_its_place(db: sqlite3.Connection, home: Home, made: Path) -> None:
    dataset = add(db, home, made)
    assert dataset.path(home) == home.root / "data" / "reviews" / "v1.parquet"
    assert dataset.path(home).read_text() == "rows" and not made.exists()


@pytest.mark.parametrize("name", ["reviews", "data:reviews", "reviews@v2", "data:reviews@v2", " reviews "])
def test_a_version_is_found_by_any_of_its_names(db: sqlite3.Connection, home: Home, made: Path, name: str) -> None:
    add(db, home, made)
    add(db, home, made)
    assert datasets.find(db, name).reference == "data:reviews@v2"
    assert datasets.place(home, name.strip()).name == "v2.parquet"


@pytest.mark.parametrize(
    "name", ["", "nothing", "reviews@v2", "reviews@2", "reviews@v0", "../reviews", "reviews@v" + "9" * 40]
)
def test_what_names_no_version_is_told(db: sqlite3.Connection, home: Home, made: Path, name: str) -> None:
    add(db, home, made)
    with pytest.raises(NotFoundError, match="There is no data set"):
        datasets.find(db, name)
    with pytest.raises(NotFoundError, match="There is no data set"):
        datasets.place(home, name)


@pytest.mark.parametrize("name", ["", "A", "a/b", "..", ".a", "a b", "a" * 61, "a\n"])
def test_a_name_that_could_be_no_folder_is_refused(db: sqlite3.Connection, home: Home, made: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"can't name a data set\. Try "):
        add(db, home, made, name)
    assert datasets.of_all(db) == []
    assert made.exists()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My Reviews (2024)", "my-reviews-2024"),
        ("../../etc", "etc"),
        ("ÄÖ", "data"),
        ("", "data"),
        ("a" * 99, "a" * 60),
    ],
)
def test_any_text_makes_a_name(text: str, name: str) -> None:
    assert datasets.slug(text) == name


def test_a_file_that_a_kill_left_is_replaced(db: sqlite3.Connection, home: Home, made: Path) -> None:
    (home.root / "data" / "reviews").mkdir(parents=True)
    (home.root / "data" / "reviews" / "v1.parquet").write_text("half")
    assert add(db, home, made).path(home).read_text() == "rows"


def test_a_file_that_can_not_be_moved_is_not_listed(db: sqlite3.Connection, home: Home, made: Path) -> None:
    (home.root / "data" / "reviews" / "v1.parquet" / "folder").mkdir(parents=True)
    with pytest.raises(OSError, match=r"v1\.parquet"):
        add(db, home, made)
    assert datasets.of_all(db) == [] and not db.in_transaction


def test_a_deleted_version_comes_back_and_its_number_is_not_given_again(
    db: sqlite3.Connection, home: Home, made: Path
) -> None:
    add(db, home, made)
    datasets.delete(db, add(db, home, made))
    assert datasets.find(db, "reviews").label == "reviews@v1"
    assert datasets.place(home, "data:reviews").name == "v1.parquet"
    assert datasets.place(home, "data:reviews@v2").name == "v2.parquet"
    assert add(db, home, made).label == "reviews@v3"
    assert datasets.restore(db, "reviews@v2").deleted_at is None
    assert [dataset.version for dataset in datasets.of_all(db)] == [3, 2, 1]
    with pytest.raises(NotFoundError, match="There is no version data:reviews@v2 in the trash"):
        datasets.restore(db, "data:reviews@v2")


def test_of_versions_that_belong_together_all_are_listed_or_none(
    db: sqlite3.Connection, home: Home, tmp_path: Path
) -> None:
    files = [tmp_path / "train.parquet", tmp_path / "eval.parquet"]
    files[0].write_text("rows")
    new = [NewDataset(name, "", None, "{}", "reviews.csv", 2, 0, "sha") for name in ("reviews", "reviews-eval")]
    with pytest.raises(OSError):
        datasets.add_all(db, home, list(zip(new, files, strict=True)))
    assert datasets.of_all(db) == []
    for file in files:
        file.write_text("rows")
    assert len(datasets.add_all(db, home, list(zip(new, files, strict=True)))) == 2
