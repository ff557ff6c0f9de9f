"""What people do to runs, the same for the app's keys and the command line's verbs; each answers with a sentence."""

import sqlite3
from typing import TYPE_CHECKING

from ..store import attempts, commands, locks, processes, runs
from ..store.errors import StateError
from ..store.paths import Home
from ..store.records import Run
from .engine_process import ask, start_runner

if TYPE_CHECKING:
    from ..store.config import RunConfig


def check(config: "RunConfig") -> None:
    """Have the engine look at the rows and the model's place, before anything is queued (2 s at most).

    Raises:
        UserError: naming file and line, or the field.
    """
    from ..store import launch

    launch.check_files(config)
    for _ in ask("check", [config.model_dump_json()]):
        pass


def start(db: sqlite3.Connection, home: Home, config: "RunConfig") -> Run:
    """Queue the run and have the queue worked."""
    # Imports pydantic (0.1 s), which the app's first paint must not wait for.
    from ..store import launch

    run = launch.queue(db, home, config)
    start_runner(home)
    return run


def stop(db: sqlite3.Connection, run: Run) -> str:
    """Ask the engine to save and stop; a queued run leaves the queue."""
    if run.state == "queued" and runs.withdraw(db, run):
        return f"{run.name} was taken out of the queue."
    if runs.get(db, run.id).state != "running":
        raise StateError(f"{run.name} is not running: it is {run.state}.")
    commands.ask(db, run.id, "stop")
    return f"{run.name} will save its state and stop."


def resume(db: sqlite3.Connection, home: Home, run: Run) -> str:
    """Queue the rest of a run; for a queued one have the queue worked."""
    if run.state == "queued":
        if locks.is_held(home.runner_lock):
            raise StateError(f"{run.name} waits in the queue already.")
        start_runner(home)
        return "The queue goes on."
    runs.requeue(db, run)
    start_runner(home)
    return f"{run.name} {'goes on from its newest checkpoint' if runs.has_trained(db, run.id) else 'is queued again'}."


def kill(db: sqlite3.Connection, run: Run) -> str:
    """End the run's processes at once; what was not saved is lost."""
    process = engine_of(db, run)
    commands.ask(db, run.id, "kill")
    processes.kill(process)
    return f"{run.name} was killed; its last checkpoint is kept."


def engine_of(db: sqlite3.Connection, run: Run) -> processes.Identity:
    """The engine that works on the run.

    Raises:
        StateError: there is none.
    """
    process = attempts.process(db, run.id)
    if run.state != "running" or process is None:
        raise StateError(f"{run.name} is not running: it is {run.state}.")
    return process


def ask_for(db: sqlite3.Connection, run: Run, verb: commands.Verb) -> str:
    """Ask the engine to save or to evaluate at its next step."""
    if runs.get(db, run.id).state != "running":
        raise StateError(f"{run.name} is not running: it is {run.state}.")
    commands.ask(db, run.id, verb)
    return f"{run.name} will {verb} after this step."


def delete(db: sqlite3.Connection, home: Home, run: Run) -> str:
    runs.delete(db, home, run)
    return f"{run.name} is in the trash."


def restore(db: sqlite3.Connection, home: Home, run: Run) -> str:
    runs.restore(db, home, run)
    return f"{run.name} is back."
