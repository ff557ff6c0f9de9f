"""`tunedeck export` from the command line to the files, over a run that was trained."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from bench import DEADLINE_SECONDS, Bench
from click.testing import CliRunner, Result
from export_runs import adapter_run, logits
from in_process import train_here
from peft import PeftModel
from transformers import AutoModelForCausalLM
from tunedeck.store import exports
from tunedeck.store.records import Run
from tunedeck.tui.cli.group import tunedeck


@pytest.fixture(autouse=True)
def home(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TUNEDECK_HOME", "OMP_NUM_THREADS"):
        monkeypatch.setenv(name, bench.environment[name])
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def run(bench: Bench) -> Run:
    return train_here(bench, bench.queue(name="Capitals?"))


def say(*arguments: str) -> Result:
    return CliRunner().invoke(tunedeck, ["export", *arguments])


def test_a_trained_run_is_exported_and_says_what_it_said(bench: Bench, run: Run, tmp_path: Path) -> None:
    told = say(run.id, "--as", "merged", "--json")
    assert told.exit_code == 0, told.output
    facts = json.loads(told.stdout)
    assert facts["folder"] == str(tmp_path / "Capitals-8-merged") and "reading it back" in told.stderr
    [noted] = exports.of_all(bench.db, run.id)
    assert (noted.words, noted.step) == (f"merged in {facts['folder']}", 8)
    base = AutoModelForCausalLM.from_pretrained(bench.model, dtype=torch.float32)
    tuned = PeftModel.from_pretrained(base, str(bench.home.run(run.id).adapter))
    merged = AutoModelForCausalLM.from_pretrained(facts["folder"])
    torch.testing.assert_close(logits(merged), logits(tuned), atol=1e-5, rtol=0)


def test_a_checkpoint_goes_where_it_is_told_to(run: Run, tmp_path: Path) -> None:
    told = say(run.id, "--step", "4", "--to", "mine")
    assert told.exit_code == 0, told.output
    assert f"Capitals? after 4 updates, as adapter: {tmp_path / 'mine'} (0." in told.stdout
    again = say(run.id, "--step", "4", "--to", "mine")
    assert (again.exit_code, again.stdout) == (2, "")
    assert again.stderr == f"tunedeck: {tmp_path / 'mine'} holds an earlier export. --overwrite replaces it.\n"


def test_a_stopped_export_leaves_nothing(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Bench(tmp_path, bench.model)
    monkeypatch.setenv("TUNEDECK_HOME", str(own.home.root))
    options = ["--as=merged", f"--to={tmp_path / 'mine' / 'out'}", adapter_run(own).id]
    command = [sys.executable, "-P", "-m", "tunedeck.engine", "export", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        assert "progress" in json.loads(engine.stdout.readline())
        assert [path.suffix for path in (tmp_path / "mine").iterdir()] == [".tmp"]
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(timeout=DEADLINE_SECONDS) == 128 + signal.SIGTERM
    assert list((tmp_path / "mine").iterdir()) == []
    own.close()
