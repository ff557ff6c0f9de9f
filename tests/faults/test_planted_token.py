"""A token planted in the environment is found nowhere: not in store, logs, exports, arguments, answers or defects."""

import os
import secrets
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tally import Tally
from tunedeck.engine.faults import planted
from tunedeck.engine.faults.lab import KNOBS, Lab
from tunedeck.engine.faults.tiny import Tiny
from tunedeck.store import runs, toml
from tunedeck.store.config import checked
from tunedeck.store.paths import Home

NONCE = secrets.token_hex(16)
ALLOWED = ("HF_TOKEN",)


@pytest.fixture
def environment(home: Home) -> dict[str, str]:
    """The user's: a token for the hub, another for something else, and a hub that is down."""
    down = {"HF_ENDPOINT": "http://127.0.0.1:9", "TUNEDECK_RUNNER_IDLE_SECONDS": "1", "OMP_NUM_THREADS": "1"}
    return os.environ | {"HF_TOKEN": f"hf_{NONCE}", "WANDB_API_KEY": f"key_{NONCE}"} | down


def tunedeck(environment: dict[str, str], *arguments: str) -> str:
    """Everything that the command says."""
    command = [sys.executable, "-P", "-m", "tunedeck.tui", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    return done.stdout + done.stderr


@pytest.mark.slow
def test_a_planted_token_is_found_nowhere(
    tmp_path: Path, tiny_parts: Tiny, environment: dict[str, str], tally: Tally
) -> None:
    values = KNOBS | {"data": str(tiny_parts.data), "model": str(tiny_parts.model), "max_steps": 100_000}
    config, said = tmp_path / "run.toml", list[str]()
    config.write_text(toml.dump(checked(values)), encoding="utf-8")
    said.append(tunedeck(environment, "run", str(config), "--set", "name=planted"))
    with closing(Lab(tmp_path, tiny_parts)) as lab:
        [run] = runs.listed(lab.db)
        lab.until(lambda: lab.reached(run) > 3, "the run trains")
        for pid in (lab.engine_pid(run), int(lab.home.runner_lock.read_text())):
            tally.add(planted.in_process(pid, [NONCE], allowed=ALLOWED))
        said.append(tunedeck(environment, "stop", "planted"))
        lab.wait_until_ended(run)
        # A model that only the hub could give: the refusal goes to the store, and to the log.
        said.append(tunedeck(environment, "run", str(config), "--set", "model=me/gated", "--set", "name=gated"))
        gated = runs.listed(lab.db)[-1] if len(runs.listed(lab.db)) > 1 else run
        lab.wait_until_ended(gated)
        for verb in (
            ["show", "planted", "--json"],
            ["show", "gated"],
            ["doctor", "--json"],
            ["paths"],
            ["run", "none"],
        ):
            said.append(tunedeck(environment, *verb))
        said.append(tunedeck(environment, "export", "planted", "--to", str(tmp_path / "taken")))
        said.append(tunedeck(environment, "models", "--search", "x"))
    assert (tmp_path / "taken").is_dir() and "can't be" in " ".join(said)
    tally.add([text for text in said if NONCE in text])
    for _, found in planted.in_files(tmp_path, [NONCE]):
        tally.add(found)
