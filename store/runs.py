"""Runs: queued, found, claimed, ended, and queued again."""

import json
import secrets
import sqlite3
import time
from collections.abc import Mapping
from typing import NamedTuple, NotRequired, TypedDict, Unpack

from . import checkpoints, events, metrics
from .database import transaction
from .errors import NotFoundError, StateError
from .paths import Home
from .records import Run, one

ENDED = ("completed", "stopped", "failed", "killed", "interrupted")
WITHOUT_WEIGHTS = ("lr-find", "augment")
"""Kinds of runs that leave no weights of their own."""
RESUMABLE = ("stopped", "failed", "killed", "interrupted")
# No vowels and no look-alikes: ids are read aloud and typed.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def new_id() -> str:
    """Eight characters that no other id has, as far as chance can tell."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


class NewRun(TypedDict):
    """What a run is queued with, as it stays for good.

    `config` is JSON; `parent` is the run whose weights it starts from, and the step of the checkpoint (None for its
    result); `forked_from` is the run whose configuration it began with; `kind` is new, fork or transfer without a word;
    `options` are those of its kind.
    """

    name: str
    config: str
    versions: Mapping[str, str]
    fingerprint: str
    parent: NotRequired[tuple[str, int | None] | None]
    kind: NotRequired[str]
    options: NotRequired[Mapping[str, object]]
    sweep_id: NotRequired[str]
    forked_from: NotRequired[str | None]


def queue(db: sqlite3.Connection, home: Home, **new: Unpack[NewRun]) -> Run:
    """A new run at the end of the queue, with its folder."""
    with transaction(db, durable=True):
        run = insert(db, home, new)
    describe(home, run)
    return run


def insert(db: sqlite3.Connection, home: Home, new: NewRun) -> Run:
    """The same inside a transaction of the caller, who describes the run once that has succeeded."""
    run_id = new_id()
    home.run(run_id).create()
    parent_run, parent_checkpoint = new.get("parent") or (None, None)
    values = {
        "id": run_id,
        "name": new["name"],
        "state": "queued",
        "kind": new.get("kind") or ("transfer" if parent_run else "fork" if new.get("forked_from") else "new"),
        "config": new["config"],
        "versions": json.dumps(dict(new["versions"])),
        "fingerprint": new["fingerprint"],
        "created_at": time.time(),
        "parent_run": parent_run,
        "parent_checkpoint": parent_checkpoint,
        "sweep_id": new.get("sweep_id"),
        "forked_from": new.get("forked_from"),
        "options": json.dumps(dict(new["options"])) if "options" in new else None,
    }
    db.execute(
        f"INSERT INTO run ({', '.join(values)}, queue_position) VALUES ({', '.join(f':{name}' for name in values)},"
        " (SELECT COALESCE(MAX(queue_position), 0) + 1 FROM run))",
        values,
    )
    return get(db, run_id)


def describe(home: Home, run: Run) -> None:
    """Write the run's row beside its files, so that the list of runs can be rebuilt without the store."""
    target = home.run(run.id).description
    temporary = target.with_suffix(".tmp")
    temporary.write_text(json.dumps(run.__dict__, indent=1), encoding="utf-8")
    temporary.replace(target)


def get(db: sqlite3.Connection, run_id: str) -> Run:
    """The run of that id.

    Raises:
        NotFoundError: there is none.
    """
    run = one(Run, db.execute("SELECT * FROM run WHERE id = ?", (run_id,)).fetchone())
    if run is None:
        raise NotFoundError(f"There is no run {run_id!r}.", "`tunedeck runs` lists them.")
    return run


def exists(db: sqlite3.Connection, run_id: str) -> bool:
    """Whether there is a run of that id, be it in the trash."""
    return db.execute("SELECT 1 FROM run WHERE id = ?", (run_id,)).fetchone() is not None


def find(db: sqlite3.Connection, reference: str) -> Run:
    """The one run that is meant by an id, the start of an id, a name, a number, or `last`.

    Raises:
        NotFoundError: none is, or several are.
    """
    if reference == "last":
        rows = db.execute("SELECT * FROM run WHERE deleted_at IS NULL ORDER BY number DESC LIMIT 1").fetchall()
    else:
        rows = db.execute(
            "SELECT * FROM run WHERE deleted_at IS NULL AND (id = :r OR name = :r OR CAST(number AS TEXT) = :r"
            " OR (LENGTH(:r) > 2 AND SUBSTR(id, 1, LENGTH(:r)) = :r)) ORDER BY number",
            {"r": reference},
        ).fetchall()
        # Whatever other runs are called, a whole id means its run.
        rows = [row for row in rows if row["id"] == reference] or rows
    if not rows:
        raise NotFoundError(f"There is no run {reference!r}.", "`tunedeck runs` lists them.")
    if len(rows) > 1:
        ids = ", ".join(row["id"] for row in rows[:5])
        raise NotFoundError(f"{reference!r} could be {len(rows)} runs ({ids}).", "Use the id.")
    return Run.of(rows[0])


