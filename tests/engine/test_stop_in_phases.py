"""A stop asked while the run is in one of its phases: heard there, told as of there, and no update lost (FAULTS 31)."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from bench import Bench, chat_rows, write_rows
from in_process import resume_here, train_here
from tunedeck.store import checkpoints, commands, database, heartbeats, metrics, runs
from tunedeck.store.records import Run

# Phases that the rows below make a second long; in ten times as many each takes too much of the suite.
MANY_ROWS = 1500
EARLY: dict[str, dict[str, object]] = {
    "tokenising": {},
    "evaluating": {"eval_fraction": 0.5, "per_device_eval_batch_size": 1},
    "measuring what is kept": {"retention_data": "", "retention_rows": 400},
}
LATE: dict[str, dict[str, object]] = {
    "evaluating": {"eval_steps": 2, "eval_fraction": 0.3, "per_device_eval_batch_size": 1},
    "saving": {"save_steps": 1},
}


@contextmanager
def stop_asked(bench: Bench, run: Run, phase: str, *, after_step: int = 0) -> Iterator[None]:
    """Inside the block somebody looks at the run, and asks it to stop once it is in that phase."""
    over = Event()

    def watch() -> None:
        with closing(database.connect(bench.home)) as db:
            while not over.wait(0.001):
                beat = heartbeats.of_run(db, run.id)
                if beat and beat.phase == phase and beat.step >= after_step:
                    return commands.ask(db, run.id, "stop")

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def steps_of(bench: Bench, run: Run) -> list[int]:
    return metrics.series(bench.db, run.id, "loss")[0]


@pytest.mark.parametrize("phase", EARLY)
def test_before_the_first_update_it_ends_in_that_phase_and_may_start_again(own_bench: Bench, phase: str) -> None:
    write_rows(own_bench.data, chat_rows(MANY_ROWS))
    run = own_bench.queue(max_steps=200, **EARLY[phase])
    with stop_asked(own_bench, run, phase):
        stopped = train_here(own_bench, run)
    assert (stopped.state, stopped.cause) == ("stopped", f"you stopped it while {phase}, before the first update")
    assert steps_of(own_bench, run) == [] and checkpoints.of_run(own_bench.db, run.id) == []
    runs.requeue(own_bench.db, stopped)


@pytest.mark.parametrize("phase", LATE)
def test_after_updates_they_are_saved_and_the_run_goes_on_from_there(own_bench: Bench, phase: str) -> None:
    run = own_bench.queue(max_steps=24, **{"save_steps": 1000, "eval_steps": 1000} | LATE[phase])
    with stop_asked(own_bench, run, phase, after_step=4):
        stopped = train_here(own_bench, run)
    made = steps_of(own_bench, run)
    assert made == list(range(1, len(made) + 1)) and 4 <= len(made) < 24
    assert (stopped.state, stopped.cause) == ("stopped", f"you stopped it at step {len(made)}; its state is saved")
    assert checkpoints.of_run(own_bench.db, run.id)[0].step == len(made)
    assert resume_here(own_bench, run).state == "completed" and steps_of(own_bench, run) == list(range(1, 25))


def by_a_key(bench: Bench, run: Run) -> None:
    commands.ask(bench.db, run.id, "stop")


def by_a_signal_to_all_of_it(bench: Bench, run: Run) -> None:
    """Compilers that the engine has started are of its group, and end first."""
    os.killpg(bench.engine_pid(run), signal.SIGTERM)


@pytest.mark.slow
@pytest.mark.parametrize("ask", [by_a_key, by_a_signal_to_all_of_it])
def test_while_it_compiles_it_ends_as_soon_as_torch_gives_it_back(
    own_bench: Bench, ask: Callable[[Bench, Run], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setenv("TMPDIR", str(shared))
    run = own_bench.queue(max_steps=200, torch_compile="on")
    own_bench.start_runner()
    own_bench.wait_for_phase(run, "compiling")
    # Inside torch, where nobody looks at what is asked.
    time.sleep(2)
    ask(own_bench, run)
    stopped = own_bench.wait_until_ended(run)
    assert (stopped.state, stopped.cause) == ("stopped", "you stopped it while compiling, before the first update")
    assert steps_of(own_bench, run) == [] and "Traceback" not in own_bench.told(run)
    # What torch compiled lies in our own cache, and nothing where others could have put theirs before.
    assert list(shared.iterdir()) == []
    runs.requeue(own_bench.db, stopped)
