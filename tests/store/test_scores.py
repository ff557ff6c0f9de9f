"""What the evaluations of a run found, metric by metric."""

import math
import sqlite3

import seeds
from tunedeck.store import attempts, metrics, overview, runs, scores
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.store.scores import Best


def evaluated(db: sqlite3.Connection, home: Home, **series: list[float]) -> Run:
    """A run with these metrics at steps 0, 10, 20, ..."""
    run = seeds.queue(db, home)
    runs.claim(db)
    attempt = attempts.start(db, run.id)
    for name, values in series.items():
        metrics.write(db, attempt.id, [(name, 10 * at, value) for at, value in enumerate(values)])
    return run


def test_what_people_look_at_first_is_first_and_what_is_kept_is_last(db: sqlite3.Connection, home: Home) -> None:
    names = ("eval_recall_a", "retention_drift", "eval_accuracy", "loss", "eval_f1_macro", "eval_seconds", "eval_loss")
    run = evaluated(db, home, **{name: [0.5] for name in names})
    found = scores.names(db, run.id)
    assert found == ["eval_loss", "eval_f1_macro", "eval_accuracy", "eval_recall_a", "retention_drift"]
    assert scores.headline(found) == "eval_f1_macro"
    assert scores.headline(["eval_loss", "eval_token_accuracy"]) == ""


def test_the_best_is_the_lowest_loss_and_the_highest_score_of_tuned_weights(db: sqlite3.Connection, home: Home) -> None:
    run = evaluated(
        db, home, eval_log_loss=[0.1, 3.0, 2.0, 2.5], eval_f1=[0.9, 0.2, math.nan, 0.1], retention_drift=[0.0, 0.1]
    )
    found = {score.label: score for score in scores.of_run(db, run.id)}
    assert (found["log_loss"].base, found["log_loss"].newest, found["log_loss"].best_step) == (0.1, 2.5, 20)
    assert (found["f1"].base, found["f1"].step, found["f1"].best, found["f1"].best_step) == (0.9, 30, 0.2, 10)
    assert (found["retention_drift"].newest, found["retention_drift"].best) == (0.1, None)


def test_the_best_of_a_run_is_that_of_the_metric_in_which_people_think(db: sqlite3.Connection, home: Home) -> None:
    classifier = evaluated(db, home, eval_loss=[4.0, 3.0, 5.0], eval_f1_macro=[0.1, 0.4, 0.9])
    chat = evaluated(db, home, eval_loss=[4.0, 3.0, 5.0])
    views = {view.run.id: view for view in overview.of_all(db)}
    assert views[classifier.id].best == overview.of_run(db, classifier).best == Best("eval_f1_macro", 0.9, 20)
    assert (views[classifier.id].best_eval_loss, views[classifier.id].best_step) == (3.0, 10)
    assert views[chat.id].best == Best("eval_loss", 3.0, 10)
    assert overview.of_all(db, views) == [views[chat.id], views[classifier.id]]
    best = scores.best(db, classifier.id)
    assert best and best.label == "f1_macro"


def test_before_any_training_nothing_is_best(db: sqlite3.Connection, home: Home) -> None:
    run = evaluated(db, home, eval_loss=[4.0])
    [score] = scores.of_run(db, run.id)
    assert (score.base, score.newest, score.step, score.best) == (4.0, 4.0, 0, None)
    assert scores.best(db, run.id) is None


def test_facts_tell_scores_gain_and_origin(db: sqlite3.Connection, home: Home) -> None:
    parent = evaluated(db, home, eval_loss=[4.0, 3.0])
    runs.finish(db, parent.id, "completed", summary='{"gain": "gained 1.00 loss on the task"}')
    told = overview.facts(db, overview.of_run(db, runs.get(db, parent.id)))
    assert told["gain"] == "gained 1.00 loss on the task" and told["starts_from"] == ""
    assert told["scores"] == {"eval_loss": {"base": 4.0, "newest": 3.0, "step": 10, "best": 3.0, "best_step": 10}}
    child = runs.queue(db, home, name="c", config="{}", versions={}, fingerprint="", parent=(parent.id, 10))
    assert (child.kind, overview.starts_from(db, child)) == ("transfer", f"{parent.name}@10")
    result = runs.queue(db, home, name="r", config="{}", versions={}, fingerprint="", parent=(parent.id, None))
    assert overview.starts_from(db, result) == parent.name


def test_the_best_is_found_without_reading_the_points_of_other_metrics(db: sqlite3.Connection, home: Home) -> None:
    run = evaluated(db, home, loss=[1.0] * 20_000, eval_loss=[2.0, 1.0, 3.0])
    hundreds_of_steps: list[None] = []
    db.set_progress_handler(lambda: hundreds_of_steps.append(None), 100)
    found = scores.best(db, run.id)
    db.set_progress_handler(None, 0)
    assert found == Best("eval_loss", 1.0, 10)
    assert len(hundreds_of_steps) < 50
