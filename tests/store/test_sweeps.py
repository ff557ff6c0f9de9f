"""Sweeps in the store: queued whole or not at all, gone on with while they want more, ranked when they are over."""

import json
import sqlite3
import sys
from pathlib import Path

import pytest
from tunedeck.store import attempts, commands, events, metrics, runs, space, sweeps, trash, trials
from tunedeck.store.config import RunConfig, checked
from tunedeck.store.errors import ConfigError, NotFoundError, StateError
from tunedeck.store.paths import Home
from tunedeck.store.records import Run, Sweep
from tunedeck.store.trials import Plan

BASE: RunConfig = checked({"data": "demo:chat", "model": "demo:smollm2", "name": "base", "seed": 7})
GRID = ("learning_rate=1e-4,3e-4", "r=8,16")


def start(
    db: sqlite3.Connection, home: Home, *settings: str, config: RunConfig = BASE, **plan: object
) -> tuple[Sweep, list[Run]]:
    asked = Plan(space.read(config, settings or GRID), **{"sampler": "grid", **plan})  # type: ignore[arg-type]
    return trials.start(db, home, config, asked)


def end(db: sqlite3.Connection, run: Run, *losses: float, state: str = "completed", cause: str = "") -> None:
    """The run with an evaluation of the base, which is the same for all, and then these, 10 steps apart."""
    attempt = attempts.start(db, run.id)
    metrics.write(db, attempt.id, [("eval_loss", 10 * at, loss) for at, loss in enumerate((1.0, *losses))])
    runs.finish(db, run.id, state, cause=cause)


def end_all(db: sqlite3.Connection, queued: list[Run], *losses: float) -> None:
    for run, loss in zip(queued, losses, strict=True):
        end(db, run, loss)


def test_a_grid_is_queued_at_once_each_run_frozen_as_any_other(db: sqlite3.Connection, home: Home) -> None:
    sweep, queued = start(db, home)
    assert [run.name for run in queued] == [
        "base learning_rate=0.0001 r=8", "base learning_rate=0.0001 r=16", "base learning_rate=0.0003 r=8",
        "base learning_rate=0.0003 r=16",
    ]  # fmt: skip
    assert {(run.state, run.kind, run.sweep_id, run.fingerprint) for run in queued} == {
        ("queued", "new", sweep.id, "demo:chat")
    }
    last = checked(json.loads(queued[-1].config))
    assert (last.learning_rate, last.r, last.name, last.seed) == (3e-4, 16, queued[-1].name, 7)
    assert json.loads(home.run(queued[-1].id).description.read_text()) == queued[-1].__dict__
    assert (sweep.name, sweep.sampler, sweep.metric, sweep.trials, sweep.prune) == ("base", "grid", "eval_loss", 4, 1)
    assert sweeps.due(db) == [] and not sweeps.wants_another(db, sweep)


