"""The schema, as numbered functions that are never edited: a change is a new function at the end."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

from sqlite_utils import Database

from . import locks
from .errors import StoreError
from .paths import Home
from .schema import APPLICATION_ID, SCHEMA_VERSION


def m001_first_light(store: Database) -> None:
    """Runs with their attempts, metrics, checkpoints, samples, events, commands and heartbeats."""
    store.table("run").create(
        {
            "number": int, "id": str, "name": str, "state": str, "kind": str, "config": str, "versions": str,
            "fingerprint": str, "created_at": float, "queue_position": int, "total_steps": int, "parent_run": str,
            "parent_checkpoint": int, "cause": str, "summary": str, "deleted_at": float,
        },
        pk="number",
        not_null={"id", "name", "state", "kind", "config", "versions", "fingerprint", "created_at"},
        foreign_keys=[("parent_run", "run", "id")],
        strict=True,
    )  # fmt: skip
    store.table("run").create_index(["id"], unique=True)
    store.table("run").create_index(["state", "queue_position"])
    store.table("attempt").create(
        {
            "id": int, "run_id": str, "start_step": int, "pid": int, "process_start": str, "boot_id": str,
            "started_at": float, "ended_at": float, "exit_code": int,
        },
        pk="id",
        not_null={"run_id", "start_step", "started_at"},
        foreign_keys=[("run_id", "run", "id")],
        strict=True,
    )  # fmt: skip
    store.table("attempt").create_index(["run_id"])
    store.table("metric_key").create({"id": int, "name": str}, pk="id", not_null={"name"}, strict=True)
    store.table("metric_key").create_index(["name"], unique=True)
    # sqlite-utils has no WITHOUT ROWID, which halves the size of a point.
    store.execute(
        "CREATE TABLE metric (attempt_id INTEGER NOT NULL REFERENCES attempt(id), key_id INTEGER NOT NULL"
        " REFERENCES metric_key(id), step INTEGER NOT NULL, value REAL, flag INTEGER NOT NULL DEFAULT 0,"
        " PRIMARY KEY (attempt_id, key_id, step)) STRICT, WITHOUT ROWID"
    )
    store.table("checkpoint").create(
        {
            "id": int, "run_id": str, "attempt_id": int, "step": int, "state": str, "manifest_hash": str,
            "size_bytes": int, "eval_loss": float, "best": int, "pinned": int, "created_at": float,
        },
        pk="id",
        not_null={"run_id", "step", "state", "created_at"},
        defaults={"best": 0, "pinned": 0},
        foreign_keys=[("run_id", "run", "id"), ("attempt_id", "attempt", "id")],
        strict=True,
    )  # fmt: skip
    store.table("checkpoint").create_index(["run_id", "step"], unique=True)
    store.table("sample").create(
        {"id": int, "run_id": str, "attempt_id": int, "step": int, "prompt": str, "answer": str},
        pk="id",
        not_null={"run_id", "attempt_id", "step", "prompt", "answer"},
        foreign_keys=[("run_id", "run", "id"), ("attempt_id", "attempt", "id")],
        strict=True,
    )
    store.table("sample").create_index(["run_id", "step"])
    store.table("event").create(
        {"id": int, "run_id": str, "at": float, "step": int, "level": str, "text": str},
        pk="id",
        not_null={"run_id", "at", "level", "text"},
        foreign_keys=[("run_id", "run", "id")],
        strict=True,
    )
    store.table("event").create_index(["run_id"])
    store.table("command").create(
        {"id": int, "run_id": str, "verb": str, "created_at": float, "taken_at": float},
        pk="id",
        not_null={"run_id", "verb", "created_at"},
        foreign_keys=[("run_id", "run", "id")],
        strict=True,
    )
    store.table("command").create_index(["run_id", "taken_at"])
    store.table("heartbeat").create(
        {"run_id": str, "phase": str, "step": int, "at": float, "expect_next_s": float, "steps_per_second": float},
        pk="run_id",
        not_null={"phase", "step", "at", "expect_next_s"},
        foreign_keys=[("run_id", "run", "id")],
        strict=True,
    )


def m002_engine(store: Database) -> None:
    """The rank of a checkpoint by the metric that the run was told to look at; the lowest is the best."""
    store.execute("ALTER TABLE checkpoint ADD COLUMN rank REAL")
    store.execute("UPDATE checkpoint SET rank = eval_loss")


def m003_sweeps(store: Database) -> None:
    """Sweeps with their runs, and what a run of a special kind was asked for."""
    store.table("sweep").create(
        {
            "number": int, "id": str, "name": str, "config": str, "space": str, "sampler": str, "seed": int,
            "metric": str, "trials": int, "prune": int, "created_at": float, "ended_at": float, "summary": str,
        },
        pk="number",
        not_null={
            "id", "name", "config", "space", "sampler", "seed", "metric", "trials", "prune", "created_at",
        },
        strict=True,
    )  # fmt: skip
    store.table("sweep").create_index(["id"], unique=True)
    # sqlite-utils would make the whole table anew for a foreign key.
    store.execute("ALTER TABLE run ADD COLUMN sweep_id TEXT REFERENCES sweep(id)")
    store.execute("ALTER TABLE run ADD COLUMN options TEXT")
    store.table("run").create_index(["sweep_id"])


def m004_fits(store: Database) -> None:
    """How many rows at once fitted into the memory of a device where more did not."""
    store.table("fit").create(
        {
            "model": str, "method": str, "task": str, "device": str, "length": int, "rows": int,
            "gradient_checkpointing": int, "free_bytes": int, "at": float,
        },
        pk=["model", "method", "task", "device", "length"],
        not_null={"rows", "gradient_checkpointing", "free_bytes", "at"},
        strict=True,
    )  # fmt: skip


def m005_datasets(store: Database) -> None:
    """Versions of data sets: what made each, from which, and how many rows it has."""
    store.table("dataset").create(
        {
            "number": int, "name": str, "version": int, "role": str, "parent": str, "operation": str, "source": str,
            "rows": int, "bad_rows": int, "sha256": str, "created_at": float, "deleted_at": float,
        },
        pk="number",
        not_null={"name", "version", "role", "operation", "source", "rows", "bad_rows", "sha256", "created_at"},
        strict=True,
    )  # fmt: skip
    store.table("dataset").create_index(["name", "version"], unique=True)


def m006_kinship(store: Database) -> None:
    """The run that another one was set up like, the words that people put on runs, and ways from a run to its kin."""
    store.execute("ALTER TABLE run ADD COLUMN forked_from TEXT REFERENCES run(id)")
    for link in ("parent_run", "forked_from"):
        store.execute(f"CREATE INDEX idx_run_{link} ON run ({link}) WHERE {link} IS NOT NULL")
    store.table("tag").create({"run_id": str, "name": str}, pk=["run_id", "name"], strict=True)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    m001_first_light,
    m002_engine,
    m003_sweeps,
    m004_fits,
    m005_datasets,
    m006_kinship,
)


def migrate(db: sqlite3.Connection, home: Home) -> None:
    """Bring the store to SCHEMA_VERSION, after a backup, one process at a time."""
    with locks.waiting(home.migration_lock):
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if 0 < version < SCHEMA_VERSION:
            backup(db, home)
        for number, change in enumerate(MIGRATIONS[version:], start=version + 1):
            _apply(db, number, change)


def _apply(db: sqlite3.Connection, number: int, change: Callable[[Database], None]) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        change(Database(db))
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={number}")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def backup(db: sqlite3.Connection, home: Home) -> None:
    """A whole copy of the store under `backups/`, named by the time.

    Raises:
        StoreError: it can't be written.
    """
    target = home.backups / f"store-{time.strftime('%Y%m%d-%H%M%S')}.db"
    # What is named .db is offered when the store is lost one day: never half a copy.
    making = target.with_suffix(".making")
    try:
        home.backups.mkdir(mode=0o700, exist_ok=True)
        making.unlink(missing_ok=True)
        with closing(sqlite3.connect(making)) as copy:
            db.backup(copy)
        making.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(
            f"{home.store} is of an earlier Tunedeck, and can't be copied to {home.backups} first: {error}.",
            "Nothing was changed. Free some space there.",
        ) from error
