"""The faults that `tunedeck doctor --self-test` injects, in the order in which they cost the least time."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ...store import commands
from ...store.config import checked
from ...store.paths import Home
from ...store.records import Run
from . import disk, harms, kills, malformed, planted, saves
from .lab import Lab
from .tiny import Tiny, make
from .trial import Trial

KILLS, SAVES = 3, 10
# More than any machine makes before both runs are asked to stop.
_STEPS = 100_000
_FULL_SECONDS, _LOCKED_SECONDS = 1.5, 2.5
# What a run may have of the user's secrets: the hub's own variable, in its environment.
_ALLOWED = ("HF_TOKEN",)


def trials(folder: Path, secret: str, draw: random.Random) -> Iterator[Trial]:
    """Each kind of fault as it is done. Of two runs alike one is left in peace; the other suffers, and is compared.

    `secret` was planted in the environment of this process. The folder must be empty; nothing outside is touched.
    """
    tiny = make(folder)
    with closing(Lab(folder / "straight", tiny)) as calm, closing(Lab(folder / "harmed", tiny)) as lab:
        straight, run = (each.queue(name="self-test", max_steps=_STEPS) for each in (calm, lab))
        for each in (lab, calm):
            each.start_runner()
        # While both engines start.
        yield _malformed(folder, tiny)
        yield _saves(folder, tiny, draw)
        yield from _harmed(lab, run, draw)
        in_processes = [planted.in_process(pid, [secret], allowed=_ALLOWED) for pid in lab.pids(run)]
        yield _compared(lab, run, calm, straight)
    yield _stores(folder, lab.home)
    yield _planted(folder, secret, in_processes)


def _malformed(folder: Path, tiny: Tiny) -> Trial:
    trial, config = Trial("malformed file of rows"), checked({"data": str(tiny.data), "model": str(tiny.model)})
    for name in malformed.FILES:
        trial.add(malformed.harm(folder, name, config))
    return trial


def _saves(folder: Path, tiny: Tiny, draw: random.Random) -> Trial:
    trial = Trial("killed in mid-save")
    with closing(Lab(folder / "saves", tiny)) as lab:
        run = saves.begin(lab)
        for _ in range(SAVES):
            trial.add(saves.kill(lab, run, draw))
    return trial


def _harmed(lab: Lab, run: Run, draw: random.Random) -> Iterator[Trial]:
    lab.until(lambda: lab.reached(run) > 0, "a step is made")
    with disk.full(lab.engine_pid(run)):
        time.sleep(_FULL_SECONDS)
    yield _survived(lab, run, Trial("disk full while it trains"))
    with lab.held():
        time.sleep(_LOCKED_SECONDS)
    yield _survived(lab, run, Trial("store locked while it trains"))
    killed, damaged = Trial("killed at a random moment"), Trial("checkpoint damaged before a resume")
    for number in range(KILLS):
        killed.add(kills.kill(lab, run, draw))
        step = harms.harm_newest(lab, run, harms.zero_a_page) if number == 0 else 0
        lab.go_on(run)
        if step:
            damaged.add(harms.fell_back(lab, run, step))
    yield killed
    yield damaged


def _survived(lab: Lab, run: Run, trial: Trial) -> Trial:
    """Whether the run still trains, and every listed checkpoint is whole."""
    ended = lab.now(run).state != "running"
    trial.add([f"the run has {lab.now(run).state}: {lab.now(run).cause}"] * ended + lab.incomplete(run))
    return trial


def _compared(lab: Lab, run: Run, calm: Lab, straight: Run) -> Trial:
    """Stop both, and hold each update of the harmed run against the same one of the other."""
    lab.until(lambda: lab.has_stepped(run), "the run goes on")
    commands.ask(lab.db, run.id, "stop")
    lab.wait_until_ended(run)
    calm.until(lambda: calm.reached(straight) >= lab.reached(run), "the straight run is as far")
    commands.ask(calm.db, straight.id, "stop")
    calm.wait_until_ended(straight)
    trial = Trial("update of a run that was harmed")
    updates = kills.losses(lab, run)
    until = updates[-1][0] if updates else 0
    trial.losses = kills.differing(updates, [pair for pair in kills.losses(calm, straight) if pair[0] <= until])
    trial.tried = len(updates)
    return trial


def _stores(folder: Path, home: Home) -> Trial:
    trial, place = Trial("damaged store"), Home(folder / "damaged")
    with closing(sqlite3.connect(home.store)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for what, content in harms.stores(home.store.read_bytes()):
        trial.add(f"where {what}: {lost}" for lost in harms.opened(place, content))
    return trial


def _planted(folder: Path, secret: str, in_processes: list[list[str]]) -> Trial:
    trial = Trial("planted token")
    for found in (*in_processes, *(found for _, found in planted.in_files(folder, [secret]))):
        trial.add(found)
    return trial
