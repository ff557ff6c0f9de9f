"""Sweeps: runs that differ in a few knobs, compared by one metric, and ranked when all of them have ended.

Only the standard library is imported, as the runner looks here before it takes the next run from the queue.
"""

import json
import math
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import commands, events, runs, scores
from .database import transaction
from .errors import NotFoundError, StateError
from .records import Run, Sweep

MOST_TRIALS = 200
_MOST_FAILURES = 3
# How the engine begins the cause of a run that it has given up.
PRUNED = "pruned"


@dataclass(frozen=True)
class Trial:
    """One run of a sweep: the values of its varied knobs, and the best of its metric after its first update."""

    run: Run
    values: dict[str, object]
    best: float | None
    best_step: int | None

    @property
    def is_pruned(self) -> bool:
        return self.run.state == "stopped" and (self.run.cause or "").startswith(PRUNED)


def insert(
    db: sqlite3.Connection,
    *,
    name: str,
    config: str,
    space: str,
    sampler: str,
    seed: int,
    metric: str,
    trials: int,
    prune: bool,
) -> Sweep:
    """A new sweep without runs, in the caller's transaction; `config` (of its base) and `space` are JSON."""
    sweep_id = runs.new_id()
    db.execute(
        "INSERT INTO sweep (id, name, config, space, sampler, seed, metric, trials, prune, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (sweep_id, name, config, space, sampler, seed, metric, trials, prune, time.time()),
    )
    return get(db, sweep_id)


def get(db: sqlite3.Connection, sweep_id: str) -> Sweep:
    return Sweep.of(db.execute("SELECT * FROM sweep WHERE id = ?", (sweep_id,)).fetchone())


def find(db: sqlite3.Connection, reference: str) -> Sweep:
    """The one sweep that is meant by an id, the start of an id, a name, or `last`.

    Raises:
        NotFoundError: none is, or several are.
    """
    found = [Sweep.of(row) for row in db.execute("SELECT * FROM sweep ORDER BY number DESC")]
    if reference != "last":
        found = [sweep for sweep in found if _is_meant(sweep, reference)]
        found = [sweep for sweep in found if sweep.id == reference] or found
    if not found:
        raise NotFoundError(f"There is no sweep {reference!r}.", "`tunedeck sweep --show last` shows the newest.")
    if len(found) > 1 and reference != "last":
        ids = ", ".join(sweep.id for sweep in found[:5])
        raise NotFoundError(f"{reference!r} could be {len(found)} sweeps ({ids}).", "Use the id.")
    return found[0]


def _is_meant(sweep: Sweep, reference: str) -> bool:
    return reference in (sweep.id, sweep.name) or (len(reference) > 2 and sweep.id.startswith(reference))


def siblings(db: sqlite3.Connection, run: Run) -> list[Run]:
    """The other runs of the run's sweep, in the order in which they were queued."""
    return [other for other in _runs(db, run.sweep_id) if other.id != run.id]


def _runs(db: sqlite3.Connection, sweep_id: str | None) -> list[Run]:
    query = "SELECT * FROM run WHERE sweep_id = ? AND deleted_at IS NULL ORDER BY number"
    return [Run.of(row) for row in db.execute(query, (sweep_id,))]


# which is the best


def best_of(values: Sequence[float], metric: str) -> float:
    """The best of the values; one that is not finite is worse than all that are."""
    worst = math.inf if scores.lower_is_better(metric) else -math.inf
    finite = [value if math.isfinite(value) else worst for value in values]
    return min(finite) if scores.lower_is_better(metric) else max(finite)


def trials(db: sqlite3.Connection, sweep: Sweep) -> list[Trial]:
    """The runs of the sweep in the order in which they were queued."""
    fields = json.loads(sweep.space)
    return [_trial(db, sweep, run, fields) for run in _runs(db, sweep.id)]


def _trial(db: sqlite3.Connection, sweep: Sweep, run: Run, fields: Sequence[str]) -> Trial:
    config = json.loads(run.config)
    values = {field: config.get(field) for field in fields}
    score = scores.of_metric(db, run.id, sweep.metric)
    return Trial(run, values, score and score.best, score and score.best_step)


