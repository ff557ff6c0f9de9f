"""When a run of a sweep is given up: beside the median of the others, in rows and in real runs."""

import math
import sqlite3

import pytest
from bench import Bench
from in_process import resume_here, train_here
from tunedeck.engine.loop import pruning
from tunedeck.store import attempts, checkpoints, metrics, runs, space, sweeps, trials
from tunedeck.store.config import checked
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.store.trials import Plan

LOSSES = {0: 3.0, 10: 2.5, 20: 2.0}


def queue(db: sqlite3.Connection, home: Home, *, metric: str = "loss", prune: bool = True) -> list[Run]:
    """Five runs of a sweep."""
    config = checked({"data": "demo:chat", "model": "demo:smollm2"})
    plan = Plan(space.read(config, ["r=1,2,3,4,5"]), "grid", metric=metric, prune=prune)
    return trials.start(db, home, config, plan)[1]


def measure(db: sqlite3.Connection, run: Run, values: dict[int, float], metric: str = "eval_loss") -> None:
    attempt = attempts.start(db, run.id)
    metrics.write(db, attempt.id, [(metric, step, value) for step, value in values.items()])


def measure_others(db: sqlite3.Connection, queued: list[Run], *last: float) -> None:
    for run, value in zip(queued[1:], last, strict=False):
        measure(db, run, LOSSES | {20: value})


def test_the_worse_half_is_given_up_with_its_reason(db: sqlite3.Connection, home: Home) -> None:
    queued = queue(db, home)
    measure_others(db, queued, 2.0, 2.1, 1.9, 2.6)
    measure(db, queued[0], {0: 3.0, 10: 2.31, 20: 2.4})
    assert pruning.reason(db, queued[0], 20) == (
        "pruned at step 20: eval_loss 2.31, the median of 4 others was 2.05 there"
    )


@pytest.mark.parametrize("best", [2.05, 2.04])
def test_the_better_half_and_the_middle_go_on(best: float, db: sqlite3.Connection, home: Home) -> None:
    queued = queue(db, home)
    measure_others(db, queued, 2.0, 2.1, 1.9, 2.6)
    measure(db, queued[0], {0: 3.0, 10: best, 20: 9.9})
    assert pruning.reason(db, queued[0], 20) == ""


def test_its_first_evaluation_and_the_bases_say_nothing(db: sqlite3.Connection, home: Home) -> None:
    queued = queue(db, home)
    measure_others(db, queued, 2.0, 2.1, 1.9)
    measure(db, queued[0], {0: 1.0, 10: 9.0})
    assert pruning.reason(db, queued[0], 0) == "" and pruning.reason(db, queued[0], 10) == ""


def test_two_others_are_too_few_and_what_they_did_later_does_not_count(db: sqlite3.Connection, home: Home) -> None:
    queued = queue(db, home)
    measure_others(db, queued, 2.0, 2.1)
    measure(db, queued[3], {0: 3.0, 30: 1.0})
    measure(db, queued[0], {0: 3.0, 10: 9.0, 20: 9.0})
    assert pruning.reason(db, queued[0], 20) == ""
    measure(db, queued[4], {0: 3.0, 15: 2.0, 30: 1.0})
    assert "the median of 3 others was 2 there" in pruning.reason(db, queued[0], 20)


def test_of_scores_the_lower_half_is_given_up(db: sqlite3.Connection, home: Home) -> None:
    queued = queue(db, home, metric="f1_macro")
    for run, score in zip(queued[1:], (0.5, 0.6, 0.7, 0.8), strict=True):
        measure(db, run, {0: 0.1, 10: score, 20: score}, "eval_f1_macro")
    measure(db, queued[0], {0: 0.9, 10: 0.64, 20: 0.3}, "eval_f1_macro")
    assert pruning.reason(db, queued[0], 20).startswith("pruned at step 20: eval_f1_macro 0.64, the median of 4 others")


def test_a_loss_that_is_no_number_is_worse_than_any(db: sqlite3.Connection, home: Home) -> None:
    queued = queue(db, home)
    measure_others(db, queued, 2.0, 2.1, math.nan)
    measure(db, queued[0], {0: 3.0, 10: math.nan, 20: math.nan})
    assert "eval_loss inf, the median of 3 others was 2.1 there" in pruning.reason(db, queued[0], 20)
    assert pruning.reason(db, queued[3], 20) != ""
    assert pruning.reason(db, queued[1], 20) == ""


def test_without_pruning_or_without_a_sweep_none_is_given_up(db: sqlite3.Connection, home: Home) -> None:
    queued = queue(db, home, prune=False)
    measure_others(db, queued, 2.0, 2.1, 1.9)
    measure(db, queued[0], {0: 3.0, 10: 9.0, 20: 9.0})
    assert pruning.reason(db, queued[0], 20) == ""
    db.execute("UPDATE sweep SET prune = 1")
    assert pruning.reason(db, queued[0], 20) != ""
    db.execute("UPDATE run SET sweep_id = NULL")
    assert pruning.reason(db, runs.get(db, queued[0].id), 20) == ""


def test_a_real_run_is_stopped_ranked_last_and_goes_on_when_it_is_resumed(bench: Bench) -> None:
    config = bench.config(name="lr", method="full", max_steps=6, eval_steps=2, save_steps=2, warmup_steps=0)
    rates = space.read(config, ["learning_rate=1e-2,5e-3,2e-3,1e-8"])
    sweep, queued = trials.start(bench.db, bench.home, config, Plan(rates, "grid"))
    *good, hopeless = [train_here(bench, run) for run in queued]
    assert {run.state for run in good} == {"completed"}, bench.told(good[0])
    assert hopeless.state == "stopped", bench.told(hopeless)
    assert (hopeless.cause or "").startswith("pruned at step 4: eval_loss ")
    assert bench.steps_and_losses(hopeless, "eval_loss")[0] == [0, 2, 4]
    assert not bench.home.run(hopeless.id).adapter.exists()
    ranked = sweeps.ranked(sweeps.trials(bench.db, sweep), sweep.metric)
    assert ranked[-1].run.id == hopeless.id and ranked[-1].is_pruned
    assert "The best of 4 runs, 1 pruned is " in sweeps.finish(bench.db, sweep)
    # It was saved at the step at which it was given up.
    assert [saved.step for saved in checkpoints.of_run(bench.db, hopeless.id)] == [4, 2]
    resumed = resume_here(bench, hopeless)
    assert (resumed.state, resumed.cause) == ("completed", None), bench.told(resumed)
