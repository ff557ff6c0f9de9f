"""`tunedeck data prove`: two runs are queued that differ in their data alone, and their verdict is told."""

import json
import shutil
import sqlite3
from pathlib import Path

import pyarrow
import pytest
from bench import write_rows
from command import queued, refused, say
from pyarrow import parquet
from tunedeck.store import proof, runs, sweeps
from tunedeck.store.paths import Home

LABELS = ("good", "bad", "so so")


def labelled(count: int, first: int = 0) -> list[dict[str, str]]:
    return [{"text": f"words {row}", "label": LABELS[row % 3]} for row in range(first, first + count)]


@pytest.fixture
def place(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a run's configuration, its rows, these rows with others, and rows for evaluation."""
    write_rows(tmp_path / "rows.jsonl", labelled(20))
    write_rows(tmp_path / "more.jsonl", [*labelled(20), *labelled(12, 100)])
    write_rows(tmp_path / "held.jsonl", labelled(30, 500))
    (tmp_path / "run.toml").write_text(
        f'data = "other.jsonl"\nmodel = "{model}"\ntask = "sequence-classification"\neval_data = "held.jsonl"\n'
        "num_train_epochs = 2\nseed = 7\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


ASKED = ("data", "prove", "more.jsonl", "--against", "rows.jsonl", "--like", "run.toml")


def evaluated(home: Home, run_id: str, right: int) -> None:
    """The predictions of 30 rows, so many of them right, as an engine leaves them."""
    folder = home.run(run_id).predictions
    folder.mkdir(exist_ok=True)
    told = [
        {
            "row": row,
            "loss": 1.0,
            "weight": 1.0,
            "label": LABELS[row % 3],
            "predicted": LABELS[(row + (row >= right)) % 3],
        }
        for row in range(30)
    ]
    # The engine need not write them in the order of their lines.
    parquet.write_table(pyarrow.Table.from_pylist(told[::-1]), folder / "step-00000006.parquet")


def complete(db: sqlite3.Connection, home: Home, told: dict, *right: int) -> None:
    for run, count in zip(told["runs"], right, strict=True):
        evaluated(home, run["run"], count)
        runs.finish(db, run["run"], "completed")


def test_both_sides_are_queued_as_one_proof(place: Path, idle_home: Home, db: sqlite3.Connection) -> None:
    told = json.loads(say(*ASKED, "--seeds", "1..2", "--set", "learning_rate=1e-3", "--json").stdout)
    assert queued(idle_home) == 4 and told["steps"] == 6
    assert [(run["side"], run["seed"]) for run in told["runs"]] == [
        ("without", 1),
        ("with", 1),
        ("without", 2),
        ("with", 2),
    ]
    configs = [json.loads(runs.get(db, run["run"]).config) for run in told["runs"]]
    assert [Path(config["data"]).name for config in configs[:2]] == ["rows.jsonl", "more.jsonl"]
    assert {config["learning_rate"] for config in configs} == {1e-3}
    words = say(*ASKED).stdout
    assert words.startswith("2 runs of 6 updates are queued as proof ") and "tells the verdict" in words
    again = json.loads(runs.get(db, json.loads(say(*ASKED, "--json").stdout)["runs"][0]["run"]).config)
    assert again["seed"] == 7


@pytest.mark.parametrize(
    ("right", "helps", "words"),
    [
        ((6, 28), True, "the synthetic rows help (one seed, whose luck is not in the interval)."),
        ((28, 6), False, "the synthetic rows harm"),
        ((20, 21), None, "not shown to help"),
    ],
)
def test_the_verdict_is_told_however_it_falls(
    place: Path, idle_home: Home, db: sqlite3.Connection, right: tuple[int, int], helps: bool | None, words: str
) -> None:
    told = json.loads(say(*ASKED, "--json").stdout)
    complete(db, idle_home, told, *right)
    shown = say("data", "prove", "--show", told["proof"])
    assert shown.exit_code == (0 if helps else 1) and words in shown.stdout
    assert "f1_macro 0." in shown.stdout and "30 rows): " in shown.stdout
    facts = json.loads(say("data", "prove", "--show", "last", "--json").stdout)
    assert facts["verdict"]["helps"] is helps and facts["verdict"]["metric"] == "f1_macro"
    assert facts["sentence"] == shown.stdout.splitlines()[-1] == sweeps.get(db, told["proof"]).summary


def test_until_both_have_completed_there_is_none(place: Path, idle_home: Home, db: sqlite3.Connection) -> None:
    told = json.loads(say(*ASKED, "--json").stdout)
    shown = say("data", "prove", "--show", "last")
    assert shown.exit_code == 1 and "without" in shown.stdout
    assert "No verdict yet: of its 2 runs 2 queued." in shown.stderr
    facts = say("data", "prove", "--show", "last", "--json")
    assert facts.exit_code == 1 and json.loads(facts.stdout)["waits"].startswith("No verdict yet")
    complete(db, idle_home, told, 6, 28)
    shutil.rmtree(idle_home.run(told["runs"][1]["run"]).predictions)
    assert "has no predictions" in refused_with_table("last")


def refused_with_table(proof_id: str) -> str:
    told = say("data", "prove", "--show", proof_id)
    assert told.exit_code == 2
    return told.stderr


def test_other_rows_are_no_proof(place: Path, idle_home: Home, db: sqlite3.Connection) -> None:
    told = json.loads(say(*ASKED, "--json").stdout)
    complete(db, idle_home, told, 6, 28)
    path = idle_home.run(told["runs"][1]["run"]).predictions / "step-00000006.parquet"
    parquet.write_table(parquet.read_table(path).slice(1), path)
    assert "were not scored on the same rows" in refused_with_table("last")


def test_the_knobs_are_taken_from_the_newest_run_on_the_same_rows(
    place: Path, idle_home: Home, db: sqlite3.Connection
) -> None:
    line = ("data", "prove", "more.jsonl", "--against", "rows.jsonl")
    assert "No run has trained on" in refused(*line)
    say("run", "run.toml", "--set", "data=rows.jsonl", "--set", "learning_rate=0.003")
    told = json.loads(say(*line, "--json").stdout)
    assert json.loads(runs.get(db, told["runs"][0]["run"]).config)["learning_rate"] == 0.003


def test_what_would_prove_nothing_is_refused(place: Path, idle_home: Home) -> None:
    for line, sentence in (
        ((*ASKED, "--set", "eval_data="), "eval_data is empty: the rows split off the two sets would differ"),
        ((*ASKED, "--set", "eval_data=more.jsonl"), "which is trained too"),
        (("data", "prove", "more.jsonl", "--like", "run.toml"), "made from no other version"),
        ((*ASKED, "--seeds", "x"), "--seeds is 'x'"),
        ((*ASKED, "--seeds", "1..999999999999"), "--seeds is '1..999999999999'"),
        (("data", "prove", "reviews@v9", "--against", "rows.jsonl", "--like", "run.toml"), "reviews@v9"),
        (("data", "prove", "--show", "last"), "There is no proof yet."),
    ):
        assert sentence in refused(*line)
    with (place / "more.jsonl").open("a") as rows:
        rows.write('{"text": 5}\n')
    assert "more.jsonl line 33" in refused(*ASKED)
    assert queued(idle_home) == 0


def test_a_sweep_is_no_proof(place: Path, idle_home: Home, db: sqlite3.Connection) -> None:
    say("sweep", "run.toml", "--set", "data=rows.jsonl", "--grid", "r=8,16")
    assert "is a sweep and no proof" in refused("data", "prove", "--show", sweeps.find(db, "last").id)
    assert say("data", "prove").exit_code == 2 and proof.of_data(db, "x") is None
