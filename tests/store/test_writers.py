"""Several processes that read and write one store as fast as they can: none is told that it is locked (FAULTS 24)."""

import multiprocessing
import sqlite3
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import seeds
from tally import Tally
from tunedeck.store import attempts, checkpoints, commands, database, heartbeats, metrics, overview, runs
from tunedeck.store.paths import Home

WRITERS, STEPS = 4, 25


def work(folder: Path, barrier: Barrier, failed: "multiprocessing.Queue[str]") -> None:
    """What an engine writes of its run, and what an app asks of it and reads of all, without a pause."""
    home = Home(folder)
    barrier.wait(30)
    try:
        with closing(database.connect(home)) as db:
            run = seeds.queue(db, home)
            attempt = attempts.start(db, run.id)
            for step in range(1, STEPS + 1):
                metrics.write(db, attempt.id, [("loss", step, 1.0 / step)])
                heartbeats.beat(db, run.id, "training", step, 1.0)
                checkpoints.begin(db, run.id, attempt.id, step)
                checkpoints.complete(db, run.id, step, "hash", 10, 1.0 / step, 1.0 / step)
                commands.ask(db, run.id, "evaluate")
                overview.of_all(db)
            runs.finish(db, run.id, "completed")
    except BaseException as error:
        failed.put(repr(error))
        raise


def test_nobody_is_told_that_it_is_locked_and_nothing_is_missing(
    db: sqlite3.Connection, home: Home, tally: Tally
) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier, failed = spawn.Barrier(WRITERS), spawn.Queue()
    writers = [spawn.Process(target=work, args=(home.root, barrier, failed)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS, failed.get(timeout=5)
    assert len(runs.listed(db)) == WRITERS
    for run in runs.listed(db):
        steps = list(range(1, STEPS + 1))
        assert metrics.series(db, run.id, "loss") == (steps, [1.0 / step for step in steps])
        assert [saved.step for saved in checkpoints.of_run(db, run.id)] == steps[::-1]
        tally.add(tried=STEPS)
