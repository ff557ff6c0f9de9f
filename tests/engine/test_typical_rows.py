"""The verb tokens chooses rows that stand for all, and reads them with any knob of the run."""

import json
from pathlib import Path
from typing import Any

import pytest
from tiny_tokenizer import make_tokenizer
from tunedeck.engine.verbs import tokens
from tunedeck.store.errors import ConfigError


@pytest.fixture
def model(tmp_path: Path) -> Path:
    make_tokenizer().save_pretrained(tmp_path / "model")
    (tmp_path / "model" / "config.json").write_text("{}")
    return tmp_path / "model"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    tokens.run(list(arguments))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_three_rows_stand_for_all_and_bad_ones_for_none(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({"prompt": "q", "completion": "a" * length}) for length in (5, 90, 20, 40)]
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(["not JSON", *lines, json.dumps({"prompt": "x" * 500})]))
    answers = told(capsys, str(rows), "--model", str(model), "--typical")
    assert [(row["row"], row["why"]) for row in answers] == [
        (2, "the first row"), (5, "median length"), (3, "the longest"),
    ]  # fmt: skip
    rows.write_text(lines[0])
    assert [row["why"] for row in told(capsys, str(rows), "--model", str(model), "--typical")] == ["the first row"]


def test_further_knobs_count(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"source": "one two three", "target": "four five six seven"}')
    common = (str(rows), "--model", str(model), "--task", "seq2seq-lm")
    whole, cut = (told(capsys, *common, "--knobs", knobs)[0] for knobs in ("{}", '{"max_target_length": 4}'))
    assert len(cut["target"]) <= 4 < len(whole["target"]) or len(cut["tokens"]) < len(whole["tokens"])


@pytest.mark.parametrize("knobs", ["{", "[]", '{"nope": 1}'])
def test_knobs_that_are_none_are_refused(model: Path, tmp_path: Path, knobs: str) -> None:
    (tmp_path / "rows.jsonl").write_text('{"prompt": "a", "completion": "b"}')
    with pytest.raises(ConfigError):
        tokens.run([str(tmp_path / "rows.jsonl"), "--model", str(model), "--knobs", knobs])
