"""`tunedeck show`: one run in full."""

import json
import sqlite3

import click

from ...store import checkpoints, database, events, overview, runs, samples, scores, states, sweeps, toml
from ...store.config import RunConfig
from ...store.overview import Overview
from ...store.paths import Home
from ...store.records import Run
from ...store.scores import Score
from .. import predictions
from ..clean import clean_line
from ..last_words import last_words
from ..outcome import telling
from ..words import duration, figure, perplexity
from .output import JSON_OPTION, moment, say, say_json, say_table


@click.command()
@click.argument("run")
@JSON_OPTION
@click.option("--toml", "as_toml", is_flag=True, help="Print its configuration as TOML, to run it again.")
@click.option("--scores", "only_scores", is_flag=True, help="Print its metrics, and how each class or entity is found.")
def show(run: str, as_json: bool, as_toml: bool, only_scores: bool) -> None:
    """Show RUN: an id, the start of one, a number, a name, or `last`."""
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    view = overview.of_run(db, runs.find(db, run))
    folder = home.run(view.run.id)
    if as_toml:
        say(toml.dump(RunConfig.model_validate_json(view.run.config)).rstrip())
    elif only_scores:
        _say_outcome(db, home, view.run, as_json=as_json)
    elif as_json:
        told = [sample.__dict__ for sample in samples.of_run(db, view.run.id)]
        said = [event.__dict__ for event in events.of_run(db, view.run.id)]
        files = [str(path) for path in predictions.files(folder)]
        more = {"folder": str(folder.root), "predictions": files, "samples": told, "events": said}
        say_json(overview.facts(db, view) | more)
    else:
        _say_facts(db, view)
        say(f"checkpoints   {_checkpoints(db, view.run.id)}")
        say(f"folder        {folder.root}")
        _say_scores(scores.of_run(db, view.run.id))
        say("\nevents")
        for event in events.of_run(db, view.run.id):
            say(f"  {moment(event.at)}  {event.text}")
        _say_last_words(last_words(home, view.run))


def _say_outcome(db: sqlite3.Connection, home: Home, run: Run, *, as_json: bool) -> None:
    if as_json:
        say_json(telling.facts(db, home, run))
    else:
        say(telling.of_run(db, home, run) or f"{run.name} has not been evaluated yet.")


def _say_last_words(lines: list[str]) -> None:
    if lines:
        say("\nthe last lines of its log")
        for line in lines:
            say(f"  {clean_line(line)}")


def _say_facts(db: sqlite3.Connection, view: Overview) -> None:
    run = view.run
    cause = f": {run.cause}" if run.cause else f", {view.phase}" if view.phase else ""
    left = f", {duration(view.seconds_left)} left" if view.seconds_left is not None else ""
    say(f"{run.name}  (number {run.number}, id {run.id})")
    say(f"state         {run.state}{cause}")
    say(f"step          {view.step}/{view.total_steps or '?'}{left}")
    config = json.loads(run.config)
    say(f"model, data   {config['model']}, {config['data']}")
    if origin := overview.starts_from(db, run):
        say(f"kind          {run.kind} from {origin}")
    elif run.kind != "new":
        say(f"kind          {run.kind}")
    if run.forked_from:
        say(f"set up like   {runs.get(db, run.forked_from).name}")
    if view.tags:
        say(f"tags          {' '.join(view.tags)}")
    if run.sweep_id:
        say(f"sweep         {_place_in_sweep(db, run)}")
    if sentence := overview.gain(run):
        say(f"gain          {sentence}")
    if run.summary and (adapter := json.loads(run.summary).get("adapter")):
        say(f"adapter       {adapter}")


def _place_in_sweep(db: sqlite3.Connection, run: Run) -> str:
    """Which sweep the run belongs to, its values of what varies, and its rank where it has a value."""
    sweep = sweeps.get(db, str(run.sweep_id))
    ranked = sweeps.ranked(sweeps.trials(db, sweep), sweep.metric)
    rank, trial = next((rank, trial) for rank, trial in enumerate(ranked, start=1) if trial.run.id == run.id)
    told = f"{sweep.name} ({sweep.id}): {sweeps.told(trial.values)}"
    return told if trial.best is None else f"{told}, {rank} of {len(ranked)} by {sweep.metric} {trial.best:.4g}"


def _say_scores(found: list[Score]) -> None:
    if not found:
        return
    say()
    rows = [telling.score_cells(score) for score in found]
    # Of text only: of a class or a span exp(loss) means nothing.
    if any(score.name == "eval_token_accuracy" for score in found):
        rows += [_perplexity_cells(score) for score in found if score.name == scores.LOSS]
    say_table(("score", "base", "newest", "best"), rows)


def _perplexity_cells(score: Score) -> tuple[str, ...]:
    told = (perplexity(loss) for loss in (score.base, score.newest if score.step else None, score.best))
    return "perplexity", *(figure(value, 1) for value in told)


def _checkpoints(db: sqlite3.Connection, run_id: str) -> str:
    kept = checkpoints.of_run(db, run_id)
    return ", ".join(f"{saved.step}{' (best)' if saved.best else ''}" for saved in reversed(kept)) or "none"
