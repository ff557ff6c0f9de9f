"""How a sweep goes on: its next run is suggested while it wants one, and it is ranked when all have ended."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import Bench
from in_process import train_here
from tunedeck.engine import runner
from tunedeck.store import attempts, events, metrics, runs, space, sweeps, trials
from tunedeck.store.records import Run, Sweep
from tunedeck.store.trials import Plan


@pytest.fixture
def bench(tmp_path: Path, tiny_model: Path) -> Iterator[Bench]:
    """A store for each test, as the queue of another would be worked too."""
    made = Bench(tmp_path, tiny_model)
    yield made
    made.close()


def start(bench: Bench, *settings: str, **plan: object) -> tuple[Sweep, list[Run]]:
    config = bench.config(name="base", method="full", max_steps=2, eval_steps=2, save_steps=2, warmup_steps=0)
    return trials.start(bench.db, bench.home, config, Plan(space.read(config, settings), **plan))  # type: ignore[arg-type]


def end(bench: Bench, run: Run, loss: float) -> None:
    attempt = attempts.start(bench.db, run.id)
    metrics.write(bench.db, attempt.id, [("eval_loss", 0, 3.0), ("eval_loss", 2, loss)])
    runs.finish(bench.db, run.id, "completed")


def only_queued(bench: Bench) -> Run:
    [queued] = [run for run in runs.listed(bench.db) if run.state == "queued"]
    return queued


def test_a_runner_ranks_what_another_left_behind(bench: Bench) -> None:
    sweep, queued = start(bench, "r=8,16", sampler="grid")
    for run, loss in zip(queued, (2.5, 2.0), strict=True):
        end(bench, run, loss)
    bench.start_runner()
    bench.until(lambda: sweeps.get(bench.db, sweep.id).ended_at is not None, "the sweep is over", seconds=20)
    summary = sweeps.get(bench.db, sweep.id).summary
    assert summary == f"The best of 2 runs is {queued[1].id}: r=16, with eval_loss 2 at step 2."
    assert events.of_run(bench.db, queued[1].id)[-1].text == f"sweep base ({sweep.id}): {summary}"


def test_optuna_goes_on_from_result_to_result(bench: Bench) -> None:
    pytest.importorskip("optuna")
    sweep, queued = start(bench, "learning_rate=1e-4..1e-2", "r=8,16", sampler="optuna", trials=3)
    assert queued == []
    for count in (1, 2, 3):
        runner._go_on_with_sweeps(bench.db, bench.home)
        run = only_queued(bench)
        values = json.loads(run.config)
        assert 1e-4 <= values["learning_rate"] <= 1e-2 and values["r"] in (8, 16)
        assert run.sweep_id == sweep.id and run.name.startswith("base learning_rate=")
        # Nothing more while one waits.
        runner._go_on_with_sweeps(bench.db, bench.home)
        assert len(runs.listed(bench.db)) == count
        if count == 1:
            assert train_here(bench, run).state == "completed", bench.told(run)
        else:
            end(bench, run, 2.0)
    runner._go_on_with_sweeps(bench.db, bench.home)
    assert len(runs.listed(bench.db)) == 3
    assert (sweeps.get(bench.db, sweep.id).summary or "").startswith("The best of 3 runs is ")


def test_a_suggestion_that_fails_ends_the_sweep_with_the_reason(bench: Bench) -> None:
    pytest.importorskip("optuna")
    sweep, _ = start(bench, "r=8,16", sampler="optuna", trials=2)
    bench.data.unlink()
    runner._go_on_with_sweeps(bench.db, bench.home)
    assert sweeps.get(bench.db, sweep.id).summary == (
        f"data is {bench.data}: there is no such file. Name a file of rows, or a demo part. No run was made."
    )
    assert sweeps.due(bench.db) == []


def test_when_all_choices_are_tried_the_sweep_is_over(bench: Bench) -> None:
    pytest.importorskip("optuna")
    sweep, _ = start(bench, "r=8,16", sampler="optuna", trials=9)
    tried = set()
    for _ in range(2):
        runner._go_on_with_sweeps(bench.db, bench.home)
        run = only_queued(bench)
        tried.add(json.loads(run.config)["r"])
        end(bench, run, 2.0)
    runner._go_on_with_sweeps(bench.db, bench.home)
    assert tried == {8, 16} and sweeps.get(bench.db, sweep.id).ended_at is not None
