"""`tunedeck play`: prompts from options and from pipes, answers as text and as JSON."""

import json
import subprocess
import sys
from pathlib import Path

import every_state
import pytest
from asked import reader
from click.testing import CliRunner
from command import refused, say
from played import CHAT, Script, stand_in, tiny_model, tuned_run
from tunedeck.store import database
from tunedeck.store.paths import Home
from tunedeck.tui.clean import is_clean
from tunedeck.tui.cli.group import tunedeck

__all__ = ["reader", "stand_in"]


def test_each_prompt_is_answered_by_both(stand_in: Script) -> None:
    told = say("play", "tiny", "--prompt", "My router?", "--prompt", "And now?")
    assert told.exit_code == 0, told.output
    answer = f"[tuned router-help@1200]\n{CHAT[2]['text']}\n\n[base demo:smollm2]\nSwitch your router off\n"
    assert told.stdout == f"\n{answer}\n{answer}"
    assert told.stderr.splitlines()[:2] == [
        "loading the stand-in...", "1 model of 137.0 M parameters, 0.27 GB, cpu bf16"
    ]  # fmt: skip
    assert "(31 tokens, 16/s, cut at the length)" in told.stderr


def test_lines_of_a_pipe_are_asked_one_by_one(stand_in: Script) -> None:
    told = CliRunner().invoke(
        tunedeck, ["play", "tiny", "--json", "--temperature", "0.5"], input="One\n\nTwo\\nlines\n"
    )
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert [row["prompt"] for row in rows] == ["One", "Two\nlines"]
    assert (rows[0]["tuned"], rows[0]["temperature"], rows[0]["seed"]) == (CHAT[2]["text"], 0.5, 42)
    assert rows[0]["answers"]["base"]["stopped"] == "length"


def test_a_prompt_that_is_refused_is_told_and_the_next_one_asked(stand_in: Script) -> None:
    stand_in([{"error": "prompt is empty"}])
    told = say("play", "tiny", "--prompt", "a", "--prompt", "b")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.endswith("tunedeck: 'a': prompt is empty.\ntunedeck: 'b': prompt is empty.\n")


def test_settings_out_of_range_load_nothing() -> None:
    assert refused("play", "tiny", "--temperature=-1") == "temperature is '-1.0', expected 0 to 100."
    assert refused("play", "tiny", "--max-new-tokens", "0").startswith("max_new_tokens is '0', expected 1 to 4096")


@pytest.mark.parametrize("kind", every_state.HOSTILE)
def test_hostile_answers_are_printed_without_escapes(stand_in: Script, kind: str) -> None:
    text = every_state.HOSTILE[kind]
    whole = {"done": True, "seconds": 1.0, "tokens": 3, "stopped": "end", "text": text}
    stand_in([{"which": "tuned", "piece": text}, {"which": "tuned", **whole}], name=text, which=["tuned"])
    told = say("play", "tiny", "--prompt", text)
    assert told.exit_code == 0 and is_clean(told.stdout) and is_clean(told.stderr) and "evil" in told.stdout + "evil"


def test_a_tuned_run_is_asked_from_a_shell(home: Home, reader: Path, tmp_path: Path) -> None:
    db = database.connect(home)
    run = tuned_run(db, home, tiny_model(reader, tmp_path / "llama"), tmp_path / "rows.jsonl")
    db.close()
    command = [sys.executable, "-P", "-m", "tunedeck.tui", "play", run.id, "--json", "--max-new-tokens", "4"]
    told = subprocess.run(command, input="Where is Rome?\n", capture_output=True, text=True, check=True)
    row = json.loads(told.stdout)
    assert row["answers"]["tuned"]["tokens"] <= 4 and row["tuned"] != row["base"]
    nobody = subprocess.run([*command[:5], "nobody"], input="", capture_output=True, text=True, check=False)
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert nobody.stderr.splitlines()[-1] == "tunedeck: There is no run 'nobody'. `tunedeck runs` lists them."
