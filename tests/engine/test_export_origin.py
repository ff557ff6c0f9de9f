"""Which weights are meant: the end, the best, the last, a step; and none that are damaged."""

from pathlib import Path

import pytest
from bench import Bench
from export_runs import adapter_run, checkpoint, completed, export, lora, queued
from tunedeck.engine.export import origin
from tunedeck.store.errors import NotFoundError, StateError
from tunedeck.store.records import Run


def save(folder: Path) -> None:
    (folder / "adapter_config.json").write_text("{}")
    (folder / "adapter_model.safetensors").write_bytes(b"weights")


@pytest.fixture
def run(bench: Bench) -> Run:
    """A running run with three checkpoints, the second of which is the best."""
    made = queued(bench)
    for step, eval_loss in ((2, 4.0), (4, 3.0), (6, 3.5)):
        checkpoint(bench, made, step, save, eval_loss)
    return made


def found(bench: Bench, run: Run, which: str = "") -> tuple[int, str]:
    """The step and the folder's name."""
    meant = origin.find(bench.db, bench.home, bench.now(run), which)
    assert meant.is_adapter and meant.is_final == (meant.folder.name == "adapter")
    return meant.step, meant.folder.name


def test_a_running_run_has_its_checkpoints(bench: Bench, run: Run) -> None:
    assert found(bench, run) == found(bench, run, "last") == (6, "checkpoint-6")
    assert found(bench, run, "best") == (4, "checkpoint-4")
    assert found(bench, run, "2") == (2, "checkpoint-2")


def test_a_completed_run_has_its_final_weights_too(bench: Bench, run: Run) -> None:
    final = bench.home.run(run.id).adapter
    final.mkdir()
    save(final)
    assert found(bench, run) == (6, "checkpoint-6"), "while the run goes on they may be half written"
    completed(bench, run)
    assert found(bench, run) == found(bench, run, "8") == (8, "adapter")
    assert found(bench, run, "last") == (6, "checkpoint-6")


def test_a_result_that_is_the_best_checkpoints_has_its_step(bench: Bench) -> None:
    made = queued(bench, load_best_model_at_end=True)
    for step, eval_loss in ((4, 3.0), (8, 3.5)):
        checkpoint(bench, made, step, save, eval_loss)
    final = bench.home.run(made.id).adapter
    final.mkdir()
    save(final)
    assert found(bench, completed(bench, made)) == (4, "adapter")


def test_a_step_that_was_not_saved_is_refused_with_those_that_were(bench: Bench, run: Run) -> None:
    for which in ("3", "soon", "-2"):
        with pytest.raises(NotFoundError, match=f"first has no whole checkpoint {which}. It has 2, 4, 6."):
            found(bench, run, which)


def test_a_damaged_checkpoint_is_refused_with_the_others(bench: Bench, run: Run) -> None:
    file = bench.home.run(run.id).checkpoints / "checkpoint-6" / "adapter_model.safetensors"
    file.write_bytes(b"\0" * file.stat().st_size)
    with pytest.raises(StateError, match=r"Checkpoint 6 of first can't be used: adapter_.* is damaged. It has 2, 4."):
        found(bench, run)
    assert found(bench, run, "4") == (4, "checkpoint-4")


def test_a_run_without_weights_says_so(bench: Bench) -> None:
    made = queued(bench)
    with pytest.raises(StateError, match="first has saved no weights yet: it is running"):
        found(bench, made)
    checkpoint(bench, made, 2, save, None)
    with pytest.raises(NotFoundError, match=r"no checkpoint that was evaluated. It has 2."):
        found(bench, made, "best")


def test_a_checkpoint_of_a_running_run_is_exported(bench: Bench, tmp_path: Path) -> None:
    made = queued(bench)
    checkpoint(bench, made, 4, lambda folder: lora(bench.model, folder), 3.5)
    facts = export(bench, made, tmp_path / "out", step="best")
    assert (facts["step"], facts["notes"]) == (4, [])
    assert "a checkpoint, the weights after 4 updates" in (tmp_path / "out" / "README.md").read_text()


def test_final_weights_that_are_gone_are_not_made_up_for_in_silence(bench: Bench, tmp_path: Path) -> None:
    made = adapter_run(bench)
    checkpoint(bench, made, 4, lambda folder: lora(bench.model, folder), 3.5)
    for file in bench.home.run(made.id).adapter.iterdir():
        file.unlink()
    bench.home.run(made.id).adapter.rmdir()
    facts = export(bench, made, tmp_path / "out")
    assert facts["step"] == 4 and "no final weights (it is completed)" in facts["notes"][0]
