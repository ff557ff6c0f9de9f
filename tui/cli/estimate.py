"""`tunedeck estimate`: what the run of a TOML file will need, before it is started."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from ...store import toml
from ..engine_process import ask
from ..words import counted, duration, size
from .output import JSON_OPTION, say, say_json
from .run import SET_OPTION

_KINDS = {
    "weights": "weights", "gradients": "gradients", "optimizer": "optimizer", "activations": "activations",
    "framework": "libraries",
}  # fmt: skip


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@SET_OPTION
@JSON_OPTION
def estimate(config: Path, settings: tuple[str, ...], as_json: bool) -> None:
    """Say what the run of CONFIG, a TOML file, will need: updates, memory, time.

    Nothing is queued, fetched or loaded. Time is told by earlier runs on this machine, memory by the model's shape, or
    by a run that was like it.
    """
    facts: dict[str, Any] = next(ask("estimate", [toml.load(config, settings).model_dump_json()]))
    if as_json:
        say_json(facts)
        return
    for name, told in lines(facts):
        say(f"{name:8}  {told}")
    for note in facts["notes"]:
        say(note)


def lines(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The estimate of the engine as a table: what, and how much."""
    return [
        ("rows", _rows(facts)),
        ("updates", _updates(facts)),
        ("weights", _weights(facts)),
        ("memory", _memory(facts)),
        ("fits", _fits(facts)),
        ("time", _time(facts)),
    ]


def _rows(facts: Mapping[str, Any]) -> str:
    if facts["rows"] is None:
        return "not known"
    length = f", {counted(facts['tokens_per_row'], 'token')} in the median" if facts["tokens_per_row"] else ""
    return f"{counted(facts['rows'], 'row')}, {facts['train_rows'] or 0:,} to train on{length}"


def _updates(facts: Mapping[str, Any]) -> str:
    steps = "not known" if facts["steps"] is None else f"{facts['steps']:,}"
    return f"{steps} of {counted(facts['effective_batch'], 'row')} each"


def _weights(facts: Mapping[str, Any]) -> str:
    total, trained = facts["parameters"], facts["trained_parameters"]
    return f"{trained:,} of {total:,} are trained ({trained / total:.1%})" if total else "not known"


def _memory(facts: Mapping[str, Any]) -> str:
    memory = facts["memory"]
    if memory is None:
        return "not known"
    parts = ", ".join(f"{word} {size(memory[kind])}" for kind, word in _KINDS.items() if kind in memory)
    return f"about {size(memory['total'])}: {parts}"


def _fits(facts: Mapping[str, Any]) -> str:
    here = f"{size(facts['free_bytes'])} of {size(facts['total_bytes'])} are free on {facts['device']}"
    return f"{ {True: 'yes', False: 'no', None: 'not known'}[facts['fits']] }; {here}"


def _time(facts: Mapping[str, Any]) -> str:
    if facts["seconds"] is None:
        return "not known"
    told, low, high = (duration(facts[name]) for name in ("seconds", "seconds_low", "seconds_high"))
    like = f"by {counted(facts['like'], 'run')} like it" if facts["like"] else "by other runs"
    return f"about {told}, {low} to {high}: {facts['tokens_per_second']:,.0f} tokens a second, {like}"
