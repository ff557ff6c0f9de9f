"""`tunedeck estimate`: what the run of a TOML file will need, before it is started."""

from pathlib import Path
from typing import Any

import click

from ...store import toml
from ..engine_process import ask
from ..estimating import lines
from .output import JSON_OPTION, say, say_json
from .run import SET_OPTION


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
