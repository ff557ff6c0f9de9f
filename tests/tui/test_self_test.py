"""`tunedeck doctor --self-test`: what gets through would be seen, what is lost is told, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tunedeck.tui import self_test
from tunedeck.tui.cli.self_test import tell
from tunedeck.tui.self_test import Trial

FAULTS = [
    "escape codes in data", "malformed file of rows", "killed in mid-save", "disk full while it trains",
    "store locked while it trains", "killed at a random moment", "checkpoint damaged before a resume",
    "update of a run that was harmed", "damaged store", "planted token",
]  # fmt: skip


def test_no_payload_gets_through_by_any_way() -> None:
    trial = self_test.escapes()
    assert trial.tried > 200 and trial.losses == []


def test_what_got_through_would_be_seen() -> None:
    losses = self_test.escapes([str]).losses
    assert "'\\x1b[2J' by str" in losses and "'a\\u202eb' by str" in losses and len(losses) > 70


def test_a_loss_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    lost = Trial("damaged store", 6, 1, ["where it is \x1b[2Jempty: it was opened"])
    assert not tell([Trial("planted token", 3, 0), lost], as_json=False)
    told = capsys.readouterr().out
    assert told.splitlines()[2].split() == ["planted", "token", "3", "0"]
    assert "  lost: where it is [2Jempty: it was opened\n" in told and told.endswith(f"{self_test.ADVICE}\n")
    assert not tell([lost], as_json=True)
    facts = json.loads(capsys.readouterr().out)
    assert not facts["well"] and facts["trials"][0]["lost"] == 1


@pytest.mark.slow
def test_every_kind_of_fault_is_injected_and_nothing_is_lost(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tunedeck.tui", "doctor", "--self-test", "--json"],
        env=os.environ | {"TMPDIR": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    facts = json.loads(done.stdout)
    assert done.returncode == 0 and facts["well"], facts
    assert [trial["fault"] for trial in facts["trials"]] == FAULTS
    assert all(trial["tried"] > 0 for trial in facts["trials"]) and list(tmp_path.glob("tunedeck-self-test-*")) == []


# Whoever starts tests in the background has them ignore SIGINT, and what they start, too.
HEAR = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def test_ctrl_c_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    tunedeck = [sys.executable, "-P", "-m", "tunedeck.tui", "doctor", "--self-test"]
    command = [sys.executable, "-c", HEAR, *tunedeck]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True) as told:
        assert told.stdout is not None
        while "killed in mid-save" not in told.stdout.readline():
            assert told.poll() is None
        os.killpg(told.pid, signal.SIGINT)
        assert told.wait(10) == 1
    deadline = time.monotonic() + 10
    while list(tmp_path.glob("tunedeck-self-test-*")) or _alive(tmp_path):
        assert time.monotonic() < deadline, _alive(tmp_path)
        time.sleep(0.1)


def _alive(folder: Path) -> list[str]:
    """The processes that were told of the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes()
        except OSError:
            continue  # it has just ended
        if str(folder).encode() in told and process.name != str(os.getpid()):
            found.append((process / "cmdline").read_text().replace("\0", " "))
    return found
