"""Runs put together by sweep, family, model and task."""

import sqlite3
from dataclasses import replace

import pytest
from tunedeck.store import overview, run_filter, run_groups, runs, sweeps, trash
from tunedeck.store.config import checked
from tunedeck.store.errors import ConfigError
from tunedeck.store.overview import Overview
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.store.scores import Best


def queue(db: sqlite3.Connection, home: Home, name: str, **facts: object) -> Run:
    knobs = {key: facts.pop(key) for key in ("model", "task") if key in facts}
    config = checked({"data": "demo:chat", "model": "demo:smollm2", "name": name} | knobs).model_dump_json()
    return runs.queue(db, home, name=name, config=config, versions={}, fingerprint="f", **facts)  # pyright: ignore[reportArgumentType]


def told(db: sqlite3.Connection, by: str, filtered: str = "") -> dict[str, str]:
    views = overview.of_all(db)
    picked = run_filter.matching(views, run_filter.parse(filtered))
    groups = run_groups.grouped(picked, by, {view.run.id: view for view in views})
    return {group.name: " ".join(view.run.name for view in group.views) for group in groups}


@pytest.fixture
def family(db: sqlite3.Connection, home: Home) -> dict[str, Run]:
    """Two alone, and an eldest with what began with its weights or configuration."""
    made = {"alone": queue(db, home, "alone", model="demo:minilm", task="sequence-classification")}
    made["eldest"] = queue(db, home, "eldest")
    made["fork"] = queue(db, home, "fork", forked_from=made["eldest"].id, model="demo:minilm")
    made["tuned"] = queue(db, home, "tuned", parent=(made["eldest"].id, None), model=f"run:{made['eldest'].id}@result")
    made["grandchild"] = queue(db, home, "grandchild", forked_from=made["tuned"].id, model="demo:minilm")
    made["single"] = queue(db, home, "single")
    return made


def test_a_family_is_together_with_its_eldest_first(db: sqlite3.Connection, family: dict[str, Run]) -> None:
    assert told(db, "parent") == {"eldest": "eldest grandchild tuned fork", "no family": "single alone"}
    assert told(db, "parent", "!eldest") == {"eldest": "grandchild tuned fork", "no family": "single alone"}


def test_a_family_whose_eldest_is_in_the_trash_stays_together(
    db: sqlite3.Connection, home: Home, family: dict[str, Run]
) -> None:
    trash.delete(db, home, family["eldest"])
    assert told(db, "parent")["eldest"] == "grandchild tuned fork"


def test_a_run_from_anothers_weights_is_of_its_model(db: sqlite3.Connection, family: dict[str, Run]) -> None:
    assert told(db, "model") == {"smollm2": "single tuned eldest", "minilm": "grandchild fork alone"}


def test_tasks_are_named_as_people_call_them(db: sqlite3.Connection, family: dict[str, Run]) -> None:
    assert told(db, "task") == {"chat": "single grandchild tuned fork eldest", "classify": "alone"}


def test_a_sweeps_runs_are_together_and_the_others_last(db: sqlite3.Connection, home: Home) -> None:
    facts = {"config": "{}", "space": "{}", "sampler": "grid", "seed": 1, "metric": "loss", "trials": 2, "prune": False}
    sweep = sweeps.insert(db, name="rates", **facts)  # pyright: ignore[reportArgumentType]
    queue(db, home, "one", sweep_id=sweep.id)
    queue(db, home, "two", sweep_id=sweep.id)
    queue(db, home, "other")
    assert told(db, "sweep") == {"rates": "two one", "no sweep": "other"}
    assert told(db, "sweep", "sweep=rates") == {"rates": "two one"}


def test_the_best_of_a_group_has_the_least_loss_or_the_most_score(
    db: sqlite3.Connection, family: dict[str, Run]
) -> None:
    found = {"eldest": 1.5, "fork": 1.2, "tuned": None}
    for metric, name in (("eval_loss", "fork"), ("eval_f1_macro", "eldest")):
        bests = {run: Best(metric, value, 10) for run, value in found.items() if value}
        views = [replace(view, best=bests.get(view.run.name)) for view in overview.of_all(db)]
        assert best(run_groups.grouped(views, "task", {})[0]) == name
        assert best(run_groups.grouped(views[-1:], "task", {})[0]) == ""


def best(group: run_groups.Group) -> str:
    found: Overview | None = group.best
    return found.run.name if found else ""


def test_groups_that_there_are_not_are_named() -> None:
    with pytest.raises(ConfigError, match=r"Runs have no groups by luck. There are sweep, parent, model, task."):
        run_groups.grouped([], "luck", {})
