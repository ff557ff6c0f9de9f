"""`tunedeck data augment` and `tunedeck data accept`."""

import json
import sqlite3
from pathlib import Path

import pytest
from command import queued, refused, say
from tunedeck.store import augment, datasets, launch, made, runs
from tunedeck.store.config import checked
from tunedeck.store.made import MadeRow, Review
from tunedeck.store.paths import Home
from tunedeck.store.records import Run


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    values = [{"text": f"the {kind} house was sold", "label": kind} for kind in ("old", "new") * 5]
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    return path


@pytest.fixture
def ended(db: sqlite3.Connection, home: Home, rows: Path) -> Run:
    """An augmentation that has made three rows, of which one is not kept."""
    config = checked({"data": str(rows), "model": "demo:minilm", "task": "sequence-classification"})
    run = launch.queue_augmentation(db, home, config, augment.checked({}))
    made.append(home.run(run.id), [
        MadeRow(1, 1, {"text": "a house", "label": "old"}, "edits:swap", "kept"),
        MadeRow(2, 1, {"text": "a b", "label": "old"}, "edits:swap", "length", "it is short"),
        MadeRow(3, 2, {"text": "two houses", "label": "new"}, "edits:typo", "kept"),
    ])  # fmt: skip
    runs.finish(db, run.id, "completed")
    return runs.get(db, run.id)


def test_every_knob_is_an_option() -> None:
    told = say("data", "augment", "--help").stdout
    assert all(f"--{name.replace('_', '-')}" in told for name in augment.AugmentKnobs.model_fields)


def test_a_bad_knob_starts_nothing(rows: Path, home: Home) -> None:
    told = refused("data", "augment", str(rows), "--per-row", "none")
    assert told.startswith("per_row is none: expected a whole number, 1 to 1000.")
    assert "--write needs --follow" in refused("data", "augment", str(rows), "--write", "more")
    assert queued(home) == 0


def test_rows_that_can_not_be_read_start_nothing(rows: Path, home: Home) -> None:
    rows.write_text(rows.read_text() + '{"text": 3, "label": "old"}\n')
    assert "line 11" in refused("data", "augment", str(rows), "--task", "sequence-classification")
    assert queued(home) == 0


def test_accepted_rows_become_a_version_with_their_sources(ended: Run, home: Home, db: sqlite3.Connection) -> None:
    Review(rejected={1}).save(home.run(ended.id))
    told = say("data", "accept", ended.id, "--name", "houses")
    assert told.exit_code == 0, told.output
    dataset = datasets.find(db, "houses")
    assert (dataset.version, dataset.rows, dataset.parent) == (2, 11, "houses@v1")
    assert "1 synthetic row added: 1 by edits:typo" in told.stdout and ended.id in told.stdout


def test_only_an_augmentation_that_has_ended_can_be_accepted(ended: Run, db: sqlite3.Connection, home: Home) -> None:
    db.execute("UPDATE run SET state = 'running'")
    assert "its rows are not all made" in refused("data", "accept", ended.id, exit_code=1)
    db.execute("UPDATE run SET state = 'completed', kind = 'new'")
    assert "made no synthetic rows" in refused("data", "accept", ended.id, exit_code=1)


def test_nothing_accepted_makes_no_version(ended: Run, db: sqlite3.Connection, home: Home) -> None:
    Review(rejected={1, 3}).save(home.run(ended.id))
    assert "has no accepted row" in refused("data", "accept", ended.id, exit_code=1)
    assert datasets.of_all(db) == []
