"""Runs made of earlier runs on the command line: started from their weights, or like them; and how they are shown."""

import json
import sqlite3
from pathlib import Path

import every_state
import pytest
from command import queued, refused, say
from tunedeck.store import database, metrics, runs
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.clean import is_clean


def newest(home: Home) -> Run:
    db = database.connect(home)
    try:
        return runs.find(db, "last")
    finally:
        db.close()


def test_run_from_starts_at_a_checkpoint_of_another_run(run: Run, config: Path, idle_home: Home) -> None:
    assert say("run", str(config), "--from", "first@3").exit_code == 0
    made = newest(idle_home)
    assert json.loads(made.config)["model"] == f"run:{run.id}@3"
    assert (made.kind, made.parent_run, made.parent_checkpoint) == ("transfer", run.id, 3)
    assert "kind          transfer from first@3\n" in say("show", made.id).stdout


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [
        ("nine", "model is run:nine: There is no run 'nine'."),
        ("first@4", "model names the run first: it has no checkpoint 4."),
        ("first@best", "model names the run first: it has no checkpoint best."),
    ],
)
def test_weights_that_are_not_there_are_named(
    origin: str, sentence: str, run: Run, config: Path, idle_home: Home
) -> None:
    assert sentence in refused("run", str(config), "--from", origin)
    assert queued(idle_home) == 0


def test_fork_repeats_a_run_with_changes(run: Run, config: Path, idle_home: Home) -> None:
    rows = config.parent / "rows.jsonl"
    told = json.loads(say("fork", "first", "--set", f"data={rows}", "--set", "r=4", "--json").stdout)
    values = json.loads(newest(idle_home).config)
    assert told["run"] == newest(idle_home).id
    assert (values["r"], values["model"], values["data"], values["name"]) == (4, "demo:smollm2", str(rows), "")
    made = newest(idle_home)
    assert (made.kind, made.forked_from) == ("fork", run.id)
    assert "set up like   first\n" in say("show", made.id).stdout


def test_transfer_takes_the_weights_and_the_knobs(run: Run, config: Path, idle_home: Home) -> None:
    rows = config.parent / "rows.jsonl"
    assert say("transfer", "first", "--set", f"data={rows}", "--step", "last").exit_code == 0
    values = json.loads(newest(idle_home).config)
    assert (values["model"], values["r"]) == (f"run:{run.id}@3", 8)


def test_a_bad_setting_of_a_fork_is_named(run: Run, idle_home: Home) -> None:
    assert refused("fork", "first", "--set", "r=0").startswith("--set: r is 0: expected a whole number")
    assert queued(idle_home) == 0


def test_show_lists_every_score_and_the_files_of_the_predictions(run: Run, db: sqlite3.Connection, home: Home) -> None:
    attempt = db.execute("SELECT id FROM attempt").fetchone()[0]
    scored = {"eval_token_accuracy": 0.5, "eval_loss": 3.0, "retention_loss": 2.5, "eval_seconds": 9.0}
    metrics.write(db, attempt, [(name, 3, value) for name, value in scored.items()])
    every_state.predict(home, run, 3, "a text")
    shown = say("show", "first").stdout
    assert "score           base   newest   best\nloss            4.000  3.000@3  3.000@3\n" in shown
    assert "token_accuracy  -      0.500@3  0.500@3\n" in shown and "retention_loss  -      2.500@3  -\n" in shown
    assert "perplexity      54.6   20.1     20.1\n" in shown and "eval_seconds" not in shown
    told = json.loads(say("show", "first", "--json").stdout)
    assert [Path(path).name for path in told["predictions"]] == ["rows.parquet", "step-00000003.parquet"]
    assert all(Path(path).is_file() for path in told["predictions"])
    assert told["scores"]["retention_loss"]["newest"] == 2.5
    assert (told["kind"], told["parent_run"], told["starts_from"], told["gain"]) == ("new", None, "", "")


def test_errors_shows_the_worst_rows_first_to_people_and_scripts(run: Run, home: Home) -> None:
    assert "has no predictions. Each evaluation writes some." in refused("errors", "first")
    every_state.predict(home, run, 3, every_state.HOSTILE["escapes"])
    told = say("errors", "first").stdout
    assert told.index("line 5   loss 3.000") < told.index("line 2   loss 0.250") and is_clean(told)
    assert [
        json.loads(line)["row"] for line in say("errors", "first", "--rows", "1", "--json").stdout.splitlines()
    ] == [5]
