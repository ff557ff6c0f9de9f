"""What a run is made of when its data are versions, folders, or things that may change."""

import sqlite3
from pathlib import Path

import pytest
from tunedeck.store import datasets, launch
from tunedeck.store.config import RunConfig, checked
from tunedeck.store.datasets import NewDataset
from tunedeck.store.errors import ConfigError
from tunedeck.store.paths import Home


@pytest.fixture(autouse=True)
def _this_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNEDECK_HOME", str(home.root))


def add(db: sqlite3.Connection, home: Home, name: str, role: str = "", parent: str | None = None) -> str:
    made = home.root / "made.parquet"
    made.write_bytes(name.encode() * 3)
    new = NewDataset(name, role, parent, '{"sentence": ""}', "x.csv", 1, 0, "sha")
    return datasets.add(db, home, new, made).reference


def config(**values: object) -> RunConfig:
    return checked({"model": "demo:minilm"} | values)


def test_a_run_names_the_version_by_its_number(db: sqlite3.Connection, home: Home) -> None:
    add(db, home, "reviews")
    run = launch.queue(db, home, config(data="data:reviews"))
    add(db, home, "reviews")
    assert '"data":"data:reviews@v1"' in run.config
    assert run.fingerprint == launch.fingerprint("data:reviews@v1")
    assert run.name == "minilm-reviews-v1"
    assert launch.queue(db, home, config(data=add(db, home, "reviews.2024"))).name == "minilm-reviews.2024-v1"


def test_rows_for_evaluation_are_never_trained(db: sqlite3.Connection, home: Home) -> None:
    add(db, home, "reviews-eval", "evaluation", parent="reviews@v1")
    with pytest.raises(ConfigError, match="set apart for evaluation") as refused:
        launch.queue(db, home, config(data="data:reviews-eval@v1"))
    assert refused.value.field == "data" and "Take reviews@v1" in refused.value.next_step
    with pytest.raises(ConfigError, match="mix_data is"):
        launch.queue(db, home, config(data="demo:chat", mix_data="data:reviews-eval@v1"))
    assert launch.queue(db, home, config(data="demo:chat", eval_data="data:reviews-eval@v1"))


def test_a_version_that_is_not_there_is_named_with_its_knob(db: sqlite3.Connection, home: Home) -> None:
    with pytest.raises(ConfigError, match=r"eval_data is data:gone@v2: There is no data set") as refused:
        launch.queue(db, home, config(data="demo:chat", eval_data="data:gone@v2"))
    assert refused.value.field == "eval_data"
    datasets.delete(db, datasets.find(db, add(db, home, "deleted")))
    for name in ("data:deleted", "data:deleted@v1"):
        with pytest.raises(ConfigError, match=f"data is {name}: There is no data set"):
            launch.queue(db, home, config(data=name))


def test_the_hub_is_not_trained_from_before_it_is_a_version(db: sqlite3.Connection, home: Home) -> None:
    with pytest.raises(ConfigError, match="may change") as refused:
        launch.queue(db, home, config(data="hub:owner/name"))
    assert "data import hub:owner/name" in refused.value.next_step


def test_a_folders_fingerprint_changes_with_any_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n')
    (tmp_path / "deep" / "b.jsonl").write_text('{"text": "b"}\n')
    before = launch.fingerprint(str(tmp_path))
    assert before == launch.fingerprint(str(tmp_path))
    (tmp_path / "deep" / "b.jsonl").write_text('{"text": "another"}\n')
    assert before != launch.fingerprint(str(tmp_path))
