"""Checkpoint rows, and the manifest that finds every fault of a folder (FAULTS 5, 11)."""

import sqlite3
from pathlib import Path

import pytest
import seeds
from tunedeck.engine.faults.harms import HARMS
from tunedeck.store import attempts, checkpoints
from tunedeck.store.paths import Home

NAMES = ("adapter_model.safetensors", "optimizer.pt", "deep/state.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "checkpoint-4"
    for name in NAMES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(bytes(range(1, 251)) * 40)
    return root


def test_a_whole_folder_has_no_fault(folder: Path) -> None:
    manifest_hash, size_bytes = checkpoints.write_manifest(folder)
    assert checkpoints.fault(folder, manifest_hash) == "" and size_bytes == 30_000


@pytest.mark.parametrize("name", [*NAMES, checkpoints.MANIFEST])
@pytest.mark.parametrize("harm", HARMS)
def test_every_harm_to_every_file_is_named(harm: str, name: str, folder: Path) -> None:
    manifest_hash, _ = checkpoints.write_manifest(folder)
    HARMS[harm](folder / name)
    fault = checkpoints.fault(folder, manifest_hash)
    missing = harm == "removed"
    assert fault.startswith(Path(name).name if missing else name)
    assert fault.endswith(
        "is missing" if missing else "is not the one that was written" if "MANI" in name else "is damaged"
    )


def test_a_folder_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    assert checkpoints.fault(tmp_path / "checkpoint-9", "hash") == "MANIFEST.json is missing"


def test_a_file_that_became_a_folder_is_a_fault(folder: Path) -> None:
    manifest_hash, _ = checkpoints.write_manifest(folder)
    (folder / NAMES[0]).unlink()
    (folder / NAMES[0]).mkdir()
    assert checkpoints.fault(folder, manifest_hash)


def test_only_a_complete_checkpoint_is_listed_and_the_best_is_the_lowest_finite_one(
    db: sqlite3.Connection, home: Home
) -> None:
    run = seeds.queue(db, home)
    attempt = attempts.start(db, run.id)
    for step, eval_loss in ((1, 2.0), (2, 1.0), (3, None), (4, 3.0)):
        checkpoints.begin(db, run.id, attempt.id, step)
        assert step not in [listed.step for listed in checkpoints.of_run(db, run.id)]
        checkpoints.complete(db, run.id, step, "hash", 10, eval_loss, eval_loss)
    listed = checkpoints.of_run(db, run.id)
    assert [(saved.step, saved.best) for saved in listed] == [(4, 0), (3, 0), (2, 1), (1, 0)]
    checkpoints.set_state(db, listed[2], "bad")
    assert [saved.step for saved in checkpoints.of_run(db, run.id) if saved.best] == [1]
    assert [saved.step for saved in checkpoints.of_run(db, run.id, state="bad")] == [2]


def test_what_was_being_written_is_forgotten(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.ended(db, home)
    checkpoints.begin(db, run.id, attempts.of_run(db, run.id)[0].id, 8)
    checkpoints.forget_writing(db, run.id)
    assert [saved.step for saved in checkpoints.of_run(db, run.id)] == [4]
    assert checkpoints.of_run(db, run.id, state="writing") == [] and checkpoints.any_of_run(db, run.id)
