"""A store with a run in every state, made by the store's own functions, the same each time; and hostile texts."""

import math
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pyarrow
from pyarrow import parquet
from tunedeck.store import (
    attempts,
    checkpoints,
    commands,
    database,
    events,
    heartbeats,
    launch,
    locks,
    metrics,
    runs,
    samples,
)
from tunedeck.store.config import checked
from tunedeck.store.paths import Home
from tunedeck.store.records import Run

# 2026-05-28 20:26:40 UTC
EPOCH = 1_780_000_000.0
LONG_CAUSE = (
    "The loss was not finite for 3 updates in a row (steps 61 to 63); the last finite checkpoint, of step 60, is kept, "
    "and a lower learning_rate or a smaller max_grad_norm may keep it finite"
)
HOSTILE = {
    "escapes": "\x1b[31337mred\x1b[0m \x1b]52;c;ZXZpbA==\x07 \x1b]0;title\x1b\\ \x1bP1;2q\x1b\\ \x1b[2J\x07\x08\x7f",
    "C1": "\x9b31337mred \x9d52;c;ZXZpbA==\x9c \x90q\x9c \x84\x85\x8d",
    "direction": "\u202eevil\u202c \u2066x\u2069 \u200e\u200f\u061c \u2028line\u2029paragraph",
    "markup": "[/] [bold red]x[/bold red] [@click=app.bell()]press[/] [link=file:///etc]y[/link] $x ]] [[ \\[",
}


@dataclass
class Seeding:
    """What fills one store."""

    db: sqlite3.Connection
    home: Home

    def queue(self, name: str, **knobs: object) -> Run:
        values: dict[str, object] = {"name": name, "data": "demo:chat", "model": "demo:smollm2", "prompts": ["Hi?"]}
        return launch.queue(self.db, self.home, checked(values | knobs))

    def start(self, name: str, *, total: int = 200, **knobs: object) -> tuple[Run, int]:
        """A run that was claimed, with the id of its first attempt; it must be the only one in the queue."""
        self.queue(name, **knobs)
        run = runs.claim(self.db)
        assert run is not None and run.name == name.strip()
        runs.set_total_steps(self.db, run.id, total)
        return run, attempts.start(self.db, run.id).id

    def train(self, run: Run, attempt: int, last: int, *, first: int = 1, late: float = 0.0) -> None:
        """Metrics of these steps, an evaluation each 20, and a heartbeat at the last."""
        points = [point for step in range(first, last + 1) for point in _train_points(step)]
        points += [
            ("eval_loss", step, _eval_loss(step)) for step in range(0, last + 1, 20) if step >= first or first == 1
        ]
        metrics.write(self.db, attempt, points)
        expect_next = -late if late else 1e9
        heartbeats.beat(self.db, run.id, "training", last, expect_next, steps_per_second=2.0)

    def save(self, run: Run, attempt: int, *steps: int) -> None:
        for step in steps:
            checkpoints.begin(self.db, run.id, attempt, step)
            checkpoints.complete(self.db, run.id, step, "0" * 64, 58_982_400, _eval_loss(step), _eval_loss(step))

    def end(self, run: Run, attempt: int, state: str, cause: str = "", summary: str | None = None) -> None:
        attempts.end(self.db, attempt, 0)
        runs.finish(self.db, run.id, state, cause=cause, summary=summary)

    def freeze(self) -> None:
        """Times that are the same each time, in the order in which things were written."""
        for table, column in (("event", "at"), ("attempt", "started_at"), ("checkpoint", "created_at")):
            self.db.execute(f"UPDATE {table} SET {column} = ? + id", (EPOCH,))
        self.db.execute("UPDATE run SET created_at = ? + number", (EPOCH,))


def _train_points(step: int) -> list[metrics.Point]:
    return [
        ("loss", step, 1.2 + 2 * math.exp(-step / 40) + 0.2 * math.sin(step)),
        ("learning_rate", step, 2e-4 * min(step / 5, 1) * (1 - step / 220)),
        ("grad_norm", step, 1 + 0.5 * math.sin(step / 3)),
        ("tokens_per_second", step, 400 + 20 * math.cos(step)),
        ("num_input_tokens_seen", step, 600 * step),
        ("train_seconds", step, 1.5 * step),
        ("memory_bytes", step, 1.25e9 + 5e6 * min(step, 60)),
    ]


def _eval_loss(step: int) -> float:
    return 1.3 + 1.5 * math.exp(-step / 50)


def fill(home: Home) -> None:
    """One run in every state; newest last, which the list shows first."""
    db = database.connect(home)
    seeding = Seeding(db, home)
    _ended(seeding)
    _running(seeding)
    seeding.queue("waits")
    seeding.freeze()
    db.close()


