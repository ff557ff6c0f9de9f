"""Runs as people look at them."""

import json
import sqlite3
import time

import seeds
from tunedeck.store import attempts, commands, heartbeats, metrics, overview, runs, tags, trash
from tunedeck.store.paths import Home


def test_a_queued_run_has_no_figures_yet(db: sqlite3.Connection, home: Home) -> None:
    view = overview.of_run(db, seeds.queue(db, home))
    assert (view.phase, view.step, view.loss, view.best_step, view.seconds_left) == ("", 0, None, None, None)
    assert json.dumps(overview.facts(db, view))


def test_a_running_run_tells_its_newest_and_best_figures(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home, eval_steps=10)
    runs.claim(db)
    attempt = attempts.start(db, run.id)
    losses = {0: 5.0, 10: 3.0, 20: float("nan"), 30: 3.5}
    metrics.write(db, attempt.id, [("eval_loss", step, loss) for step, loss in losses.items()])
    metrics.write(db, attempt.id, [("loss", 30, 2.0), ("loss", 31, 1.9), ("eval_seconds", 30, 4.0)])
    runs.set_total_steps(db, run.id, 51)
    heartbeats.beat(db, run.id, "training", 31, 10.0, steps_per_second=2.0)
    heartbeats.beat(db, run.id, "training", 31, 10.0)
    view = overview.of_run(db, runs.get(db, run.id))
    assert (view.base_eval_loss, view.eval_loss, view.best_eval_loss, view.best_step) == (5.0, 3.5, 3.0, 10)
    assert (view.phase, view.step, view.loss, view.total_steps) == ("training", 31, 1.9, 51)
    assert view.seconds_left == 20 / 2.0 + 3 * 4.0
    assert view.late_seconds < 0


def test_where_the_run_chooses_its_evaluations_they_take_a_tenth_of_what_is_left(
    db: sqlite3.Connection, home: Home
) -> None:
    run = seeds.queue(db, home, eval_steps=0)
    runs.claim(db)
    metrics.write(db, attempts.start(db, run.id).id, [("eval_seconds", 25, 4.0)])
    runs.set_total_steps(db, run.id, 51)
    heartbeats.beat(db, run.id, "training", 31, 10.0, steps_per_second=2.0)
    assert overview.of_run(db, runs.get(db, run.id)).seconds_left == 20 / 2.0 / 0.9 + 4.0


def test_a_heartbeat_is_late_once_its_promise_is_broken(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    runs.claim(db)
    heartbeats.beat(db, run.id, "training", 3, 20.0)
    beat = heartbeats.of_run(db, run.id)
    assert beat is not None
    assert round(beat.late_by(time.time() + 380)) == 360


def test_an_ended_run_is_in_no_phase_and_keeps_its_step(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.ended(db, home)
    heartbeats.beat(db, run.id, "training", 7, 10.0)
    view = overview.of_run(db, run)
    assert (view.phase, view.step, view.late_seconds) == ("", 7, 0.0)


def test_a_best_step_that_was_lost_with_its_attempt_is_not_the_best(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    first, second = attempts.start(db, run.id), attempts.start(db, run.id)
    metrics.write(db, first.id, [("eval_loss", 0, 5.0), ("eval_loss", 10, 4.0), ("eval_loss", 20, 1.0)])
    attempts.set_start_step(db, second.id, 10)
    metrics.write(db, second.id, [("eval_loss", 20, 3.0)])
    view = overview.of_run(db, run)
    assert (view.best_eval_loss, view.best_step, view.base_eval_loss) == (3.0, 20, 5.0)


def test_a_run_that_was_asked_to_stop_is_stopping(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.queue(db, home)
    runs.claim(db)
    commands.ask(db, run.id, "stop")
    assert overview.of_run(db, runs.get(db, run.id)).state == "stopping"


def test_the_newest_run_is_first_and_the_trash_is_not_listed(db: sqlite3.Connection, home: Home) -> None:
    made = [seeds.queue(db, home, name) for name in ("one", "two", "three")]
    trash.delete(db, home, made[1])
    assert [view.run.name for view in overview.of_all(db)] == ["three", "one"]


def test_the_first_of_all_runs_are_those_that_a_list_begins_with(db: sqlite3.Connection, home: Home) -> None:
    made = [seeds.ended(db, home, f"run {number}") for number in range(8)]
    trash.delete(db, home, made[6])
    tags.change(db, [made[1].id, made[6].id], tags.read([tags.PINNED, "good"]))
    seeds.queue(db, home, "waits")
    everything = {view.run.number: view for view in overview.of_all(db)}
    first = overview.first_of_all(db, 3)
    assert [view.run.name for view in first] == ["waits", "run 7", "run 5", "run 1"]
    assert first == [everything[view.run.number] for view in first]
    assert overview.first_of_all(db, 100) == list(everything.values())


def test_of_runs_that_have_ended_nothing_is_read_again(db: sqlite3.Connection, home: Home) -> None:
    for number in range(30):
        seeds.ended(db, home, f"run {number}")
    waits = seeds.queue(db, home, "waits")
    known = {view.run.id: view for view in overview.of_all(db)}
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    again = overview.of_all(db, known)
    db.set_trace_callback(None)
    assert again == list(known.values()) and len(asked) < 15
    assert all(view is known[view.run.id] for view in again if view.run.id != waits.id)


def test_a_run_that_was_queued_again_is_read_again(db: sqlite3.Connection, home: Home) -> None:
    run = seeds.ended(db, home)
    known = {view.run.id: view for view in overview.of_all(db)}
    runs.requeue(db, run)
    (queued,) = overview.of_all(db, known)
    assert (queued.state, queued.place, queued.ended_at) == ("queued", 1, None)
    runs.withdraw(db, run)
    (ended,) = overview.of_all(db, {run.id: queued})
    assert (ended.state, ended.place, ended.run.cause) == ("stopped", None, "taken out of the queue")


def test_a_run_knows_when_it_started_and_ended_and_what_it_began_with(db: sqlite3.Connection, home: Home) -> None:
    eldest = seeds.ended(db, home, "eldest")
    forked = runs.queue(
        db, home, name="fork", config=eldest.config, versions={}, fingerprint="f", forked_from=eldest.id
    )
    view, waiting = overview.of_run(db, eldest), overview.of_run(db, forked)
    assert view.started_at and view.ended_at and view.started_at <= view.ended_at
    assert (waiting.started_at, waiting.ended_at, waiting.parent_name, waiting.place) == (None, None, "eldest", 1)
    told = overview.facts(db, waiting)
    assert (told["forked_from"], told["tags"], told["queue_place"]) == (eldest.id, [], 1)
