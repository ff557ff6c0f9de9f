"""The runs of a sweep: each a configuration of its own, frozen and queued like any other."""

import importlib.util
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from . import launch, runs, space, sweeps
from .config import RunConfig, checked
from .database import transaction
from .errors import ConfigError
from .paths import Home
from .records import Run, Sweep
from .runs import NewRun
from .space import Space, Values

Sampler = Literal["grid", "random", "optuna"]


@dataclass(frozen=True)
class Plan:
    """What a sweep varies and how: `trials` are for random and optuna, a metric without a name is the configuration's
    metric_for_best_model."""

    space: Space
    sampler: Sampler
    trials: int = 0
    metric: str = ""
    prune: bool = True


def start(db: sqlite3.Connection, home: Home, config: RunConfig, plan: Plan) -> tuple[Sweep, list[Run]]:
    """Make a sweep around the configuration and queue its runs, all or none; those of optuna come one by one.

    Raises:
        ConfigError: a run of it can't be, they are too many, or optuna is not installed.
    """
    combinations = _combinations(config, plan)
    base = launch.prepared(db, home, config)
    base_config = RunConfig.model_validate_json(base["config"])
    new = [_new(db, home, base_config, base["name"], values) for values in combinations]
    with transaction(db, durable=True):
        sweep = sweeps.insert(
            db,
            name=base["name"],
            config=base["config"],
            space=space.dumped(plan.space),
            sampler=plan.sampler,
            seed=config.seed,
            metric=_metric(config, plan),
            trials=len(combinations) or plan.trials,
            prune=plan.prune,
        )
        queued = [runs.insert(db, home, {**one, "sweep_id": sweep.id}) for one in new]
    for run in queued:
        runs.describe(home, run)
    return sweep, queued


def _combinations(config: RunConfig, plan: Plan) -> list[Values]:
    if plan.sampler == "grid":
        return space.grid(plan.space)
    if plan.sampler == "random":
        return space.drawn(plan.space, plan.trials, config.seed)
    space.check_count(plan.trials)
    if importlib.util.find_spec("optuna") is None:
        raise no_optuna()
    return []


def no_optuna() -> ConfigError:
    return ConfigError(
        "optuna is not installed.", "Install it with pip install 'optuna>=4.5,<6', or draw by chance with --random."
    )


def _metric(config: RunConfig, plan: Plan) -> str:
    name = plan.metric or config.metric_for_best_model or "loss"
    return f"eval_{name.removeprefix('eval_')}"


def _new(db: sqlite3.Connection, home: Home, base: RunConfig, name: str, values: Mapping[str, object]) -> NewRun:
    label = f"{name} {sweeps.told(values)}"
    return launch.prepared(db, home, checked(base.model_dump() | dict(values) | {"name": label}))


def queue_next(db: sqlite3.Connection, home: Home, sweep: Sweep, values: Mapping[str, object]) -> Run | None:
    """Queue one more run of the sweep; None where another process has just done so."""
    new = _new(db, home, RunConfig.model_validate_json(sweep.config), sweep.name, values)
    with transaction(db, durable=True):
        if sweep.id not in (waiting.id for waiting in sweeps.due(db)) or not sweeps.wants_another(db, sweep):
            return None
        run = runs.insert(db, home, {**new, "sweep_id": sweep.id})
    runs.describe(home, run)
    return run
