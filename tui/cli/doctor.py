"""`tunedeck doctor`: whether this machine is fit, and what to mend."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click

from ...store import catalog, database, locks, paths, queue_order, runs
from ...store.errors import StateError, StoreError, UserError
from ...store.paths import Home
from ...store.upkeep import integrity, orphans, reindex
from ..engine_process import ask
from ..self_test import trials
from .output import JSON_OPTION, say, say_json, say_table
from .self_test import tell

_ENOUGH_BYTES = 5 * 10**9


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, what was found, and what to do if it is not."""

    what: str
    well: bool
    found: str
    next_step: str = ""


@click.command()
@click.option("--repair", is_flag=True, help="Mend what of the store and its folders can be mended without you.")
@click.option("--reindex", "again", is_flag=True, help="List runs again out of their folders.")
@click.option("--self-test", "tested", is_flag=True, help="Harm runs that are made for that; your own are safe.")
@JSON_OPTION
def doctor(repair: bool, again: bool, tested: bool, as_json: bool) -> None:
    """Check libraries, devices, disk, store and terminal; exit code 1 when something needs mending.

    --self-test takes a minute or two, no GPU, no network: real runs, made small, in a folder that is gone afterwards,
    are killed, robbed of their disk and store, and given broken files. It says how often, and what was lost.
    """
    if tested:
        sys.exit(0 if tell(trials(), as_json=as_json) else 1)
    if again:
        _reindex(Home.default(), as_json=as_json)
        return
    findings = [*_engine(), *_disk(), *_store(repair=repair), *_demo(), _terminal()]
    if as_json:
        say_json({"well": all(f.well for f in findings), "findings": [f.__dict__ for f in findings]})
    else:
        marks = {True: "ok", False: "MEND"}
        say_table(("", "what", "found"), [(marks[f.well], f.what, f"{f.found} {f.next_step}") for f in findings])
    sys.exit(0 if all(finding.well for finding in findings) else 1)


def _engine() -> Iterator[Finding]:
    try:
        facts = next(ask("doctor"))
    except UserError as error:
        yield Finding("engine", False, error.what, "Install again: pip install tunedeck.")
        return
    versions = facts["versions"]
    assert isinstance(versions, dict)
    yield Finding("libraries", True, ", ".join(f"{name} {version}" for name, version in versions.items()))
    gpus = facts["gpus"]
    assert isinstance(gpus, list)
    names = ", ".join(f"{gpu['name']} ({gpu['memory_gib']} GiB)" for gpu in gpus)
    yield Finding("devices", True, names or "no GPU: small models train on the processor")
    found = f"{facts['threads']} threads, bf16 {facts['bf16_speedup_cpu']} times as fast as fp32"
    yield Finding("processor", True, found)


def _disk() -> Iterator[Finding]:
    for what, folder in (("runs", paths.home_folder()), ("cache", paths.cache_folder())):
        existing = next(place for place in (folder, *folder.parents) if place.exists())
        free = shutil.disk_usage(existing).free
        well = free > _ENOUGH_BYTES and os.access(existing, os.W_OK)
        step = "" if well else "Free some space, or set TUNEDECK_HOME and TUNEDECK_CACHE to another disk."
        yield Finding(what, well, f"{folder}, {free / 1e9:,.0f} GB free", step)


def _store(*, repair: bool) -> Iterator[Finding]:
    home = Home.default()
    try:
        db = database.connect(home)
    except UserError as error:
        yield Finding("store", False, error.what, error.next_step)
        return
    network = " (on a network filesystem: slower, without WAL)" if database.on_network(home.store) else ""
    yield Finding("store", True, f"{len(runs.called(db))} runs{network}")
    yield from _upkeep(db, home, repair=repair)
    waiting, working = queue_order.waiting(db), locks.is_held(home.runner_lock)
    rests = waiting and not working
    step = f"`tunedeck resume {waiting[0].id}` lets the queue go on." if rests else ""
    runner = "works" if working else "rests" if rests else "is not needed"
    yield Finding("queue", not rests, f"{len(waiting)} waiting, a runner {runner}", step)


def _upkeep(db: sqlite3.Connection, home: Home, *, repair: bool) -> Iterator[Finding]:
    """What of the store and its folders does not fit together; mended, where that was asked for."""
    faults = [*integrity.faults(db, home), *orphans.faults(db, home)]
    for fault in faults:
        mended = repair and fault.repair is not None
        if mended and fault.repair:
            fault.repair()
        step = "" if mended else f"{fault.next_step}{' --repair does it.' if fault.repair else ''}"
        yield Finding("mended" if mended else "fault", mended, fault.what, step)
    if not faults:
        yield Finding("rows and files", True, "fit together, and every page of the store is whole")


def _reindex(home: Home, *, as_json: bool) -> None:
    """List the runs that the store does not know; one that can't be read is moved aside first, never overwritten."""
    aside = None
    try:
        db = database.connect(home)
        if told := integrity.damage(db):
            db.close()
            raise StoreError(told)
    except StoreError as error:
        # Busy, or not to be opened by us: that is not damaged.
        if isinstance(error.__cause__, sqlite3.OperationalError | OSError):
            raise
        engines = (home.run(folder.name).lock for folder in home.runs.glob("*"))
        if locks.is_held(home.runner_lock) or any(map(locks.is_held, engines)):
            raise StateError("A runner works with this store.", "Stop the runs first.") from None
        aside = reindex.set_aside(home)
        db = database.connect(home)
    done = reindex.take_in(db, home, reindex.unlisted(db, home))
    if as_json:
        facts = {"aside": aside and str(aside), "unreadable": [str(path) for path in done.unreadable]}
        say_json({"runs": done.runs, "checkpoints": done.checkpoints, "curves": done.curves} | facts)
        return
    if aside:
        say(f"The store that could not be read lies in {aside} now.")
    say(f"{done.runs} runs and {done.checkpoints} checkpoints are listed again, {done.curves} runs with curves.")
    for path in done.unreadable:
        say(f"{path / 'run.json'} can't be read: that run is not listed.", err=True)


def _demo() -> Iterator[Finding]:
    for part in catalog.PARTS:
        here = (paths.cache_folder() / part.path).exists()
        size = f"{part.size_bytes / 1e6:,.0f} MB"
        yield Finding(part.name, True, "here" if here else f"not fetched yet ({size}; `tunedeck demo` does)")


def _terminal() -> Finding:
    size = shutil.get_terminal_size()
    inside = " inside tmux" if os.environ.get("TMUX") else ""
    found = f"{os.environ.get('TERM', 'no TERM')}{inside}, {size.columns}x{size.lines}"
    small = size.columns < 60 or size.lines < 16
    return Finding("terminal", not small, found, "The app wants 60x16 at least." if small else "")
