"""`tunedeck system`: the facts of the machine, once or every second."""

import json
import os
import subprocess
import sys

from command import say
from tunedeck.store.paths import Home


def test_it_prints_what_the_screen_shows(seeded: Home) -> None:
    told = say("system")
    assert told.exit_code == 0
    for text in ("DEVICES", "processor", "GB free = ", "checkpoint", "TUNEDECK TAKES", "● learns", "◌ waits"):
        assert text in told.stdout


def test_its_facts_are_json(seeded: Home) -> None:
    facts = json.loads(say("system", "--json").stdout)
    assert [run["name"] for run in facts["queue"]] == ["waits"]
    assert {run["name"]: run["step"] for run in facts["running"]} == {"is stopping": 30, "learns": 120}
    assert facts["disk"]["checkpoint_bytes"] == 58_982_400
    assert facts["taken"]["runs"] > 0 and facts["runner"] == {"works": True, "pid": None}


def test_watched_it_prints_a_line_a_second(seeded: Home) -> None:
    command = [sys.executable, "-m", "tunedeck.tui", "system", "--watch", "--json"]
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        process.terminate()
    assert all(json.loads(line)["queued"] == 1 for line in lines)
