"""What a form makes of its values: a command that a shell takes, an estimate in a line, rows to look at."""

import shlex
from typing import Any

import every_state
import pytest
from tunedeck.store import preset, toml
from tunedeck.store.config import knobs
from tunedeck.tui.cli.run import run as run_verb
from tunedeck.tui.form import estimate, shell
from tunedeck.tui.form.estimate import Estimate
from tunedeck.tui.form.knob_rows import help_of
from tunedeck.tui.form.recall import Recall

DEFAULTS: dict[str, object] = {knob.name: knob.default for knob in knobs()}
HOSTILE = 'it\'s "$HOME" `id` \\ ; rm -rf * \x7f \n\t# é'


@pytest.mark.parametrize("text", [HOSTILE.replace("\x7f", ""), *every_state.HOSTILE.values()])
def test_the_command_is_read_back_as_the_same_run(text: str) -> None:
    values = DEFAULTS | {
        "data": text, "model": "demo:smollm2", "learning_rate": "3e-4", "packing": "true", "hidden_dropout": "0.1",
        "prompts": [text + "\x7f", "b"],
    }  # fmt: skip
    command = shell.command(preset.typed(values), DEFAULTS)
    program, verb, *arguments = shlex.split(command)
    assert (program, verb) == ("tunedeck", "run")
    parsed = run_verb.make_context(verb, arguments).params
    assert parsed["config"] is None
    config = toml.changed({}, parsed["settings"])
    assert preset.typed(values) == preset.typed(config.model_dump())


def test_a_fork_names_its_run_and_only_what_differs() -> None:
    base = DEFAULTS | {"data": "rows.jsonl", "model": "demo:smollm2", "r": 8, "hidden_dropout": 0.1}
    changed = base | {"r": 16, "hidden_dropout": None}
    assert shell.command(changed, base, "bcd23456") == "tunedeck fork bcd23456 --set r=16 --set hidden_dropout="


def answer(**facts: Any) -> Estimate:
    known = {
        "steps": 303, "memory": {"total": 3.1e9}, "total_bytes": 24e9, "fits": True, "seconds": 250, "seconds_low": 180,
        "seconds_high": 300, "like": 3, "notes": [],
    }  # fmt: skip
    return Estimate.read(known | facts)


def test_batch_and_steps_follow_at_once_and_the_rest_is_estimated() -> None:
    values = DEFAULTS | {"per_device_train_batch_size": "4", "gradient_accumulation_steps": 4, "max_steps": "50"}
    assert estimate.shape(values, None, waits=True) == "effective batch 16 (4 x 4)   50 steps   estimating..."
    assert estimate.shape(DEFAULTS, answer()) == "effective batch 8 (8 x 1)   303 steps"
    assert estimate.needs(answer()) == "memory ~3.1 GB of 24.0 GB   time ~4m10s, 3m00s to 5m00s by 3 runs like it"


def test_80_columns_hold_what_is_estimated() -> None:
    most = answer(
        memory={"total": 99.9e9}, total_bytes=99.9e9, fits=False, like=10, seconds=86_399, seconds_low=3601,
        seconds_high=259_200,
    )  # fmt: skip
    values = DEFAULTS | {"per_device_train_batch_size": 256, "gradient_accumulation_steps": 256, "max_steps": 10**6}
    assert len(f" NEW RUN   {estimate.shape(values, most, waits=True)} ") <= 80
    assert len(f" {estimate.needs(answer(like=10, seconds=86_399, seconds_low=3601, seconds_high=259_200))} ") <= 80
    assert len(f" {estimate.needs(most)} ") <= 88


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"fits": False}, "of 24.0 GB: too much"),
        ({"like": 0}, "time ~4m10s, 3m00s to 5m00s roughly"),
        ({"memory": {"total": 4.5e8}, "total_bytes": None}, "memory ~450 MB   time"),
        ({"memory": None}, "time ~4m10s"),
        ({"seconds_low": None}, "time ~4m10s"),
    ],
)
def test_what_is_not_known_is_left_out(facts: dict[str, Any], told: str) -> None:
    assert told in estimate.needs(answer(**facts))
    assert estimate.needs(answer(seconds=None, memory=None)) == ""
    assert estimate.shape(DEFAULTS, answer(steps=None)) == "effective batch 8 (8 x 1)"


def test_a_batch_that_is_no_number_is_not_reckoned_with() -> None:
    assert estimate.shape(DEFAULTS | {"per_device_train_batch_size": "-1"}, None) == ""
    assert estimate.needs(None, "why") == "no estimate: why"


def test_earlier_values_are_gone_through_and_left_for_what_was_typed() -> None:
    recall = Recall(["new", "old"])
    assert [recall.step(by, "typed") for by in (1, 1, 1, -1, -1, -1)] == ["new", "old", "old", "new", "typed", "typed"]


def test_help_says_what_a_knob_costs() -> None:
    told = {knob.name: help_of(knob) for knob in knobs() if knob.costs}
    assert len(told) > 25 and all(knob.costs.endswith(".") for knob in knobs() if knob.costs)
    assert "Activations grow with it" in told["per_device_train_batch_size"]
