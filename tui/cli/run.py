"""`tunedeck run`: queue the run of a TOML file, and follow it if asked."""

import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...store import database, toml
from ...store.paths import Home
from .. import actions
from ..follow import follow
from .output import JSON_OPTION, say, say_json

if TYPE_CHECKING:
    from ...store.config import RunConfig

SET_OPTION = click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change a knob; may be given several times."
)
FOLLOW_OPTION = click.option(
    "--follow", "following", is_flag=True, help="Stay and say what happens until the run ends."
)


@click.command()
@click.argument("config", type=click.Path(path_type=Path), required=False)
@click.option(
    "--preset",
    "presets",
    multiple=True,
    metavar="NAME",
    help="Lay a preset over CONFIG; may be given several times. `tunedeck presets` lists them.",
)
@SET_OPTION
@click.option("--from", "origin", metavar="RUN[@STEP]", help="Start from the weights of that run, at best or a step.")
@FOLLOW_OPTION
@JSON_OPTION
def run(
    config: Path | None,
    presets: tuple[str, ...],
    settings: tuple[str, ...],
    origin: str | None,
    following: bool,
    as_json: bool,
) -> None:
    """Queue the run of CONFIG, a TOML file; `tunedeck knobs` lists what it may hold.

    \b
    tunedeck run run.toml
    tunedeck run --preset quick --preset chat --set data=mine.jsonl --set model=demo:smollm2

    Presets win over the file, and --set over both. Nothing is queued when a knob, a file or a row is bad.
    """
    from ...store import preset

    if not (config or presets or settings):
        raise click.UsageError("Name a TOML file, or say --set data=... --set model=...")
    values = toml.resolved(toml.read_values(config), config.resolve().parent) if config else {}
    for one in preset.find(presets):
        values |= one.knobs
    started = (f"model=run:{origin}",) if origin else ()
    chosen = toml.changed(values, [*settings, *started], where=str(config or ""))
    launch(chosen, following=following, as_json=as_json)


def launch(config: "RunConfig", *, following: bool, as_json: bool, forked_from: str | None = None) -> None:
    """Check and queue a run, and follow it if asked; then the exit code tells whether it completed."""
    actions.check(config)
    home = Home.default()
    db = database.connect(home)
    queued = actions.start(db, home, config, forked_from=forked_from)
    say(f"{queued.name} is queued as {queued.id}; it goes on when you leave.", err=as_json)
    if following:
        sys.exit(_follow(db, home, queued.id, as_json))
    if as_json:
        say_json({"run": queued.id, "name": queued.name, "state": queued.state})


def _follow(db: sqlite3.Connection, home: Home, run_id: str, as_json: bool) -> int:
    try:
        view = follow(db, home, run_id, lambda text: say(text, err=as_json))
    except KeyboardInterrupt:
        say(f"Detached: {run_id} goes on. `tunedeck` brings you back, `tunedeck stop {run_id}` ends it.", err=True)
        return 130
    if as_json:
        say_json({"run": run_id, "name": view.run.name, "state": view.run.state, "cause": view.run.cause})
    return 0 if view.run.state == "completed" else 1