class Called(NamedTuple):
    """What a run is called and which kind it is."""

    id: str
    name: str
    state: str
    kind: str


def called(db: sqlite3.Connection) -> list[Called]:
    """The names of all runs but those in the trash, newest first; of 10,000 that takes 30 ms, the whole rows 600."""
    rows = db.execute("SELECT id, name, state, kind FROM run WHERE deleted_at IS NULL ORDER BY number DESC")
    return [Called(*row) for row in rows]


def listed(db: sqlite3.Connection, *, deleted: bool = False) -> list[Run]:
    """The runs, newest first; with `deleted` those in the trash instead."""
    condition = "IS NOT NULL" if deleted else "IS NULL"
    return [Run.of(row) for row in db.execute(f"SELECT * FROM run WHERE deleted_at {condition} ORDER BY number DESC")]


def claim(db: sqlite3.Connection) -> Run | None:
    """Take the first run of the queue for execution; each is given out once."""
    with transaction(db, durable=True):
        row = db.execute(
            "SELECT * FROM run WHERE state = 'queued' AND deleted_at IS NULL ORDER BY queue_position LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        db.execute("UPDATE run SET state = 'running', cause = NULL WHERE id = ?", (row["id"],))
        # What was asked of an earlier attempt must not stop this one.
        db.execute("UPDATE command SET taken_at = ? WHERE run_id = ? AND taken_at IS NULL", (time.time(), row["id"]))
    return get(db, row["id"])


def queued_count(db: sqlite3.Connection) -> int:
    return db.execute("SELECT COUNT(*) FROM run WHERE state = 'queued' AND deleted_at IS NULL").fetchone()[0]


def finish(db: sqlite3.Connection, run_id: str, state: str, *, cause: str = "", summary: str | None = None) -> None:
    """Record how a run ended; `cause` is one sentence, `summary` JSON."""
    with transaction(db, durable=True):
        db.execute(
            "UPDATE run SET state = ?, cause = ?, summary = COALESCE(?, summary) WHERE id = ?",
            (state, cause or None, summary, run_id),
        )
        events.write(db, run_id, f"{state}: {cause}" if cause else state, level=_level(state))


def _level(state: str) -> str:
    return {"completed": "info", "stopped": "info", "queued": "info"}.get(state, "error")


def set_total_steps(db: sqlite3.Connection, run_id: str, total_steps: int) -> None:
    db.execute("UPDATE run SET total_steps = ? WHERE id = ?", (total_steps, run_id))


def has_trained(db: sqlite3.Connection, run_id: str) -> bool:
    """Whether any attempt of the run has made an update, as far as rows tell."""
    return metrics.latest(db, run_id, "loss") is not None or checkpoints.any_of_run(db, run_id)


def requeue(db: sqlite3.Connection, run: Run) -> None:
    """Put an ended run back into the queue, to go on from its newest verified checkpoint.

    A run that never made an update loses nothing by starting at its beginning.

    Raises:
        StateError: it has not ended, is complete, or has trained and has no checkpoint.
    """
    with transaction(db, durable=True):
        state = get(db, run.id).state
        if state not in RESUMABLE:
            raise StateError(f"{run.name} is {state}: only a run that ended early can be resumed.")
        if has_trained(db, run.id) and not checkpoints.of_run(db, run.id):
            raise StateError(
                f"{run.name} has no checkpoint to resume from.",
                f"Start it anew: tunedeck show {run.id} --toml > again.toml && tunedeck {_verb(run)} again.toml.",
            )
        db.execute(
            "UPDATE run SET state = 'queued', cause = NULL,"
            " queue_position = (SELECT COALESCE(MAX(queue_position), 0) + 1 FROM run) WHERE id = ?",
            (run.id,),
        )


def _verb(run: Run) -> str:
    return run.kind if run.kind == "lr-find" else "run"


def withdraw(db: sqlite3.Connection, run: Run) -> bool:
    """Take a run out of the queue; False when it was no longer there."""
    with transaction(db, durable=True):
        changed = db.execute(
            "UPDATE run SET state = 'stopped', cause = 'taken out of the queue' WHERE id = ? AND state = 'queued'",
            (run.id,),
        )
        return changed.rowcount > 0
