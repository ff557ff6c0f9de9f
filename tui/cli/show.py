"""`tunedeck show`: one run in full."""

import json
import sqlite3

import click

from ...store import checkpoints, database, events, overview, runs, samples, states, toml
from ...store.config import RunConfig
from ...store.overview import Overview
from ...store.paths import Home
from ..words import duration, figure, perplexity
from .output import JSON_OPTION, moment, say, say_json


@click.command()
@click.argument("run")
@JSON_OPTION
@click.option("--toml", "as_toml", is_flag=True, help="Print its configuration as TOML, to run it again.")
def show(run: str, as_json: bool, as_toml: bool) -> None:
    """Show RUN: an id, the start of one, a number, a name, or `last`."""
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    view = overview.of_run(db, runs.find(db, run))
    folder = home.run(view.run.id)
    if as_toml:
        say(toml.dump(RunConfig.model_validate_json(view.run.config)).rstrip())
    elif as_json:
        told = [sample.__dict__ for sample in samples.of_run(db, view.run.id)]
        said = [event.__dict__ for event in events.of_run(db, view.run.id)]
        say_json(overview.facts(db, view) | {"folder": str(folder.root), "samples": told, "events": said})
    else:
        _say_facts(view)
        say(f"checkpoints   {_checkpoints(db, view.run.id)}")
        say(f"folder        {folder.root}")
        say("\nevents")
        for event in events.of_run(db, view.run.id):
            say(f"  {moment(event.at)}  {event.text}")


def _say_facts(view: Overview) -> None:
    run = view.run
    cause = f": {run.cause}" if run.cause else f", {view.phase}" if view.phase else ""
    left = f", {duration(view.seconds_left)} left" if view.seconds_left is not None else ""
    say(f"{run.name}  (number {run.number}, id {run.id})")
    say(f"state         {run.state}{cause}")
    say(f"step          {view.step}/{view.total_steps or '?'}{left}")
    for name, loss in (("base", view.base_eval_loss), ("newest", view.eval_loss), ("best", view.best_eval_loss)):
        say(f"{name + ' eval':<13} loss {figure(loss)}, perplexity {figure(perplexity(loss), 1)}")
    config = json.loads(run.config)
    say(f"model, data   {config['model']}, {config['data']}")
    if run.summary and (adapter := json.loads(run.summary).get("adapter")):
        say(f"adapter       {adapter}")


def _checkpoints(db: sqlite3.Connection, run_id: str) -> str:
    kept = checkpoints.of_run(db, run_id)
    return ", ".join(f"{saved.step}{' (best)' if saved.best else ''}" for saved in reversed(kept)) or "none"
