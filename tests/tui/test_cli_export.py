"""What `tunedeck export` refuses, in one sentence and within a second: no weights are read for that."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from tunedeck.store import attempts, checkpoints, runs
from tunedeck.store.config import checked
from tunedeck.store.errors import ConfigError
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui import actions
from tunedeck.tui.cli.group import tunedeck


@pytest.fixture
def run(db: sqlite3.Connection, home: Home) -> Run:
    """A run that was stopped after a checkpoint that holds no more than an adapter's names."""
    values = checked({"data": "demo:chat", "model": "demo:smollm2", "name": "first"})
    made = runs.queue(db, home, name="first", config=values.model_dump_json(), versions={}, fingerprint="demo:chat")
    runs.claim(db)
    folder = home.run(made.id).checkpoints / checkpoints.folder_name(3)
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text("{}")
    manifest_hash, size_bytes = checkpoints.write_manifest(folder)
    checkpoints.begin(db, made.id, attempts.start(db, made.id).id, 3)
    checkpoints.complete(db, made.id, 3, manifest_hash, size_bytes, None, None)
    runs.finish(db, made.id, "stopped")
    return made


def refused(*arguments: str) -> str:
    told = CliRunner().invoke(tunedeck, ["export", *arguments])
    assert (told.exit_code, told.stdout) == (2, ""), told.output
    assert told.stderr.count("\n") == 1
    return told.stderr.removeprefix("tunedeck: ").rstrip()


def test_a_run_or_step_that_is_not_there_is_named(run: Run) -> None:
    assert refused("nothing") == "There is no run 'nothing'. `tunedeck runs` lists them."
    assert refused("first", "--step", "7") == "first has no whole checkpoint 7. It has 3."
    assert refused("first", "--step=-x") == "first has no whole checkpoint -x. It has 3."


def test_a_folder_with_something_in_it_is_refused(run: Run, tmp_path: Path, home: Home) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("")
    assert refused("first", "--to", str(tmp_path / "mine"), "--overwrite").startswith(f"{tmp_path}/mine is not empty.")
    assert "lies in Tunedeck's own folder" in refused("first", "--to", str(home.root / "runs" / "x"))


def test_a_form_that_can_not_be_had_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LLAMA_CPP_DIR", str(tmp_path))
    assert refused("first", "--as", "gguf").startswith(f"{tmp_path} holds no convert_hf_to_gguf.py.")
    assert refused("first", "--dtype", "float16").startswith("--dtype is for merged weights")
    with pytest.raises(ConfigError, match="is not empty") as error:
        next(actions.ask_export(run.id, {"to": str(tmp_path)}))
    assert error.value.next_step


def test_help_names_the_kinds() -> None:
    told = CliRunner().invoke(tunedeck, ["export", "--help"]).stdout
    assert "[adapter|merged|gguf|ollama]" in told and "--llama-cpp" in told
