"""`tunedeck data augment` and `tunedeck data accept`: synthetic rows are made, and become a version."""

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ...store import augment as augmentation
from ...store import database, toml
from ...store.config import RunConfig
from ...store.errors import ConfigError
from ...store.knobs.knob import Knob
from ...store.paths import Home
from ...store.records import Run
from .. import actions
from ..augment import augmenting
from ..data import datasets
from ..follow import follow
from .output import JSON_OPTION, say, say_json
from .run import FOLLOW_OPTION

Command = Callable[..., Any]
# The run that the rows are for is told by its own knobs; their models are of no matter while rows are made.
_DEFAULT_MODEL = "demo:minilm"


def _knob_options(command: Command) -> Command:
    """One option for each knob of an augmentation, drawn from its declaration."""
    for knob in reversed(augmentation.knobs()):
        command = _option(knob)(command)
    return command


def _option(knob: Knob) -> Callable[[Command], Command]:
    about = " ".join(part for part in (knob.help, f"({knob.where})" if knob.where else "") if part)
    default = f"  [default: {knob.default}]" if knob.default != "" else ""
    return click.option(
        f"--{knob.name.replace('_', '-')}",
        knob.name,
        type=click.Choice(knob.choices) if knob.choices else None,
        metavar=None if knob.choices else (knob.unit or knob.kind.__name__).upper(),
        help=about + default,
    )


@click.command("augment")
@click.argument("source")
@click.option("--config", type=click.Path(path_type=Path), help="TOML file of the run that the rows are for.")
@click.option("--task", help="What the rows are for, as the knob of a run says it; found by their shape without it.")
@click.option("--model", help="The model that will be trained on them, for the proof.")
@click.option("--columns", help="Which column plays which role, such as text=review, label=rating.")
@click.option("--eval-data", help="The evaluation rows, of which none is copied.")
@_knob_options
@click.option("--write", metavar="NAME", help="With --follow: write what is kept as a version of that data set.")
@FOLLOW_OPTION
@JSON_OPTION
def augment(
    source: str,
    config: Path | None,
    task: str | None,
    model: str | None,
    columns: str | None,
    eval_data: str | None,
    write: str | None,
    following: bool,
    as_json: bool,
    **knobs: str | None,
) -> None:
    """Make synthetic rows from those of SOURCE, a version such as reviews@v2 or a file; filters judge each of them.

    They lie in the run's folder until they are accepted: tunedeck data accept RUN.
    """
    if write and not following:
        raise ConfigError("--write needs --follow.", "Or accept the rows later: tunedeck data accept RUN.")
    home = Home.default()
    db = database.connect(home)
    checked = augmentation.checked({name: value for name, value in knobs.items() if value is not None})
    data = datasets.meant(db, source)
    if not (task or config):
        task = augmenting.suited(data)
    told = {"data": data, "task": task, "model": model, "columns": columns}
    told["eval_data"] = eval_data and datasets.meant(db, eval_data)
    run_config = _config(config, {name: value for name, value in told.items() if value})
    actions.check(run_config)
    run = augmenting.queue(db, home, run_config, checked)
    say(f"{run.name} is queued as {run.id}; it goes on when you leave.", err=as_json)
    if following:
        sys.exit(_follow(db, home, run, write, as_json))
    if as_json:
        say_json({"run": run.id, "name": run.name, "state": run.state})


def _config(path: Path | None, told: dict[str, str]) -> RunConfig:
    settings = [f"{name}={value}" for name, value in told.items()]
    return toml.load(path, settings) if path else toml.changed({"model": _DEFAULT_MODEL}, settings)


def _follow(db: sqlite3.Connection, home: Home, queued: Run, write: str | None, as_json: bool) -> int:
    try:
        run = follow(db, home, queued.id, lambda text: say(text, err=as_json)).run
    except KeyboardInterrupt:
        say(f"Detached: {queued.id} goes on. `tunedeck show {queued.id}` tells how far it is.", err=True)
        return 130
    version = _accepted(home, run, write) if write and run.state == "completed" else None
    if as_json:
        say_json(_facts(run) | {"version": version})
    return 0 if run.state == "completed" else 1


def _facts(run: Run) -> dict[str, Any]:
    return {"run": run.id, "name": run.name, "state": run.state, "cause": run.cause} | json.loads(run.summary or "{}")


def _accepted(home: Home, run: Run, name: str) -> str:
    """The label of the version that the run's accepted rows make, which is told on stderr."""
    dataset = augmenting.accept(home, run, name, lambda progress: say(progress, err=True))
    say(datasets.told(dataset), err=True)
    return dataset.label


@click.command("accept")
@click.argument("run_id", metavar="RUN")
@click.option("--name", default="", help="The data set it becomes; that of the source without it.")
@JSON_OPTION
def accept(run_id: str, name: str, as_json: bool) -> None:
    """Write the rows that the augmentation RUN has kept, and nobody rejected, as a new version."""
    home = Home.default()
    run = augmenting.find(database.connect(home), run_id)
    dataset = augmenting.accept(home, run, name, lambda progress: say(progress, err=True))
    say_json(datasets.facts(dataset)) if as_json else say(datasets.told(dataset))
