"""Proofs: two sides that differ in their data alone, and a verdict that says what was shown and no more."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tunedeck.store import bootstrap, datasets, proof, runs, sweeps, trash
from tunedeck.store.bootstrap import Metric
from tunedeck.store.config import RunConfig, checked
from tunedeck.store.datasets import Dataset, NewDataset
from tunedeck.store.errors import ConfigError, NotFoundError, StateError
from tunedeck.store.paths import Home
from tunedeck.store.proof import Sides


@pytest.fixture
def version(
    db: sqlite3.Connection, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Dataset]:
    """Makes a version of `reviews`; its rows are of no matter here."""
    monkeypatch.setenv("TUNEDECK_HOME", str(home.root))

    def make(parent: str | None = None, role: str = "") -> Dataset:
        (made := tmp_path / "made").write_text("rows")
        name = "reviews-eval" if role == "evaluation" else "reviews"
        return datasets.add(db, home, NewDataset(name, role, parent, '{"op": "import"}', "x", 100, 0, "0"), made)

    return make


def config(**changes: object) -> RunConfig:
    return checked({"data": "demo:chat", "model": "demo:smollm2", "eval_data": "demo:imdb"} | changes)


def test_a_version_is_held_against_what_it_was_made_from(
    db: sqlite3.Connection, version: Callable[..., Dataset]
) -> None:
    first = version()
    assert proof.sides(db, version(first.label).reference) == ("data:reviews@v1", "data:reviews@v2")
    assert proof.sides(db, "data:reviews", "data:reviews@v1") == ("data:reviews@v1", "data:reviews@v2")
    with pytest.raises(ConfigError, match="made from no other version"):
        proof.sides(db, "data:reviews@v1")
    with pytest.raises(ConfigError, match="against itself"):
        proof.sides(db, "data:reviews@v2", "data:reviews@v2")


def test_both_sides_have_the_same_evaluation_rows_or_there_is_no_proof() -> None:
    data = Sides("data:reviews@v1", "data:reviews@v2")
    with pytest.raises(ConfigError, match=r"eval_data is empty.*Split the set before it is augmented"):
        proof.check(config(eval_data=""), data)
    with pytest.raises(ConfigError, match="which is trained too"):
        proof.check(config(eval_data="data:reviews@v1"), data)


def test_both_make_the_updates_of_the_smaller_set() -> None:
    assert proof.equal_steps(config(num_train_epochs=2.5, per_device_train_batch_size=8), 100) == 33
    assert proof.equal_steps(config(gradient_accumulation_steps=2, num_train_epochs=1), 17) == 2
    assert proof.equal_steps(config(max_steps=7), 1_000_000) == 7


def test_the_sides_differ_in_their_data_and_seed_alone(
    db: sqlite3.Connection, home: Home, version: Callable[..., Dataset]
) -> None:
    data = proof.sides(db, version(version().label).reference)
    set_up = config(num_train_epochs=1, early_stopping_patience=3, task="sequence-classification")
    sweep, queued = proof.start(db, home, set_up, data, 100, [1, 2])
    configs = [json.loads(run.config) for run in queued]
    assert [(one["data"], one["seed"]) for one in configs] == [
        ("data:reviews@v1", 1), ("data:reviews@v2", 1), ("data:reviews@v1", 2), ("data:reviews@v2", 2),
    ]  # fmt: skip
    assert {(one["max_steps"], one["early_stopping_patience"]) for one in configs} == {(13, 0)}
    same = [{name: one[name] for name in one.keys() - {"data", "seed", "name"}} for one in configs]
    assert all(one == same[0] for one in same)
    assert (sweep.sampler, sweep.metric, sweep.trials) == ("proof", "eval_f1_macro", 4)
    assert [run.name for run in queued][:2] == ["reviews-v2 without seed 1", "reviews-v2 with seed 1"]
    assert [(pair.seed, pair.without, pair.augmented) for pair in proof.pairs(db, sweep)] == [
        (1, queued[0], queued[1]), (2, queued[2], queued[3]),
    ]  # fmt: skip
    assert proof.of_data(db, "data:reviews@v2") == sweep == proof.find(db, "last") and not proof.of_data(db, "else")


def test_evaluation_rows_are_never_a_side(db: sqlite3.Connection, home: Home, version: Callable[..., Dataset]) -> None:
    held_out = version(version().label, "evaluation")
    with pytest.raises(ConfigError, match="set apart for evaluation"):
        proof.start(db, home, config(), Sides("data:reviews@v1", held_out.reference), 100, [1])
    assert runs.queued_count(db) == 0


def test_until_all_have_completed_it_says_what_it_waits_for(
    db: sqlite3.Connection, home: Home, version: Callable[..., Dataset]
) -> None:
    sweep, queued = proof.start(db, home, config(), proof.sides(db, version(version().label).reference), 9, [1])
    runs.finish(db, queued[0].id, "completed")
    with pytest.raises(StateError, match="of its 2 runs 1 completed, 1 queued"):
        proof.completed(proof.pairs(db, sweep))
    trash.delete(db, home, queued[1])
    with pytest.raises(StateError, match="1 completed, 1 in the trash"):
        proof.completed(proof.pairs(db, sweep))
    trash.restore(db, home, queued[1])
    runs.finish(db, queued[1].id, "completed")
    assert [seed for seed, _, _ in proof.completed(proof.pairs(db, sweep))] == [1]


def test_a_verdict_is_kept_once(db: sqlite3.Connection, home: Home, version: Callable[..., Dataset]) -> None:
    sweep, queued = proof.start(db, home, config(), proof.sides(db, version(version().label).reference), 9, [1])
    proof.record(db, sweep, "it helps")
    proof.record(db, sweep, "it helps")
    told = db.execute("SELECT run_id, text FROM event WHERE text LIKE 'proof%'").fetchall()
    assert [tuple(row) for row in told] == [(run.id, f"proof {sweep.id}: it helps") for run in queued]
    assert proof.find(db, sweep.id).summary == "it helps"


def test_only_a_proof_is_found(db: sqlite3.Connection) -> None:
    with pytest.raises(NotFoundError, match="no proof yet"):
        proof.find(db, "last")


def share(right: list[int]) -> Metric:
    values = np.array(right, dtype=np.float64)
    return lambda rows: float(values[rows].mean())


BAD, GOOD = share([0, 1] * 50), share([1, 1, 1, 0] * 25)


@pytest.mark.parametrize(
    ("metric", "both", "helps", "words"),
    [
        ("accuracy", (BAD, GOOD), True, "accuracy 0.500 -> 0.750: +0.250 (95% interval "),
        ("accuracy", (GOOD, BAD), False, "the synthetic rows harm"),
        ("loss", (BAD, GOOD), False, "loss 0.500 -> 0.750"),
        (
            "accuracy",
            (BAD, BAD),
            None,
            "+0.000 (95% interval 0.000 to 0.000, 100 rows): not shown to help",
        ),
    ],
)
def test_a_verdict_falls_either_way(metric: str, both: tuple[Metric, Metric], helps: bool | None, words: str) -> None:
    found = proof.judged(metric, [both], 100)
    assert found.helps is helps and words in found.sentence and found.sentence.endswith("not in the interval).")


def test_seeds_are_averaged_row_by_row_and_told() -> None:
    found = proof.judged("accuracy", [(BAD, GOOD), (BAD, BAD)], 100)
    assert (found.without, found.augmented, found.by_seed) == (0.5, 0.625, [0.25, 0.0])
    assert found.sentence.endswith("(2 seeds, one by one +0.250, +0.000).")
    alone = bootstrap.of_metric(BAD, GOOD, 100)
    assert found.difference.low > alone.low / 2 - 0.01 and found.difference.high < alone.high


def test_few_rows_show_nothing() -> None:
    assert proof.judged("accuracy", [(share([0] * 5), share([1] * 5))], 5).helps is None


def test_a_proof_that_ended_says_whether_there_is_a_verdict_to_be_had(
    db: sqlite3.Connection, home: Home, version: Callable[..., Dataset]
) -> None:
    data = Sides(version().reference, version("reviews@v1").reference)
    sweep, queued = proof.start(db, home, config(), data, 100, [1])
    for run in queued:
        runs.finish(db, run.id, "completed")
    assert sweeps.finish(db, sweep).startswith("Both sets are trained")
    stopped, _ = proof.start(db, home, config(), data, 100, [2])
    assert sweeps.finish(db, stopped) == "There is no verdict: not all of its runs have completed."