def _ended(seeding: Seeding) -> None:
    for name, state, last, cause in (
        ("lost", "interrupted", 40, "engine and runner ended without a word (a reboot, or both killed)"),
        ("killed by the kernel", "killed", 80, "signal 9, possibly out of memory"),
        ("diverged", "failed", 63, LONG_CAUSE),
        ("no checkpoint yet", "failed", 3, "the engine ended with exit code 1 and no result; its log says more"),
    ):
        run, attempt = seeding.start(name)
        seeding.train(run, attempt, last)
        if last >= 40:
            seeding.save(run, attempt, 20, 40)
        seeding.end(run, attempt, state, cause)
    _classifier(seeding)
    run, attempt = seeding.start("finished")
    seeding.train(run, attempt, 120)
    seeding.save(run, attempt, 80, 100)
    second = attempts.start(seeding.db, run.id).id
    attempts.set_start_step(seeding.db, second, 100)
    seeding.train(run, second, 200, first=101)
    seeding.save(run, second, 200)
    _tell(seeding, run, attempt)
    gain = '{"gain": "gained 1.47 loss on the task, lost 0.02 on general text"}'
    seeding.end(run, second, "completed", "stopped early at step 200: loss was better before", gain)


def _classifier(seeding: Seeding) -> None:
    """A run that learns classes, from the checkpoint of another one, with its scores and predictions."""
    knobs = {"model": "run:diverged@40", "task": "sequence-classification", "method": "full"}
    run, attempt = seeding.start("paused", **knobs)
    seeding.train(run, attempt, 100)
    for step in range(0, 101, 20):
        learned = {"eval_accuracy": 0.5 + step / 250, "eval_f1_macro": 0.3 + step / 200, "eval_seconds": 2.0}
        kept = {"retention_drift": step / 1000, "retention_cka": 1 - step / 2000}
        metrics.write(seeding.db, attempt, [(name, step, value) for name, value in (learned | kept).items()])
    seeding.save(run, attempt, 80, 100)
    predict(seeding.home, run, 100, "A dull film, and long.\nI left.")
    seeding.end(run, attempt, "stopped")


def predict(home: Home, run: Run, step: int, text: str) -> None:
    """The held-out rows and their predictions at that step, as an engine leaves them."""
    folder = home.run(run.id).predictions
    folder.mkdir(exist_ok=True)
    rows = [{"row": 2, "text": "Good.", "target": "good"}, {"row": 5, "text": text, "target": text[:12]}]
    told = [
        {"row": 2, "loss": 0.25, "weight": 1.0, "label": "good", "predicted": "good", "probabilities": [0.2, 0.8]},
        {"row": 5, "loss": 3.0, "weight": 1.0, "label": text[:12], "predicted": "good", "probabilities": [0.1, 0.9]},
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "rows.parquet")
    parquet.write_table(pyarrow.Table.from_pylist(told), folder / f"step-{step:08d}.parquet")


def _tell(seeding: Seeding, run: Run, attempt: int) -> None:
    for step, answer in ((0, "I am a language model. " * 9), (100, "A robot?\n\nI am one."), (200, "I am a robot.")):
        samples.write(seeding.db, run.id, attempt, step, "What are you?", answer)
        samples.write(seeding.db, run.id, attempt, step, "Who wrote Hamlet?", "Shakespeare" if step else "")
    events.write(seeding.db, run.id, "897 rows read", step=0)
    events.write(seeding.db, run.id, "the store could not be written: rows wait", step=60, level="warning")
    seeding.home.run(run.id).log.write_text("".join(f"step {step}: fine\n" for step in range(1, 201)) + "done\n")


def _running(seeding: Seeding) -> None:
    run, attempt = seeding.start("is stopping")
    seeding.train(run, attempt, 30)
    commands.ask(seeding.db, run.id, "stop")
    run, attempt = seeding.start("learns")
    seeding.train(run, attempt, 120)
    seeding.save(run, attempt, 100)
    _tell(seeding, run, attempt)


def fill_hostile(home: Home, text: str) -> None:
    """Two runs, one that is asked to stop, that carry the text wherever data can stand."""
    db = database.connect(home)
    seeding = Seeding(db, home)
    knobs = {"data": _file(home, text), "target_modules": text, "prompts": [text]}
    run, attempt = seeding.start(f"ended {text}", **knobs)
    seeding.train(run, attempt, 40)
    seeding.save(run, attempt, 40)
    for step in (0, 40):
        samples.write(db, run.id, attempt, step, f"prompt {text}", f"answer {text}\n{text}")
    events.write(db, run.id, f"event {text}", level="error", step=1)
    metrics.write(db, attempt, [(f"eval_f1_{text}", step, 0.5) for step in (0, 40)])
    predict(home, run, 40, text)
    home.run(run.id).log.write_text(f"log {text}\r{text}\n{text}")
    seeding.end(run, attempt, "failed", f"cause {text}")
    run, attempt = seeding.start(f"running {text}", **knobs)
    commands.ask(db, run.id, "stop")
    heartbeats.beat(db, run.id, f"phase {text}", 2, 1e9)
    seeding.freeze()
    db.close()


def _file(home: Home, text: str) -> str:
    path = home.root / f"rows {text.replace('/', '')}.jsonl"
    path.write_text("")
    return str(path)


def hold(home: Home) -> Callable[[], None]:
    """Stand in for a runner, so that what says "running" is believed; the function that lets go."""
    lock = locks.try_lock(home.runner_lock)
    assert lock is not None
    return partial(os.close, lock)


def by_name(home: Home) -> dict[str, Run]:
    """The runs by their names."""
    db = database.connect(home)
    try:
        return {run.name: run for run in runs.listed(db)}
    finally:
        db.close()


def empty_queue(home: Home) -> None:
    """Take every queued run out of the queue."""
    db = database.connect(home)
    for run in runs.listed(db):
        runs.withdraw(db, run)
    db.close()