def ranked(found: Sequence[Trial], metric: str) -> list[Trial]:
    """The trials, best first; those without a value last."""
    sign = 1 if scores.lower_is_better(metric) else -1
    return sorted(found, key=lambda trial: (trial.best is None, sign * (trial.best or 0.0)))


def told(values: Mapping[str, object]) -> str:
    """The values of varied knobs in few words: `learning_rate=0.0003 r=8`."""
    return " ".join(f"{name}={value_told(value)}" for name, value in values.items())


def value_told(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


# from trial to trial


def due(db: sqlite3.Connection) -> list[Sweep]:
    """The sweeps that are not over, though no run of theirs is queued or running."""
    rows = db.execute(
        "SELECT * FROM sweep s WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM run r WHERE r.sweep_id = s.id"
        " AND r.deleted_at IS NULL AND r.state IN ('queued', 'running')) ORDER BY number"
    )
    return [Sweep.of(row) for row in rows]


def wants_another(db: sqlite3.Connection, sweep: Sweep) -> bool:
    """Whether a further run is to be suggested: not after three failures in a row, which more would only repeat.

    Runs in the trash have been tried too.
    """
    query = "SELECT state FROM run WHERE sweep_id = ? ORDER BY number"
    states = [row["state"] for row in db.execute(query, (sweep.id,))]
    has_failed = states[-_MOST_FAILURES:] == ["failed"] * _MOST_FAILURES
    return sweep.sampler == "optuna" and sweep.ended_at is None and len(states) < sweep.trials and not has_failed


def finish(db: sqlite3.Connection, sweep: Sweep, *, fault: str = "") -> str:
    """End the sweep with a sentence on its best run, which that run's events have too.

    `fault` is a sentence on why it ends early.
    """
    found = ranked(trials(db, sweep), sweep.metric)
    sentence = f"{fault} {_result(db, sweep, found)}".strip()
    with transaction(db, durable=True):
        db.execute("UPDATE sweep SET ended_at = ?, summary = ? WHERE id = ?", (time.time(), sentence, sweep.id))
        if found and found[0].best is not None:
            events.write(db, found[0].run.id, f"sweep {sweep.name} ({sweep.id}): {sentence}")
    return sentence


def _result(db: sqlite3.Connection, sweep: Sweep, found: Sequence[Trial]) -> str:
    if not found:
        return "No run was made."
    if sweep.sampler == "proof":
        if all(trial.run.state == "completed" for trial in found):
            return f"Both sets are trained: tunedeck data prove --show {sweep.id} tells which is better."
        return "There is no verdict: not all of its runs have completed."
    best = found[0]
    if best.best is None:
        names = scores.names(db, best.run.id)
        has = f"; there is {', '.join(names)}" if names else ""
        return f"None of {len(found)} runs has a value of {sweep.metric}{has}."
    counts = [(sum(trial.is_pruned for trial in found), "pruned")]
    counts += [(sum(trial.run.state == state for trial in found), state) for state in ("failed", "killed")]
    others = "".join(f", {count} {what}" for count, what in counts if count)
    return (
        f"The best of {len(found)} runs{others} is {best.run.id}: {told(best.values)}, with {sweep.metric}"
        f" {best.best:.4g} at step {best.best_step}."
    )


def stop(db: sqlite3.Connection, sweep: Sweep) -> int:
    """End the sweep: its queued runs leave the queue, a running one is asked to stop; how many there were.

    Raises:
        StateError: it has ended already.
    """
    if sweep.ended_at is not None:
        raise StateError(f"The sweep {sweep.name} has ended.", f"`tunedeck sweep --show {sweep.id}` ranks its runs.")
    waiting = [run for run in _runs(db, sweep.id) if run.state in ("queued", "running")]
    finish(db, sweep, fault="You stopped it.")
    for run in waiting:
        if not runs.withdraw(db, run):
            commands.ask(db, run.id, "stop")
    return len(waiting)
