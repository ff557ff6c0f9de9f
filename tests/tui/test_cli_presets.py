"""Presets on the command line: listed, and laid over a run."""

import json
import sqlite3
from pathlib import Path

import pytest
from command import queued, refused, say
from tunedeck.store import runs
from tunedeck.store.paths import Home, config_folder


def test_they_are_listed_for_people_and_scripts(home: Home) -> None:
    told = say("presets")
    assert told.exit_code == 0 and "quick     50 updates" in told.stdout and "chat: task=causal-lm" in told.stdout
    facts = json.loads(say("presets", "--json").stdout)
    assert [one["kind"] for one in facts["presets"]].count("effort") == 3 and facts["faults"] == []
    assert facts["presets"][0]["knobs"]["max_steps"] == 50


def test_a_bad_one_is_told_and_the_others_listed(home: Home) -> None:
    folder = config_folder() / "presets"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text("[knobs]\nr = 0")
    told = say("presets")
    assert told.exit_code == 1 and "mine.toml was left out: r is 0" in told.stderr and "rewrite" in told.stdout


def test_a_run_needs_no_file(db: sqlite3.Connection, config: Path, model: Path, idle_home: Home) -> None:
    settings = ("--set", f"data={config.parent / 'rows.jsonl'}", "--set", f"model={model}", "--set", "retention_rows=4")
    assert say("run", "--preset", "chat", "--preset", "quick", *settings).exit_code == 0
    values = json.loads(runs.find(db, "last").config)
    assert (values["max_length"], values["max_steps"], values["retention_rows"]) == (1024, 50, 4)


def test_a_preset_wins_over_the_file(db: sqlite3.Connection, config: Path, idle_home: Home) -> None:
    config.write_text(config.read_text() + "max_steps = 9\nr = 4\n")
    assert say("run", str(config), "--preset", "quick").exit_code == 0
    values = json.loads(runs.find(db, "last").config)
    assert (values["max_steps"], values["r"]) == (50, 4)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--preset", "nope", "--set", "data=x"), "There is no preset 'nope'. There is quick"),
        (("--preset", "quick", "--set", "data=demo:chat"), "model is missing"),
    ],
)
def test_what_is_missing_is_named(arguments: tuple[str, ...], sentence: str, idle_home: Home) -> None:
    assert sentence in refused("run", *arguments) and queued(idle_home) == 0


def test_nothing_at_all_is_no_run(idle_home: Home) -> None:
    told = say("run")
    assert told.exit_code == 2 and "Name a TOML file, or say --set data=" in told.stderr
