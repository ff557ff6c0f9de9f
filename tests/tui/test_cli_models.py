"""`tunedeck models` and `tunedeck estimate`: the models of this machine, and what a run with one would need."""

import json
from pathlib import Path
from typing import Any

import pytest
from asked import written
from bench import chat_rows
from command import refused, say
from shelved import hub_cache, model  # noqa: F401 - a fixture
from tunedeck.tui import shelf, words
from tunedeck.tui.cli.estimate import lines


def facts(name: str, lora: bool | None, full: bool | None, **more: Any) -> dict[str, Any]:
    known = {
        "label": "", "where": "folder", "path": "/m", "architecture": "", "family": "gpt", "parameters": 10,
        "tasks": ["causal-lm"], "licence": "mit", "size_bytes": 20, "note": "",
    }  # fmt: skip
    return {**known, "name": name, "fits": {"lora": lora, "full": full}, **more}


MODELS = [
    facts("large", True, False, parameters=7_000_000_000),
    facts("Huge", False, False, parameters=70_000_000_000, family="t5", tasks=[]),
    facts("small", True, True, parameters=135_000_000, label="my chat"),
    facts("unknown", None, None, parameters=None),
]


def test_a_mark_says_by_which_methods_a_model_can_be_trained() -> None:
    assert [shelf.fit(one) for one in MODELS] == ["lora", "neither", "both", "unknown"]
    assert all(shelf.MARKS.keys() == marks.keys() for marks in (shelf.ASCII_MARKS, shelf.WORDS))
    assert [shelf.cells(one)[1] for one in MODELS] == ["7.0B", "70B", "135M", "?"]
    assert "too large to train here" in shelf.told(MODELS[1]) and "suits no task" in shelf.told(MODELS[1])


def test_models_are_matched_by_every_word_and_ordered() -> None:
    assert [one["name"] for one in shelf.matching(MODELS, "GPT chat")] == ["small"]
    assert [one["name"] for one in shelf.ordered(MODELS, "name")] == ["Huge", "large", "small", "unknown"]
    assert [one["name"] for one in shelf.ordered(MODELS, "parameters")] == ["Huge", "large", "small", "unknown"]
    assert shelf.ordered(MODELS, "where") == MODELS


@pytest.mark.usefixtures("hub_cache")
def test_models_are_listed_as_a_table_and_as_json(tmp_path: Path) -> None:
    told = say("models", "--folder", str(model(tmp_path / "mine", 32, model_type="bert")))
    assert told.exit_code == 0 and [line.split()[0] for line in told.stdout.splitlines()] == [
        "fits", "?", "?", "yes", "yes", "yes",
    ]  # fmt: skip
    listed = [json.loads(line) for line in say("models", "mit", "bert", "--json").stdout.splitlines()]
    assert [one["name"] for one in listed] == ["some/reader"]
    assert say("models", "nothing-like-it").stdout.startswith("There is no model like nothing-like-it.")


@pytest.mark.usefixtures("hub_cache")
def test_a_search_that_fails_says_why() -> None:
    assert refused("models", "--search", "smollm2").startswith("The search failed: HF_HUB_OFFLINE")
    assert "--search needs WORDS" in say("models", "--search").output


def test_an_estimate_is_told_in_a_few_lines(tmp_path: Path) -> None:
    written(tmp_path / "rows.jsonl", chat_rows(40))
    config = tmp_path / "run.toml"
    config.write_text('data = "rows.jsonl"\nmodel = "demo:smollm2"\n')
    told = say("estimate", str(config), "--set", "gradient_accumulation_steps=2")
    assert told.exit_code == 0, told.output
    lines = dict(line.split(None, 1) for line in told.stdout.splitlines()[:6])
    assert lines["rows"] == "40 rows, 36 to train on" and lines["updates"] == "9 of 16 rows each"
    assert lines["memory"] == lines["time"] == "not known"
    assert "demo:smollm2 is not on this machine yet" in told.stdout
    as_json = json.loads(say("estimate", str(config), "--json").stdout)
    assert as_json["train_rows"] == 36 and as_json["memory"] is None
    assert "none.jsonl can't be read" in refused("estimate", str(config), "--set", "data=none.jsonl")


def test_an_estimate_in_words() -> None:
    memory = {"weights": 270e6, "gradients": 2e7, "optimizer": 4e7, "activations": 2.5e9, "total": 3.4e9}
    told = dict(lines({
        "rows": 1, "train_rows": 1, "tokens_per_row": 46, "steps": 200, "effective_batch": 16, "parameters": 200,
        "trained_parameters": 10, "memory": memory, "device": "cpu", "free_bytes": 20e9, "total_bytes": 25e9,
        "fits": True, "seconds": 250.0, "seconds_low": 200.0, "seconds_high": 400.0, "like": 3,
        "tokens_per_second": 640.0,
    }))  # fmt: skip
    assert told == {
        "rows": "1 row, 1 to train on, 46 tokens in the median",
        "updates": "200 of 16 rows each",
        "weights": "10 of 200 are trained (5.0%)",
        "memory": "about 3.4 GB: weights 270 MB, gradients 20 MB, optimizer 40 MB, activations 2.5 GB",
        "fits": "yes; 20.0 GB of 25.0 GB are free on cpu",
        "time": "about 4m10s, 3m20s to 6m40s: 640 tokens a second, by 3 runs like it",
    }
    assert [words.size(count) for count in (999_400_000, 1e9, 2.3e11)] == ["999 MB", "1.0 GB", "230 GB"]
