"""One real run, robbed of its disk and its store, held, and stopped by its group (FAULTS 6, 7, 24, 27, 31)."""

import os
import signal
import time
from dataclasses import dataclass

import psutil
import pytest
from labs import OpenLab
from tunedeck.engine.faults import disk
from tunedeck.engine.faults.lab import Lab
from tunedeck.store import checkpoints, events, heartbeats, overview
from tunedeck.store.records import Run


@dataclass
class Suffering:
    """The run, and what was seen while it was harmed."""

    lab: Lab
    run: Run
    listening: list[object]
    beat_late: float
    log: str
    held_steps: tuple[int, int]
    has_imported: bool
    shared: list[str]

    def told(self) -> list[str]:
        return [event.text for event in events.of_run(self.lab.db, self.run.id)]


@pytest.fixture(scope="module")
def suffering(open_lab: OpenLab) -> Suffering:
    """All of it done to one run, as each engine takes 6 s to start."""
    lab = open_lab("suffers")
    run = lab.queue(name="suffers", max_steps=100_000)
    imported = lab.home.run(run.id).root / "imported"
    for name in ("json", "torch", "tunedeck", "sitecustomize", "engine"):
        for folder in (lab.home.root, lab.home.run(run.id).root, lab.tiny.data.parent):
            (folder / f"{name}.py").write_text(f"open({str(imported)!r}, 'w').close()\n", encoding="utf-8")
    shared = lab.home.root.parent / "shared"
    shared.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(shared))
        lab.start_runner()
    lab.until(lambda: lab.reached(run) > 10, "ten steps are made")
    pid, folder = lab.engine_pid(run), lab.home.run(run.id)
    listening = [one for each in lab.pids(run) for one in psutil.Process(each).net_connections("inet")]
    with lab.held():
        lab.until(lambda: folder.spool.exists() and '["metrics"' in folder.spool.read_text(), "points are spooled")
    with disk.full(pid):
        time.sleep(1.5)
    os.kill(pid, signal.SIGUSR1)
    lab.until(lambda: "Current thread" in folder.log.read_text(errors="replace"), "the stacks are in the log")
    lab.until(lambda: not folder.spool.exists(), "the spool is replayed")
    late, held = _hold(lab, run, pid)
    os.killpg(pid, signal.SIGTERM)
    ended = lab.wait_until_ended(run)
    log = folder.log.read_text(errors="replace")
    return Suffering(
        lab, ended, listening, late, log, held, imported.exists(), [path.name for path in shared.iterdir()]
    )


def _hold(lab: Lab, run: Run, pid: int) -> tuple[float, tuple[int, int]]:
    """Stop the process for a second while it trains; how late it would soon be, and its steps before and behind."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        beat = heartbeats.of_run(lab.db, run.id)
        if beat and beat.phase == "training":
            break
        # A save promises its end within five minutes.
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.05)
    held_at = lab.reached(run)
    time.sleep(1)
    late, held = beat.late_by(time.time() + 15), (held_at, lab.reached(run))
    os.kill(pid, signal.SIGCONT)
    lab.until(lambda: lab.reached(run) > held_at + 5, "it goes on")
    return late, held


def test_a_full_disk_costs_checkpoints_and_not_the_run(suffering: Suffering) -> None:
    told = suffering.told()
    [refused] = [text for text in told if "could not be written to" in text]
    assert str(suffering.lab.home.run(suffering.run.id).checkpoints) in refused and " MB free): " in refused
    assert refused.endswith("the older ones are kept, training goes on")
    assert len([text for text in told if text.startswith("there is room again: checkpoint ")]) == 1
    assert suffering.lab.incomplete(suffering.run) == []
    assert not list(suffering.lab.home.run(suffering.run.id).checkpoints.glob("*.tmp"))


def test_no_step_is_missing_though_disk_and_store_were(suffering: Suffering) -> None:
    steps = suffering.lab.steps(suffering.run)
    assert steps == list(range(1, steps[-1] + 1)) and suffering.run.state == "stopped"
    assert "store.db can't be written (database is locked)" in suffering.log


def test_a_run_that_is_held_is_late_and_goes_on(suffering: Suffering) -> None:
    assert suffering.held_steps[0] == suffering.held_steps[1] and suffering.beat_late > 0
    assert "training_step" in suffering.log or "trainer.py" in suffering.log
    assert overview.of_run(suffering.lab.db, suffering.run).late_seconds == 0


def test_a_group_that_is_terminated_saves_where_it_stands(suffering: Suffering) -> None:
    newest = checkpoints.of_run(suffering.lab.db, suffering.run.id)[0]
    assert newest.step == suffering.lab.steps(suffering.run)[-1]
    assert suffering.run.cause == f"you stopped it at step {newest.step}; its state is saved"


def test_engine_and_runner_listen_on_no_port(suffering: Suffering) -> None:
    assert suffering.listening == []


def test_no_module_that_lies_beside_runs_and_rows_is_imported(suffering: Suffering) -> None:
    assert not suffering.has_imported


def test_nothing_is_written_where_others_could_have_laid_it_before(suffering: Suffering) -> None:
    assert suffering.shared == []


@pytest.mark.slow
def test_a_run_that_is_to_stop_on_a_full_disk_stops_and_is_resumed(open_lab: OpenLab) -> None:
    lab = open_lab("stops")
    run = lab.queue(name="stops", max_steps=60, on_full_disk="stop")
    lab.start_runner()
    lab.until(lambda: lab.reached(run) > 10, "ten steps are made")
    with disk.full(lab.engine_pid(run)):
        time.sleep(1)
    failed = lab.wait_until_ended(run)
    assert failed.state == "failed" and str(failed.cause).startswith("checkpoint ")
    assert str(failed.cause).endswith("the older ones are kept. Free some space, and resume.")
    lab.go_on(run)
    assert lab.wait_until_ended(run).state == "completed" and lab.steps(run) == list(range(1, 61))
