"""Files that came to harm or were made to: refused in a sentence, and a planted secret is found wherever it lies."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from tally import Tally
from tunedeck.engine.faults import harms, malformed, planted
from tunedeck.engine.faults.lab import Lab
from tunedeck.engine.faults.tiny import Tiny
from tunedeck.store import database, runs
from tunedeck.store.config import checked
from tunedeck.store.paths import Home


@pytest.mark.parametrize("name", malformed.FILES)
def test_no_run_would_start_on_a_malformed_file(name: str, tmp_path: Path, tiny_parts: Tiny, tally: Tally) -> None:
    config = checked({"data": str(tiny_parts.data), "model": str(tiny_parts.model)})
    tally.add(malformed.harm(tmp_path, name, config))


@pytest.mark.slow
@pytest.mark.parametrize("name", malformed.FILES)
def test_the_command_line_refuses_a_malformed_file_in_one_sentence(
    name: str, tmp_path: Path, tiny_parts: Tiny, home: Home
) -> None:
    (tmp_path / name).write_bytes(malformed.FILES[name])
    config = tmp_path / "run.toml"
    config.write_text(f'data = "{tmp_path / name}"\nmodel = "{tiny_parts.model}"\n')
    command = [sys.executable, "-P", "-m", "tunedeck.tui", "run", str(config)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (2, "", 1), told.stderr
    assert told.stderr.startswith("tunedeck: ") and "\x1b" not in told.stderr
    db = database.connect(home)
    assert runs.listed(db) == []
    db.close()


def test_a_good_file_is_told_from_a_malformed_one(tmp_path: Path, tiny_parts: Tiny) -> None:
    config = checked({"data": str(tiny_parts.data), "model": str(tiny_parts.model)})
    assert malformed.refusal(tiny_parts.data, config) == ""
    assert malformed.refusal(tmp_path / "none.jsonl", config).endswith("none.jsonl does not exist.")


def test_a_damaged_store_is_refused_and_never_written_over(lab: Lab, tmp_path: Path, tally: Tally) -> None:
    lab.queue(name="one")
    lab.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = lab.home.store.read_bytes()
    for what, content in harms.stores(whole):
        tally.add([f"{what}: {lost}" for lost in harms.opened(Home(tmp_path / "harmed"), content)])
    assert harms.opened(Home(tmp_path / "whole"), whole) == ["it was opened as if it were whole"]


@pytest.mark.parametrize("form", ["plain", "base64", "across two parts"])
def test_a_planted_secret_is_found(form: str, tmp_path: Path) -> None:
    secret = b"planted_secret_1"
    text = base64.b64encode(secret) if form == "base64" else secret
    before = b"x" * (2**20 - 5 if form == "across two parts" else 7)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(before + text + b"y")
    (tmp_path / "clean").write_bytes(b"nothing")
    found = dict(planted.in_files(tmp_path, [secret.decode()]))
    assert found == {
        tmp_path / "clean": [],
        tmp_path / "deep" / "file": [f"{tmp_path}/deep/file holds a planted secret"],
    }


def test_a_secret_of_a_process_is_found_in_its_arguments_and_its_environment() -> None:
    command, environment = ["sh", "-c", "echo; read line # 60"], {"HF_TOKEN": "hf_secret", "OTHER": "a hf_secret"}
    environment["PATH"] = "/usr/bin:/bin"
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        # Its environment can be read only once it has taken the place of ours.
        assert process.stdout is not None and process.stdout.readline() == b"\n"
        assert planted.in_process(process.pid, ["hf_secret"], allowed=["HF_TOKEN"]) == [
            "the variable OTHER of a process holds a planted secret"
        ]
        assert planted.in_process(process.pid, ["60"], allowed=["HF_TOKEN"])[0].startswith("the command line")
        process.kill()
