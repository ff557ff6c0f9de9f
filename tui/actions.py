"""What people do to runs and sweeps, the same for the app's keys and the command line's verbs."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..store import attempts, commands, locks, processes, runs, trash
from ..store.errors import ConfigError, StateError, UserError
from ..store.paths import Home
from ..store.records import Run
from .engine_process import ask, start_runner
from .words import counted

if TYPE_CHECKING:
    from ..store.config import RunConfig
    from ..store.lr_curve import Span
    from ..store.records import Sweep
    from ..store.trials import Plan


def check(config: "RunConfig") -> str:
    """Have the engine look at the rows and the model's place, before anything is queued (2 s at most).

    Returns what it found in the files, in words: `data: 600 rows, columns: text = review, label = rating`.

    Raises:
        UserError: naming file and line, or the field.
    """
    from ..store import launch

    launch.check_files(config)
    return "; ".join(_found(answer) for answer in ask("check", [config.model_dump_json()]))


def _found(answer: dict[str, Any]) -> str:
    """What the engine says of one source; its first key is the knob that names it."""
    columns = ", ".join(f"{role} = {column}" for role, column in answer["columns"].items())
    bad = f", {answer['bad_rows']:,} bad ones" if answer["bad_rows"] else ""
    return f"{next(iter(answer))}: {answer['rows']:,} rows{bad}" + (f", columns: {columns}" if columns else "")


def start(db: sqlite3.Connection, home: Home, config: "RunConfig", *, forked_from: str | None = None) -> Run:
    """Queue the run and have the queue worked; `forked_from` is the id of the run that it was set up like."""
    # Imports pydantic (0.1 s), which the app's first paint must not wait for.
    from ..store import launch

    run = launch.queue(db, home, config, forked_from=forked_from)
    start_runner(home)
    return run


def find_rate(db: sqlite3.Connection, home: Home, config: "RunConfig", span: "Span | None" = None) -> Run:
    """Queue a test of which learning rate suits the run of the configuration, and have the queue worked."""
    from ..store import launch, lr_curve

    run = launch.queue_range_test(db, home, config, span or lr_curve.Span())
    start_runner(home)
    return run


def sweep(db: sqlite3.Connection, home: Home, config: "RunConfig", plan: "Plan") -> "Sweep":
    """Queue the runs of a sweep and have the queue worked."""
    from ..store import trials

    made, _ = trials.start(db, home, config, plan)
    start_runner(home)
    return made


def vary(db: sqlite3.Connection, home: Home, config: "RunConfig", varied: str) -> Run:
    """Queue a sweep as one writes it in a line: `r=8,32` tries all, `12 r=8..64` twelve by chance; its first run.

    Raises:
        UserError: a knob or its values can't be varied so.
    """
    from ..store import space, sweeps
    from ..store.trials import Plan

    count, settings = 0, varied.split()
    if settings and settings[0].isdecimal():
        count, settings = int(settings[0]), settings[1:]
    sampler = "random" if count else "grid"
    try:
        made = sweep(db, home, config, Plan(space.read(config, settings), sampler, count, "", prune=True))
    except ConfigError as error:
        # The line has the fault, not the knob of that name.
        raise UserError(error.what, error.next_step) from error
    return sweeps.trials(db, made)[0].run


def forked(run: Run) -> dict[str, object]:
    """The run's configuration, for another one like it; without a name, by which they would be mixed up."""
    return json.loads(run.config) | {"name": ""}


def transferred(run: Run, at: str = "") -> dict[str, object]:
    """The configuration of a run that starts from this one's weights: a step, best, or whatever is its newest."""
    return forked(run) | {"model": f"run:{run.id}@{at}" if at else f"run:{run.id}", "revision": ""}


def exported(run: Run, kind: str, to: str) -> Iterator[str]:
    """Have the engine take the run's weights away; what it does as it goes, and last where they lie.

    Raises:
        UserError: it can't be had as wished; then the folder is as it was.
    """
    for answer in ask_export(run.id, {"as": kind, "to": to}):
        yield str(answer["progress"]) if "progress" in answer else _where(run, answer)


def ask_export(run_id: str, wishes: dict[str, str], *, overwrite: bool = False) -> Iterator[dict[str, Any]]:
    """Have the engine export a run: `{"progress"}` as it goes, then the facts; blocks, so the app asks in a thread.

    `wishes` are the options of `tunedeck export` by name, empty ones left open.

    Raises:
        UserError: it can't be had as wished; then the folder is as it was.
    """
    options = [f"--{name}={value}" for name, value in wishes.items() if value]
    return ask("export", [*options, *(["--overwrite"] if overwrite else []), run_id])


def _where(run: Run, facts: dict[str, Any]) -> str:
    notes = "".join(f" {note}" for note in facts["notes"])
    return f"{run.name} lies in {facts['folder']} as {facts['kind']}, {facts['size_bytes'] / 1e6:,.1f} MB.{notes}"


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


def delete(db: sqlite3.Connection, home: Home, *meant: Run) -> str:
    for run in meant:
        trash.delete(db, home, run)
    return f"{_called(meant)} in the trash."


def restore(db: sqlite3.Connection, home: Home, *meant: Run) -> str:
    for run in meant:
        trash.restore(db, home, run)
    return f"{_called(meant)} back."


def _called(meant: Sequence[Run]) -> str:
    """One by its name; of several their number."""
    return f"{meant[0].name} is" if len(meant) == 1 else f"{counted(len(meant), 'run')} are"


def empty_trash(db: sqlite3.Connection, home: Home) -> str:
    """Delete the files and rows of what is in the trash for good, but for what runs outside of it lie on."""
    gone, stay = trash.empty(db, home), trash.spared(db)
    kept = f" {counted(len(stay), 'run')} stayed: others were started from those weights." if stay else ""
    return f"{counted(gone, 'run')} {'was' if gone == 1 else 'were'} deleted for good.{kept}"
