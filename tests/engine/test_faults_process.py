"""Real engines killed, orphaned and stopped: what is kept, what is told, and how the run goes on (FAULTS 3, 28-31)."""

import os
import signal
import subprocess
import sys

import pytest
from bench import DEADLINE_SECONDS, Bench
from in_process import of_attempt, train_here
from tunedeck.store import attempts, checkpoints, commands, events, locks, metrics, processes, runs, states
from tunedeck.store.records import Run
from tunedeck.tui import actions

# Long enough to be met in the middle, short enough to be waited for: 15 ms an update.
LONG = {"max_steps": 200, "save_steps": 20, "eval_steps": 1000}


def saved_steps(bench: Bench, run: Run) -> list[int]:
    return [saved.step for saved in checkpoints.of_run(bench.db, run.id)]


def has_no_gap(bench: Bench, run: Run) -> bool:
    return metrics.series(bench.db, run.id, "loss")[0] == list(range(1, LONG["max_steps"] + 1))


def test_a_killed_engine_is_told_at_once_and_the_run_goes_on_without_a_gap(bench: Bench) -> None:
    run = bench.queue(name="killed", **LONG)
    bench.start_runner()
    bench.wait_for_step(run, 50)
    os.kill(bench.engine_pid(run), signal.SIGKILL)
    bench.wait_until_ended(run, seconds=2)
    killed = bench.now(run)
    assert (killed.state, killed.cause) == ("killed", "signal 9, possibly out of memory")
    before = of_attempt(bench, bench.attempt(run).id, "loss")
    assert len(before) >= 50 and killed.state in runs.RESUMABLE
    assert bench.resume(run).state == "completed", bench.told(run)
    first, second = attempts.of_run(bench.db, run.id)
    after = of_attempt(bench, second.id, "loss")
    assert first.exit_code == -9 and second.start_step % 20 == 0 and has_no_gap(bench, run)
    again = {step: loss for step, loss in before.items() if step in after}
    # What was done twice was done the same way, in another process.
    assert {step: after[step] for step in again} == pytest.approx(again, rel=1e-6)


def test_an_engine_outlives_its_runner(bench: Bench) -> None:
    run = bench.queue(name="orphan", **LONG)
    runner = bench.start_runner()
    bench.wait_for_step(run, 5)
    runner.kill()
    runner.wait()
    assert states.settle(bench.db, bench.home) == [] and bench.now(run).state == "running"
    bench.until(lambda: bool(states.settle(bench.db, bench.home)), "the orphan has ended")
    ended = bench.now(run)
    assert (ended.state, ended.cause) == ("completed", None) and has_no_gap(bench, run)


def test_the_next_runner_waits_for_the_orphan_and_records_it(bench: Bench) -> None:
    run, following = bench.queue(name="orphan", **LONG), bench.queue(name="following", max_steps=1)
    runner = bench.start_runner()
    bench.wait_for_step(run, 5)
    runner.kill()
    runner.wait()
    bench.start_runner()
    assert bench.wait_until_ended(following).state == "completed"
    assert bench.now(run).state == "completed"
    assert bench.attempt(following).started_at >= (bench.attempt(run).ended_at or 0)


def test_a_stopped_run_is_saved_where_it_stands_and_goes_on(bench: Bench) -> None:
    run = bench.queue(name="stopped", **LONG)
    bench.start_runner()
    bench.wait_for_step(run, 5)
    for _ in range(2):
        assert actions.stop(bench.db, bench.now(run)) == "stopped will save its state and stop."
    stopped = bench.wait_until_ended(run)
    step = metrics.series(bench.db, run.id, "loss")[0][-1]
    assert (stopped.state, stopped.cause) == ("stopped", f"you stopped it at step {step}; its state is saved")
    assert saved_steps(bench, run)[0] == step and bench.attempt(run).exit_code == 0
    assert bench.resume(run).state == "completed" and has_no_gap(bench, run), bench.told(run)
    assert bench.attempt(run).start_step == step


def test_a_terminated_engine_saves_too(bench: Bench) -> None:
    run = bench.queue(name="terminated", **LONG)
    bench.start_runner()
    bench.wait_for_step(run, 5)
    process = attempts.process(bench.db, run.id)
    assert process is not None
    processes.terminate(process)
    stopped = bench.wait_until_ended(run)
    step = metrics.series(bench.db, run.id, "loss")[0][-1]
    assert (stopped.state, saved_steps(bench, run)[0]) == ("stopped", step)


def test_a_run_stopped_while_it_answers_is_saved_and_a_kill_is_told_as_asked(bench: Bench) -> None:
    run = bench.queue(
        name="answering", max_steps=300, save_steps=300, eval_steps=3, max_new_tokens=110, prompts=["a", "b", "c", "d"]
    )
    bench.start_runner()
    bench.wait_for_step(run, 3)
    bench.wait_for_phase(run, "answering the prompts")
    commands.ask(bench.db, run.id, "stop")
    stopped = bench.wait_until_ended(run)
    step = metrics.series(bench.db, run.id, "loss")[0][-1]
    assert (stopped.state, stopped.cause) == ("stopped", f"you stopped it at step {step}; its state is saved")
    assert saved_steps(bench, run) == [step]
    bench.go_on(run)
    bench.wait_for_step(run, step + 2)
    actions.kill(bench.db, bench.now(run))
    killed = bench.wait_until_ended(run, seconds=2)
    assert (killed.state, killed.cause) == ("killed", "signal 9, as you asked")


def test_a_run_stopped_before_its_first_update_says_so(bench: Bench) -> None:
    run = bench.queue(name="early", **LONG)
    runner = bench.start_runner()
    bench.engine_pid(run)
    commands.ask(bench.db, run.id, "stop")
    stopped = bench.wait_until_ended(run)
    assert stopped.state == "stopped" and str(stopped.cause).endswith(", before the first update")
    assert saved_steps(bench, run) == [] and "Traceback" not in bench.told(run)
    runner.wait(timeout=DEADLINE_SECONDS)


def test_a_queued_run_is_withdrawn_and_never_starts(bench: Bench) -> None:
    run = bench.queue(name="waiting")
    assert actions.stop(bench.db, run) == "waiting was taken out of the queue."
    assert bench.start_runner().wait(timeout=20) == 0
    assert bench.now(run).state == "stopped" and attempts.of_run(bench.db, run.id) == []


def test_a_second_runner_leaves_at_once(bench: Bench) -> None:
    run = bench.queue(name="left alone")
    with locks.waiting(bench.home.runner_lock):
        second = [sys.executable, "-P", "-m", "tunedeck.engine.runner"]
        assert subprocess.run(second, env=bench.environment, timeout=20).returncode == 0
    assert bench.now(run).state == "queued" and runs.withdraw(bench.db, run)


def test_a_model_that_is_none_fails_with_a_sentence(bench: Bench) -> None:
    empty = bench.data.parent / "empty"
    empty.mkdir()
    run = train_here(bench, bench.queue(name="no model", model=str(empty)))
    assert (run.state, run.cause) == (
        "failed", f"The folder {empty} has no config.json, so it is no model. Name a model's own folder."
    )  # fmt: skip
    assert events.of_run(bench.db, run.id)[-1].level == "error" and "Traceback" not in bench.told(run)
