"""`tunedeck sweep`: runs that differ in a few knobs, by a grid, by chance or by Optuna, and their ranking."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import click

from ...store import database, space, states, sweeps, toml
from ...store.paths import Home
from ...store.records import Sweep
from ...store.sweeps import MOST_TRIALS, Trial
from ...store.trials import Plan
from .. import actions
from .output import JSON_OPTION, say, say_json, say_table
from .run import SET_OPTION

_COUNT = click.IntRange(1, MOST_TRIALS)


@click.command()
@click.argument("config", type=click.Path(path_type=Path), required=False)
@click.argument("varied", nargs=-1, metavar="[KNOB=VALUES]...")
@click.option("--grid", multiple=True, metavar="KNOB=A,B", help="Try all combinations; may be given several times.")
@click.option("--random", "by_chance", type=_COUNT, metavar="N", help="Try N combinations by chance.")
@click.option("--optuna", "by_optuna", type=_COUNT, metavar="N", help="Try N, each chosen after the results before.")
@click.option("--metric", default="", help="What ranks them, such as eval_f1_macro; metric_for_best_model without it.")
@click.option("--no-prune", is_flag=True, help="Let hopeless runs go on to their end.")
@SET_OPTION
@click.option("--show", "shown", metavar="SWEEP", help="Rank the runs of a sweep: an id, a name, or last.")
@click.option("--stop", "stopped", metavar="SWEEP", help="End a sweep: no further run of it is made.")
@JSON_OPTION
def sweep(
    config: Path | None,
    varied: tuple[str, ...],
    grid: tuple[str, ...],
    by_chance: int | None,
    by_optuna: int | None,
    metric: str,
    no_prune: bool,
    settings: tuple[str, ...],
    shown: str | None,
    stopped: str | None,
    as_json: bool,
) -> None:
    """Queue runs of CONFIG, a TOML file, that differ in a few knobs.

    \b
    tunedeck sweep run.toml --grid learning_rate=1e-4,3e-4 --grid r=8,32
    tunedeck sweep run.toml --random 12 learning_rate=1e-5..1e-3 lora_dropout=0.0..0.2
    tunedeck sweep run.toml --optuna 20 learning_rate=1e-5..1e-3 r=8,16,32
    tunedeck sweep --show last

    A range is drawn over its logarithms where its end is ten times its beginning or more. A run whose best value is
    worse than the median of at least three others at the same step is stopped.
    """
    if sum(map(bool, (grid, by_chance, by_optuna, shown, stopped))) != 1:
        raise click.UsageError("Say one of --grid, --random N, --optuna N, --show SWEEP and --stop SWEEP.")
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    if reference := shown or stopped:
        _look(db, sweeps.find(db, reference), stop=bool(stopped), as_json=as_json)
        return
    if config is None:
        raise click.UsageError("Name the TOML file whose run is to vary.")
    base = toml.load(config, settings)
    actions.check(base)
    sampler = "grid" if grid else "random" if by_chance else "optuna"
    plan = Plan(space.read(base, [*grid, *varied]), sampler, by_chance or by_optuna or 0, metric, not no_prune)
    _say_queued(db, actions.sweep(db, home, base, plan), as_json)


def _look(db: sqlite3.Connection, found: Sweep, *, stop: bool, as_json: bool) -> None:
    if stop:
        sweeps.stop(db, found)
        found = sweeps.get(db, found.id)
    trials = sweeps.ranked(sweeps.trials(db, found), found.metric)
    if as_json:
        say_json(facts(found, trials))
    else:
        _say_ranking(found, trials)


def _say_queued(db: sqlite3.Connection, made: Sweep, as_json: bool) -> None:
    queued = sweeps.trials(db, made)
    if as_json:
        say_json(facts(made, queued))
        return
    how = f"{len(queued)} runs are queued" if queued else f"{made.trials} runs will be queued, one after the other,"
    say(f"{how} as sweep {made.id}; they go on when you leave. `tunedeck sweep --show {made.id}` ranks them.")


def facts(found: Sweep, trials: Sequence[Trial]) -> dict[str, object]:
    """What a script wants to know of a sweep, its runs as they are ordered."""
    return {
        "sweep": found.id,
        "name": found.name,
        "sampler": found.sampler,
        "seed": found.seed,
        "metric": found.metric,
        "space": json.loads(found.space),
        "ended_at": found.ended_at,
        "summary": found.summary,
        "runs": [
            {
                "run": trial.run.id,
                "name": trial.run.name,
                "state": trial.run.state,
                "pruned": trial.is_pruned,
                "values": trial.values,
                "best": trial.best,
                "best_step": trial.best_step,
            }
            for trial in trials
        ],
    }


def _say_ranking(found: Sweep, trials: Sequence[Trial]) -> None:
    ended = sum(trial.run.state not in ("queued", "running") for trial in trials)
    say(f"{found.name}  (sweep {found.id}, {found.sampler}): {ended} of {found.trials} runs have ended")
    if found.summary:
        say(found.summary)
    fields = list(json.loads(found.space))
    titles = ("run", "state", *fields, found.metric, "step")
    say()
    say_table(titles, [_cells(trial) for trial in trials])


def _cells(trial: Trial) -> tuple[str, ...]:
    state = sweeps.PRUNED if trial.is_pruned else trial.run.state
    values = [sweeps.value_told(value) for value in trial.values.values()]
    best = "-" if trial.best is None else f"{trial.best:.4g}"
    return trial.run.id, state, *values, best, str(trial.best_step or "-")