def test_a_run_that_can_not_be_made_leaves_no_sweep(db: sqlite3.Connection, home: Home, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such demo part"):
        start(db, home, "data=demo:chat,demo:poems")
    assert runs.listed(db) == [] and db.execute("SELECT COUNT(*) FROM sweep").fetchone()[0] == 0


def test_a_store_that_fails_half_way_has_none_of_it(db: sqlite3.Connection, home: Home) -> None:
    db.execute("CREATE TRIGGER full AFTER INSERT ON run WHEN NEW.number > 2 BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        start(db, home)
    assert runs.listed(db) == [] and db.execute("SELECT COUNT(*) FROM sweep").fetchone()[0] == 0


def test_the_metric_is_that_of_the_configuration_or_as_asked(db: sqlite3.Connection, home: Home) -> None:
    of_config = checked(BASE.model_dump() | {"metric_for_best_model": "f1_macro"})
    assert start(db, home, config=of_config)[0].metric == "eval_f1_macro"
    assert start(db, home, config=of_config, metric="eval_accuracy")[0].metric == "eval_accuracy"
    assert start(db, home, metric="accuracy")[0].metric == "eval_accuracy"


def test_a_sweep_is_ranked_when_its_last_run_has_ended(db: sqlite3.Connection, home: Home) -> None:
    sweep, queued = start(db, home)
    end(db, queued[0], 2.5, 2.25, 2.5)
    end(db, queued[1], 2.75, state="stopped", cause="pruned at step 10: eval_loss 2.75")
    end(db, queued[2], state="failed")
    assert sweeps.due(db) == []
    end(db, queued[3], float("nan"), 2.5)
    assert sweeps.due(db) == [sweep]
    found = sweeps.ranked(sweeps.trials(db, sweep), sweep.metric)
    assert [trial.run.id for trial in found] == [queued[at].id for at in (0, 3, 1, 2)]
    assert [(trial.best, trial.best_step, trial.is_pruned) for trial in found] == [
        (2.25, 20, False), (2.5, 20, False), (2.75, 10, True), (None, None, False),
    ]  # fmt: skip
    sentence = sweeps.finish(db, sweep)
    assert sentence == (
        f"The best of 4 runs, 1 pruned, 1 failed is {queued[0].id}: learning_rate=0.0001 r=8, with eval_loss 2.25"
        " at step 20."
    )
    assert events.of_run(db, queued[0].id)[-1].text == f"sweep base ({sweep.id}): {sentence}"
    assert sweeps.due(db) == [] and sweeps.get(db, sweep.id).summary == sentence


def test_a_score_is_best_where_it_is_highest(db: sqlite3.Connection, home: Home) -> None:
    sweep, queued = start(db, home, "r=8,16", metric="accuracy")
    for run, score in zip(queued, (0.5, 0.75), strict=True):
        attempt = attempts.start(db, run.id)
        metrics.write(db, attempt.id, [("eval_accuracy", 0, 0.9), ("eval_accuracy", 10, score)])
    assert [trial.best for trial in sweeps.ranked(sweeps.trials(db, sweep), sweep.metric)] == [0.75, 0.5]


def test_where_no_run_has_the_metric_those_that_there_are_get_named(db: sqlite3.Connection, home: Home) -> None:
    sweep, queued = start(db, home, "r=8,16", metric="f1")
    end_all(db, queued, 2.0, 3.0)
    assert sweeps.finish(db, sweep) == "None of 2 runs has a value of eval_f1; there is eval_loss."


def test_one_by_optuna_wants_another_until_it_has_all(db: sqlite3.Connection, home: Home) -> None:
    pytest.importorskip("optuna")
    sweep, queued = start(db, home, "r=8,16,32", sampler="optuna", trials=2)
    assert queued == [] and sweeps.due(db) == [sweep] and sweeps.wants_another(db, sweep)
    run = trials.queue_next(db, home, sweep, {"r": 16})
    assert run is not None and (run.name, run.sweep_id) == ("base r=16", sweep.id)
    # A second process had the same thought.
    assert sweeps.due(db) == [] and trials.queue_next(db, home, sweep, {"r": 32}) is None
    end(db, run, 2.0)
    second = trials.queue_next(db, home, sweep, {"r": 32})
    assert second is not None
    end(db, second, 1.5)
    assert sweeps.due(db) == [sweep] and not sweeps.wants_another(db, sweep)
    assert trials.queue_next(db, home, sweep, {"r": 8}) is None


def test_after_three_failures_in_a_row_it_wants_no_more(db: sqlite3.Connection, home: Home) -> None:
    pytest.importorskip("optuna")
    sweep, _ = start(db, home, "r=1..64", sampler="optuna", trials=20)
    for r in (1, 2, 3):
        assert sweeps.wants_another(db, sweep)
        run = trials.queue_next(db, home, sweep, {"r": r})
        assert run is not None
        end(db, run, state="failed")
    assert not sweeps.wants_another(db, sweep)


def test_without_optuna_it_is_said_how_to_get_it(
    db: sqlite3.Connection, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "optuna", raising=False)
    with pytest.raises(ConfigError, match=r"optuna is not installed. Install it with pip install 'optuna>=4.5,<6'"):
        start(db, home, "r=8,16", sampler="optuna", trials=3)
    assert db.execute("SELECT COUNT(*) FROM sweep").fetchone()[0] == 0


def test_a_sweep_is_stopped_with_what_waits_and_what_runs(db: sqlite3.Connection, home: Home) -> None:
    sweep, queued = start(db, home)
    end(db, queued[0], 2.0)
    db.execute("UPDATE run SET state = 'running' WHERE id = ?", (queued[1].id,))
    assert sweeps.stop(db, sweep) == 3
    assert [runs.get(db, run.id).state for run in queued] == ["completed", "running", "stopped", "stopped"]
    assert commands.pending(db, queued[1].id) == ["stop"]
    summary = sweeps.get(db, sweep.id).summary
    assert summary is not None and summary.startswith("You stopped it. The best of 4 runs is ")
    with pytest.raises(StateError, match="The sweep base has ended"):
        sweeps.stop(db, sweeps.get(db, sweep.id))
    assert sweeps.due(db) == []


def test_a_sweep_is_found_by_what_people_type(db: sqlite3.Connection, home: Home) -> None:
    first, _ = start(db, home)
    second, _ = start(db, home, config=checked(BASE.model_dump() | {"name": "other"}))
    assert {sweeps.find(db, told).id for told in ("base", first.id, first.id[:4])} == {first.id}
    assert sweeps.find(db, "last") == second
    with pytest.raises(NotFoundError, match="There is no sweep 'nine'"):
        sweeps.find(db, "nine")
    start(db, home)
    with pytest.raises(NotFoundError, match="'base' could be 2 sweeps"):
        sweeps.find(db, "base")


def test_runs_in_the_trash_are_not_ranked_and_may_go_for_good(db: sqlite3.Connection, home: Home) -> None:
    sweep, queued = start(db, home, "r=8,16")
    end_all(db, queued, 2.0, 3.0)
    trash.delete(db, home, queued[0])
    assert [trial.run.id for trial in sweeps.trials(db, sweep)] == [queued[1].id]
    trash.empty(db, home)
    trash.delete(db, home, queued[1])
    trash.empty(db, home)
    assert sweeps.finish(db, sweep) == "No run was made."
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
