"""A real run, launched from the form in a terminal that goes away in the middle of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from bench import Bench
from terminal import Open, Terminal
from tiny_tokenizer import make_tokenizer
from transformers import LlamaConfig, LlamaForCausalLM
from tunedeck.store import runs
from tunedeck.store.config import SECTIONS, knobs
from tunedeck.store.paths import Home

STEPS = 60


@pytest.fixture
def bench(home: Home, tmp_path: Path) -> Iterator[Bench]:
    """A two-layer model of 30,000 weights and 43 rows, on the store of the test."""
    tokenizer = make_tokenizer()
    torch.manual_seed(0)
    size = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **size)).save_pretrained(tmp_path / "tiny")
    tokenizer.save_pretrained(tmp_path / "tiny")
    made = Bench(tmp_path, tmp_path / "tiny")
    assert made.home == home
    yield made
    made.close()


def set_knob(terminal: Terminal, name: str, value: object) -> None:
    """Go down to the knob, and type the value in the place of the one that stands there."""
    rows = [row for section in SECTIONS for row in ("", *(knob.name for knob in knobs() if knob.section == section))]
    terminal.press("g" + "j" * rows.index(name) + "\r")
    # Only cells that change are written, so there is no sentence to wait for.
    terminal.until_still()
    # Textual takes ctrl+u after the letters that come in the same moment.
    terminal.press("\x05\x15")
    terminal.read(0.2)
    terminal.press(f"{value}\r")
    terminal.until_still()


def test_a_run_launched_from_the_form_outlives_its_terminal(bench: Bench, open_app: Open, tmp_path: Path) -> None:
    terminal = open_app(size=(160, 48))
    terminal.until("No runs yet")
    terminal.press("n")
    terminal.until("NEW RUN")
    wanted = {
        "name": "outlives", "data": bench.data, "max_length": 64, "model": bench.model, "max_steps": STEPS,
        "eval_steps": 30, "max_new_tokens": 2, "save_steps": 30,
    }  # fmt: skip
    for name, value in wanted.items():
        set_knob(terminal, name, value)
    terminal.press("L")
    bench.until(lambda: terminal.read(0.1) is not None and bool(runs.listed(bench.db)), "the run is queued", 60)
    [run] = runs.listed(bench.db)
    while bench.steps_and_losses(run)[0][-1:] < [3]:
        assert bench.now(run).state in ("queued", "running"), bench.told(run)
        terminal.read(0.05)
    terminal.close()
    assert terminal.process.wait(2) == 129
    assert bench.now(run).state == "running"
    assert bench.wait_until_ended(run, 60).state == "completed", bench.told(run)
    assert bench.steps_and_losses(run)[0] == list(range(1, STEPS + 1))
    assert bench.steps_and_losses(run, "eval_loss")[0] == [0, 30, 60]
    _export(open_app(size=(160, 48)), tmp_path / "taken")


def _export(terminal: Terminal, folder: Path) -> None:
    """Take the run's weights away from another terminal."""
    terminal.until("outlives")
    terminal.press("e")
    terminal.until("Export the newest weights of outlives")
    terminal.press(f"\t{folder}\r")
    terminal.until("outlives lies in", 120)
    assert (folder / "model.safetensors").is_file() and (folder / "README.md").is_file()
