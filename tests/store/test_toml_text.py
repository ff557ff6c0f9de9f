"""A configuration as text for people: short, read back as it was, faults by line, and no file overwritten."""

from pathlib import Path

import pytest
from tunedeck.store import toml, toml_text
from tunedeck.store.config import knobs
from tunedeck.store.errors import ConfigError

DEFAULTS: dict[str, object] = {knob.name: knob.default for knob in knobs()}
VALUES = DEFAULTS | {
    "data": "rows.jsonl", "model": "demo:smollm2", "learning_rate": "3e-4", "packing": "true",
    "prompts": ["a", 'b"\n"c'], "hidden_dropout": "0.1",
}  # fmt: skip


def test_only_what_differs_is_written_and_it_is_read_back() -> None:
    text = toml_text.text_of(VALUES)
    lines = [line for line in text.splitlines() if "=" in line]
    assert len(lines) == 6 and "learning_rate = 0.0003" in lines and "packing = true" in lines
    read = toml_text.read(text)
    assert read["prompts"] == VALUES["prompts"] and read["learning_rate"] == 3e-4 and read["r"] == DEFAULTS["r"]
    assert read.keys() == DEFAULTS.keys()


def test_a_bad_value_is_written_as_it_was_typed() -> None:
    assert 'r = "many"' in toml_text.text_of(VALUES | {"r": "many"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('data = "a"\nmodel = "b"\n\nr = 0\nlerning_rate = 1', "line 4: r is 0: expected a whole number"),
        ('data = "a"\nmodel = "b"\n\nr = 0\nlerning_rate = 1', "line 5: lerning_rate is not a knob"),
        ('data = "a"\nmodel = "b"\nprompts = [\n  "x",\n  5,\n]', "line 3: prompts is 5"),
        ('data = "a"', "model is missing"),
        ('data = "a"\nmodel = \nr = 8', r"not TOML: .*line 2"),
        ('data = "a"\ndata = "b"\nr = 8', r"not TOML: .*line 2"),
    ],
)
def test_faults_are_told_by_their_lines(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        toml_text.read(text)


def test_a_saved_file_runs_and_is_never_overwritten(tmp_path: Path) -> None:
    path = toml_text.save(VALUES, tmp_path / "run.toml")
    assert toml.load(path).prompts == VALUES["prompts"]
    before = path.read_text()
    with pytest.raises(ConfigError, match="is there already"):
        toml_text.save(VALUES | {"r": 4}, path)
    assert path.read_text() == before


@pytest.mark.parametrize("name", ["no/such/folder.toml", "a\0b.toml", "x" * 300 + ".toml", "."])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"can't be written|is there already"):
        toml_text.save(VALUES, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_bad_values_are_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="r is 0"):
        toml_text.save(VALUES | {"r": 0}, tmp_path / "run.toml")
    assert not list(tmp_path.iterdir())
