"""How often is evaluated: as asked for, or so that a tenth of the time goes into it."""

import pytest
from bench import Bench
from in_process import queue_unmeasured, told, train_here
from task_checks import a_session
from tunedeck.engine.scoring.rhythm import SHARE, Rhythm, fitting


@pytest.mark.parametrize(("evaluation", "update", "steps"), [(0.1, 1.0, 25), (3.0, 1.0, 50), (3.0, 0.01, 3200)])
def test_the_interval_is_the_shortest_that_leaves_nine_tenths(evaluation: float, update: float, steps: int) -> None:
    assert fitting(evaluation, update) == steps
    assert evaluation / (evaluation + steps * update) <= SHARE
    assert steps == 25 or evaluation / (evaluation + steps / 2 * update) > SHARE


def test_what_was_asked_for_stays(bench: Bench) -> None:
    with a_session(bench) as session:
        rhythm = Rhythm(bench.config(eval_steps=7), session)
        session.step = 7
        rhythm.updated(0.001)
        rhythm.evaluated(100.0)
        assert [step for step in range(1, 30) if rhythm.is_due(step)] == [7, 14, 21, 28]


def test_a_run_that_may_stop_early_does_not_go_by_the_clock(bench: Bench) -> None:
    with a_session(bench) as session:
        rhythm = Rhythm(bench.config(eval_steps=0, early_stopping_patience=2), session)
        session.step = 25
        rhythm.updated(0.001)
        rhythm.evaluated(100.0)
        assert rhythm.steps == 25


def test_it_is_chosen_by_what_was_measured_and_kept_for_a_resume(bench: Bench) -> None:
    with a_session(bench) as session:
        config = bench.config(eval_steps=0)
        rhythm = Rhythm(config, session)
        rhythm.evaluated(900.0)
        assert rhythm.steps == 25, "the base's evaluation counts for nothing"
        session.step = 25
        for seconds in (30.0, *[0.5] * 24):
            rhythm.updated(seconds)
        rhythm.evaluated(10.0)
        assert rhythm.steps == 200
        assert told(bench, session.run)[-1] == (
            "evaluated every 200 updates from here on: evaluating takes 10 s, an update 0.5 s"
        )
        assert Rhythm(config, session).steps == 200


def test_a_run_evaluates_less_often_where_that_takes_long(own_bench: Bench) -> None:
    run = queue_unmeasured(own_bench, eval_steps=0, save_steps=100, max_steps=60, max_new_tokens=32)
    assert train_here(own_bench, run).state == "completed", own_bench.told(run)
    steps = own_bench.steps_and_losses(run, "eval_loss")[0]
    chosen = [text for text in told(own_bench, run) if text.startswith("evaluated every")]
    assert steps == ([0, 25, 50, 60] if not chosen or chosen[0].startswith("evaluated every 50") else [0, 25, 60])
