"""`tunedeck data prove`: the same run with and without synthetic rows, and which of the two is better."""

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...store import database, proof, runs, states, toml
from ...store.errors import ConfigError, StateError
from ...store.paths import Home
from ...store.records import Sweep
from ...store.sweeps import MOST_TRIALS
from ..augment import proving
from ..data import datasets
from .output import JSON_OPTION, say, say_json, say_table
from .run import SET_OPTION

if TYPE_CHECKING:
    from ...store.config import RunConfig
    from ...store.proof import Sides

_MOST_SEEDS = MOST_TRIALS // 2


@click.command()
@click.argument("augmented", metavar="WITH", required=False)
@click.option("--against", metavar="WITHOUT", default="", help="The set without them; what WITH was made from.")
@click.option("--like", metavar="RUN|TOML", help="Whose knobs both take; the newest run's on WITHOUT.")
@click.option("--seeds", default="", metavar="42,43,44", help="Repeat both for each; 1..3 is 1,2,3. The run's own.")
@SET_OPTION
@click.option("--show", "shown", metavar="PROOF", help="Tell the verdict: an id, a name, or last.")
@JSON_OPTION
def prove(
    augmented: str | None,
    against: str,
    like: str | None,
    seeds: str,
    settings: tuple[str, ...],
    shown: str | None,
    as_json: bool,
) -> None:
    """Queue the same run on WITH and WITHOUT, and tell whether the synthetic rows help.

    \b
    tunedeck data prove data:reviews@v4 --like sft-7 --seeds 1..3
    tunedeck data prove --show last

    Both make the same number of updates, from the same seeds, and are scored on the same eval_data. The verdict is a
    paired bootstrap over these rows, after the last update; it says so too where nothing was shown. With --show the
    exit code is 0 only if the rows help.
    """
    if (augmented is None) == (shown is None):
        raise click.UsageError("Say WITH, or --show a proof.")
    home = Home.default()
    db = database.connect(home)
    if shown is not None:
        states.settle(db, home)
        _show(db, home, proof.find(db, shown), as_json=as_json)
        return
    data = proof.sides(db, _place(db, augmented or ""), _place(db, against))
    config = _config(db, data, like, settings)
    made = proving.prove(db, home, config, data, _seeds(seeds) or [config.seed])
    if as_json:
        say_json(_facts(db, made))
        return
    steps = json.loads(made.config)["max_steps"]
    say(
        f"{made.trials} runs of {steps:,} updates are queued as proof {made.id}; they go on when you leave."
        f" `tunedeck data prove --show {made.id}` tells the verdict."
    )


def _place(db: sqlite3.Connection, name: str) -> str:
    """A version may be named without `data:`, and a file is meant from here."""
    return str(toml.resolved({"data": datasets.meant(db, name)}, Path.cwd())["data"])


def _config(db: sqlite3.Connection, data: "Sides", like: str | None, settings: tuple[str, ...]) -> "RunConfig":
    if like and like.endswith(".toml"):
        return toml.load(Path(like), [f"data={data.without}", *settings])
    run = runs.find(db, like) if like else proving.like(db, data)
    return toml.changed(json.loads(run.config) | {"data": data.without, "name": ""}, settings, where=f"run {run.id}")


def _seeds(text: str) -> list[int]:
    """The seeds of `1..3` or `42,43`. Raises ConfigError."""
    first, dots, last = text.partition("..")
    try:
        found = range(int(first), int(last) + 1) if dots else [int(part) for part in text.split(",") if part]
        found = [*found[: _MOST_SEEDS + 1]]
    except ValueError:
        found = []
    if text and (not 0 < len(found) <= _MOST_SEEDS or min(found) < 0):
        raise ConfigError(
            f"--seeds is {text[:60]!r}.", f"Write it as 1..3 or 42,43,44: at most {_MOST_SEEDS}.", field="seeds"
        )
    return found


def _show(db: sqlite3.Connection, home: Home, found: Sweep, *, as_json: bool) -> None:
    try:
        verdict = proving.verdict(db, home, found)
    except StateError as error:
        if not as_json:
            _say_runs(db, found)
            raise
        say_json(_facts(db, found) | {"waits": str(error)})
        raise click.exceptions.Exit(1) from None
    if as_json:
        told = vars(verdict.difference) | {"metric": verdict.metric, "without": verdict.without}
        told |= {"with": verdict.augmented, "by_seed": verdict.by_seed, "helps": verdict.helps}
        say_json(_facts(db, found) | {"verdict": told, "sentence": verdict.sentence})
    else:
        _say_runs(db, found)
        say(f"\n{verdict.sentence}")
    if not verdict.helps:
        raise click.exceptions.Exit(1)


def _say_runs(db: sqlite3.Connection, found: Sweep) -> None:
    data = proof.sides_of(found)
    say(f"{found.name}  (proof {found.id}): {data.augmented} against {data.without}\n")
    rows = [
        (run.id, run.state, str(pair.seed), word, run.name)
        for pair in proof.pairs(db, found)
        for word, run in zip(("without", "with"), pair[1:], strict=True)
        if run is not None
    ]
    say_table(("run", "state", "seed", "side", "name"), rows)


def _facts(db: sqlite3.Connection, found: Sweep) -> dict[str, object]:
    data = proof.sides_of(found)
    return {
        "proof": found.id,
        "name": found.name,
        "without": data.without,
        "with": data.augmented,
        "steps": json.loads(found.config)["max_steps"],
        "runs": [
            {"run": run.id, "state": run.state, "seed": pair.seed, "side": word}
            for pair in proof.pairs(db, found)
            for word, run in zip(("without", "with"), pair[1:], strict=True)
            if run is not None
        ],
    }
