"""Runs as people look at them: the row, what the engine does now, the newest figures, and the time left."""

import json
import math
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from operator import attrgetter
from types import MappingProxyType

from . import attempts, checkpoints, commands, heartbeats, metrics, queue_order, runs, scores, tags
from .errors import NotFoundError
from .records import Heartbeat, Run
from .scores import Best


@dataclass(frozen=True)
class Overview:
    """One run at one moment; losses in nats per trained token, times in seconds, moments in seconds since 1970.

    `best` is that of the metric in which people think of the run's task, `best_eval_loss` and `best_step` of the loss.
    `place` is that in the queue, 1 for the next; `parent_name` is of the run that it began with, by weights or else by
    configuration.
    """

    run: Run
    phase: str
    step: int
    loss: float | None
    eval_loss: float | None
    base_eval_loss: float | None
    best_eval_loss: float | None
    best_step: int | None
    eval_losses: tuple[float, ...]
    seconds_left: float | None
    late_seconds: float
    stopping: bool
    best: Best | None = None
    tags: tuple[str, ...] = ()
    place: int | None = None
    started_at: float | None = None
    ended_at: float | None = None
    parent_name: str = ""
    sweep_name: str = ""

    @property
    def state(self) -> str:
        """The run's state, or `stopping` where it was asked to and has not yet."""
        return "stopping" if self.stopping else self.run.state

    @property
    def total_steps(self) -> int | None:
        return self.run.total_steps


def of_run(db: sqlite3.Connection, run: Run) -> Overview:
    """The run as it stands now."""
    return _seen(db, run, scores.best(db, run.id), tags.of_run(db, run.id), queue_order.places(db).get(run.id))


def _seen(db: sqlite3.Connection, run: Run, best: Best | None, tagged: tuple[str, ...], place: int | None) -> Overview:
    heartbeat, running = heartbeats.of_run(db, run.id), run.state == "running"
    evaluations = _finite_evaluations(db, run)
    best_step = min((step for step in evaluations if step > 0), key=evaluations.__getitem__, default=None)
    started_at, ended_at = attempts.span(db, run.id)
    return Overview(
        run=run,
        phase=heartbeat.phase if heartbeat and running else "",
        step=heartbeat.step if heartbeat else 0,
        loss=metrics.latest(db, run.id, "loss"),
        eval_loss=metrics.latest(db, run.id, "eval_loss"),
        base_eval_loss=evaluations.get(0),
        best_eval_loss=None if best_step is None else evaluations[best_step],
        best_step=best_step,
        eval_losses=tuple(evaluations.values()),
        seconds_left=_seconds_left(db, run, heartbeat) if heartbeat and running else None,
        late_seconds=heartbeat.late_by(time.time()) if heartbeat and running else 0.0,
        stopping=running and "stop" in commands.pending(db, run.id),
        best=best,
        tags=tagged,
        place=place,
        started_at=started_at,
        ended_at=ended_at if run.state in runs.ENDED else None,
        parent_name=_name(db, "run", run.parent_run or run.forked_from),
        sweep_name=_name(db, "sweep", run.sweep_id),
    )


def _name(db: sqlite3.Connection, table: str, found_by: str | None) -> str:
    """The name of a run or sweep, which is never changed; "" where there is none."""
    row = db.execute(f"SELECT name FROM {table} WHERE id = ?", (found_by,)).fetchone() if found_by else None
    return row[0] if row else ""


def _finite_evaluations(db: sqlite3.Connection, run: Run) -> dict[int, float]:
    steps, losses = metrics.series(db, run.id, "eval_loss")
    return {step: loss for step, loss in zip(steps, losses, strict=True) if math.isfinite(loss)}


# All that may still change of the row of a run that has ended: the rest of 10,000 rows takes 0.1 s to read.
_CHANGING = ("state", "cause", "queue_position", "parent_run", "forked_from")
_changing = attrgetter(*_CHANGING)


def of_all(db: sqlite3.Connection, known: Mapping[str, Overview] = MappingProxyType({})) -> list[Overview]:
    """Every run that is not in the trash, newest first; of those `known` that have ended only the tags are read anew.

    10,000 runs take 0.7 s where none is known, and 0.03 s where all are.
    """
    rows = db.execute(f"SELECT id, {', '.join(_CHANGING)} FROM run WHERE deleted_at IS NULL ORDER BY number DESC")
    as_before = {row[0]: _as_before(known.get(row[0]), row) for row in rows}
    tagged, places = tags.of_all(db), queue_order.places(db)
    anew = [run_id for run_id, view in as_before.items() if view is None]
    read = {row["id"]: Run.of(row) for row in db.execute(_THESE, (json.dumps(anew),))}
    bests = scores.bests(db, anew)
    found = list[Overview]()
    for run_id, view in as_before.items():
        own = tagged.get(run_id, ())
        if view is None and run_id in read:
            view = _seen(db, read[run_id], bests.get(run_id), own, places.get(run_id))
        if view is not None:
            found.append(view if view.tags == own else replace(view, tags=own))
    return found


