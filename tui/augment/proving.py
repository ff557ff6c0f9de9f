"""Proofs of synthetic rows, the same for the app's keys and the command line: queued, looked after, and judged."""

import json
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...store import runs
from ...store.datasets import Dataset
from ...store.errors import ConfigError, DataError, UserError
from ...store.paths import Home, RunFolder
from ...store.records import Run, Sweep
from .. import predictions
from ..engine_process import ask, start_runner

if TYPE_CHECKING:
    from ...store.config import RunConfig
    from ...store.proof import Sides, Verdict

# What people think of first, of all that the predictions of a task tell.
_HEADLINES = ("f1_macro", "f1", "chrf_mean", "mean_squared_error", "accuracy", "loss")


def prove(db: sqlite3.Connection, home: Home, config: "RunConfig", data: "Sides", seeds: Sequence[int]) -> Sweep:
    """Have the engine look at both sets, queue both sides, and have the queue worked; blocks for some seconds.

    Raises:
        UserError: they can't be run, or would not be scored on the same rows; then nothing is queued.
    """
    from ...store import proof

    proof.check(config, data)
    rows = min(_rows(config.model_copy(update={"data": side})) for side in data)
    sweep, _ = proof.start(db, home, config, data, rows, seeds)
    start_runner(home)
    return sweep


def _rows(config: "RunConfig") -> int:
    """How many rows of its data a run would train. Raises UserError where they can't be read."""
    from ...store import launch

    launch.check_files(config)
    counts = [answer["rows"] for answer in ask("check", [config.model_dump_json()]) if "data" in answer]
    if not counts:
        raise ConfigError(
            f"{config.data} has to be fetched first.", "tunedeck demo fetches the demo parts.", field="data"
        )
    return int(str(counts[0]))


def like(db: sqlite3.Connection, data: "Sides") -> Run:
    """The newest run on the set without synthetic rows, whose knobs a proof may take. Raises ConfigError for none."""
    found = _trained_on(db, data.without)
    if found is None:
        raise ConfigError(
            f"No run has trained on {data.without} yet, whose knobs could be taken.",
            "Say --like a run or a TOML file.",
            field="like",
        )
    return found


def _trained_on(db: sqlite3.Connection, data: str) -> Run | None:
    kinds = ("new", "transfer", "fork")
    found = (run for run in runs.listed(db) if run.kind in kinds and json.loads(run.config)["data"] == data)
    return next(found, None)


def prove_version(db: sqlite3.Connection, home: Home, made_by: Run, version: Dataset) -> str:
    """Queue the proof of the version that an augmentation was written to, with the run's own seed; what came of it.

    The knobs are those of the newest run on the rows without it; where there is none, those the augmentation was about.

    Raises:
        UserError: as `prove`.
    """
    from ...store import proof
    from ...store.config import checked

    data = proof.sides(db, version.reference)
    about = json.loads(made_by.config)
    trained = _trained_on(db, data.without)
    knobs = json.loads(trained.config) if trained else about
    eval_data = about["eval_data"] or knobs["eval_data"]
    config = checked(knobs | {"data": data.without, "eval_data": eval_data, "name": ""})
    made = prove(db, home, config, data, [config.seed])
    return f"{made.trials} runs are queued as proof {made.id}: the verdict will stand here."


def verdict(db: sqlite3.Connection, home: Home, sweep: Sweep) -> "Verdict":
    """What the rows held out say, at the last step of both sides; it is kept with the proof.

    Raises:
        StateError: a run has not completed. DataError: the two were not scored on the same rows.
    """
    from ...store import proof

    whole = proof.completed(proof.pairs(db, sweep))
    found = _judged(tuple((home.run(without.id), home.run(augmented.id)) for _, without, augmented in whole))
    if found.sentence != sweep.summary:
        proof.record(db, sweep, found.sentence)
    return found


def state(db: sqlite3.Connection, home: Home, augmented: str) -> str:
    """What is known of the newest proof of a version, in a line; empty where there is none."""
    from ...store import proof

    sweep = proof.of_data(db, augmented)
    if sweep is None:
        return ""
    try:
        return f"Proof {sweep.id}: {verdict(db, home, sweep).sentence}"
    except UserError as error:
        return f"Proof {sweep.id}: {error}"


# The screen asks as often as the store changes, and what has completed stays as it is.
@lru_cache(8)
def _judged(folders: tuple[tuple[RunFolder, RunFolder], ...]) -> "Verdict":
    from ...store import proof
    from ..comparing import measures

    evaluated = [(_newest(without), _newest(augmented)) for without, augmented in folders]
    _check_same([rows for both in evaluated for rows in both])
    found = [(measures.metrics(without), measures.metrics(augmented)) for without, augmented in evaluated]
    common = set.intersection(*(set(metrics) for both in found for metrics in both))
    name = next(name for name in _HEADLINES if name in common)
    return proof.judged(name, [(without[name], augmented[name]) for without, augmented in found], len(evaluated[0][0]))


def _newest(folder: RunFolder) -> list[dict[str, Any]]:
    """The predictions at the run's last evaluation, in the order of the rows' lines."""
    steps = predictions.steps(folder)
    if not steps:
        raise DataError(f"{folder.predictions} has no predictions.", "Queue the proof again.")
    return sorted(predictions.rows(predictions.of_step(folder, steps[-1])), key=lambda row: row["row"])


def _check_same(evaluated: Sequence[Sequence[dict[str, Any]]]) -> None:
    first, *others = ([_identity(row) for row in rows] for rows in evaluated)
    if any(other != first for other in others) or not first:
        raise DataError("The runs were not scored on the same rows.", "Queue the proof again, with the same eval_data.")


def _identity(row: dict[str, Any]) -> tuple[object, ...]:
    """Where the row stands, and what is right for it."""
    return row["row"], *(row.get(name) for name in ("label", "tags", "answers", "target"))