_THESE = "SELECT * FROM run WHERE id IN (SELECT value FROM json_each(?))"


def first_of_all(db: sqlite3.Connection, count: int) -> list[Overview]:
    """The newest so many runs that are not in the trash, and as many pinned ones, the newest first.

    By the first picture of a list that reads the others afterwards: it takes no longer for 10,000 runs than for 100.
    """
    newest = db.execute("SELECT * FROM run WHERE deleted_at IS NULL ORDER BY number DESC LIMIT ?", (count,)).fetchall()
    pinned = db.execute(_PINNED, (tags.PINNED, count)).fetchall()
    found = {run.number: run for run in map(Run.of, (*newest, *pinned))}
    places = queue_order.places(db)
    bests = scores.bests(db, [run.id for run in found.values()])
    return [
        _seen(db, run, bests.get(run.id), tags.of_run(db, run.id), places.get(run.id))
        for _, run in sorted(found.items(), reverse=True)
    ]


_PINNED = """
SELECT run.* FROM tag CROSS JOIN run ON run.id = tag.run_id
WHERE tag.name = ? AND run.deleted_at IS NULL ORDER BY run.number DESC LIMIT ?
"""


def _as_before(view: Overview | None, row: sqlite3.Row) -> Overview | None:
    """What is known of a run that has ended and not changed since; None where it is to be read."""
    return view if view and view.run.state in runs.ENDED and _changing(view.run) == tuple(row)[1:] else None


def _seconds_left(db: sqlite3.Connection, run: Run, heartbeat: Heartbeat) -> float | None:
    if not heartbeat.steps_per_second or not run.total_steps:
        return None
    steps = max(0, run.total_steps - heartbeat.step)
    training, evaluating = steps / heartbeat.steps_per_second, metrics.latest(db, run.id, "eval_seconds") or 0.0
    every = int(json.loads(run.config)["eval_steps"])
    if every:
        return training + (steps // every + (steps > 0)) * evaluating
    # The run chooses itself, and leaves nine tenths of the time to the training.
    return training / 0.9 + (steps > 0) * evaluating


def starts_from(db: sqlite3.Connection, run: Run) -> str:
    """The name of the run whose weights this one starts from, and the step of its checkpoint: `imdb@25`, or ""."""
    if run.parent_run is None:
        return ""
    try:
        name = runs.get(db, run.parent_run).name
    except NotFoundError:
        name = run.parent_run
    return name if run.parent_checkpoint is None else f"{name}@{run.parent_checkpoint}"


def gain(run: Run) -> str:
    """What was gained on the task and lost on general text, as a sentence of the engine; "" where it said none."""
    return str(json.loads(run.summary or "{}").get("gain", ""))


def facts(db: sqlite3.Connection, view: Overview) -> dict[str, object]:
    """What a script wants to know of a run."""
    run = view.run
    return {
        "run": run.id,
        "number": run.number,
        "name": run.name,
        "state": run.state,
        "cause": run.cause,
        "kind": run.kind,
        "parent_run": run.parent_run,
        "parent_checkpoint": run.parent_checkpoint,
        "starts_from": starts_from(db, run),
        "gain": gain(run),
        "forked_from": run.forked_from,
        "sweep": run.sweep_id,
        "tags": list(view.tags),
        "queue_place": view.place,
        "phase": view.phase,
        "step": view.step,
        "total_steps": view.total_steps,
        "loss": view.loss,
        "eval_loss": view.eval_loss,
        "base_eval_loss": view.base_eval_loss,
        "best_eval_loss": view.best_eval_loss,
        "best_step": view.best_step,
        "best": asdict(view.best) if view.best else None,
        "scores": {score.name: score.facts() for score in scores.of_run(db, run.id)},
        "seconds_left": view.seconds_left,
        "created_at": run.created_at,
        "started_at": view.started_at,
        "ended_at": view.ended_at,
        "fingerprint": run.fingerprint,
        "config": json.loads(run.config),
        "versions": json.loads(run.versions),
        "summary": json.loads(run.summary) if run.summary else None,
        "attempts": [attempt.__dict__ for attempt in attempts.of_run(db, run.id)],
        "checkpoints": [saved.__dict__ for saved in checkpoints.of_run(db, run.id)],
    }
