"""The rows of the store as both programs see them."""

import sqlite3
from dataclasses import dataclass
from typing import Any, Self


class Record:
    """A frozen dataclass made from a row whose columns have the fields' names."""

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        return cls(**{name: row[name] for name in cls.__dataclass_fields__})  # pyright: ignore[reportAttributeAccessIssue]


@dataclass(frozen=True)
class Run(Record):
    """One run; `config`, `versions`, `summary` and `options` are JSON texts, times are seconds since 1970."""

    number: int
    id: str
    name: str
    state: str
    kind: str
    config: str
    versions: str
    fingerprint: str
    created_at: float
    queue_position: int | None
    total_steps: int | None
    parent_run: str | None
    parent_checkpoint: int | None
    cause: str | None
    summary: str | None
    deleted_at: float | None
    sweep_id: str | None
    options: str | None
    forked_from: str | None


@dataclass(frozen=True)
class Sweep(Record):
    """Runs that differ in a few knobs; `config` (of the base) and `space` are JSON texts, `summary` is a sentence."""

    number: int
    id: str
    name: str
    config: str
    space: str
    sampler: str
    seed: int
    metric: str
    trials: int
    prune: int
    created_at: float
    ended_at: float | None
    summary: str | None


@dataclass(frozen=True)
class Attempt(Record):
    """One start or resume of a run: the process that did it, from which step, and how it ended."""

    id: int
    run_id: str
    start_step: int
    pid: int | None
    process_start: str | None
    boot_id: str | None
    started_at: float
    ended_at: float | None
    exit_code: int | None


@dataclass(frozen=True)
class Checkpoint(Record):
    """A saved state of a run; `state` is writing, complete, bad or deleted."""

    id: int
    run_id: str
    attempt_id: int
    step: int
    state: str
    manifest_hash: str | None
    size_bytes: int | None
    eval_loss: float | None
    rank: float | None
    best: int
    pinned: int
    created_at: float


@dataclass(frozen=True)
class Sample(Record):
    """What the model answered to a fixed prompt at a step; step 0 is the base model."""

    id: int
    run_id: str
    attempt_id: int
    step: int
    prompt: str
    answer: str


@dataclass(frozen=True)
class Event(Record):
    """Something that happened to a run, in words; `level` is info, warning or error."""

    id: int
    run_id: str
    at: float
    step: int | None
    level: str
    text: str


@dataclass(frozen=True)
class Heartbeat(Record):
    """What the engine does now, and by when it promised to say so again."""

    run_id: str
    phase: str
    step: int
    at: float
    expect_next_s: float
    steps_per_second: float | None

    def late_by(self, now: float) -> float:
        """Seconds past the promise; negative when it still has time."""
        return now - self.at - self.expect_next_s


@dataclass(frozen=True)
class Fit(Record):
    """So many rows of so many tokens fit into memory at once, and more does not; with gradient checkpointing or not."""

    rows: int
    length: int
    gradient_checkpointing: int

    @property
    def tokens(self) -> int:
        """The tokens that fit at once, padding counted, in however many rows."""
        return self.rows * self.length


def one(cls: type[Any], row: sqlite3.Row | None) -> Any:
    return None if row is None else cls.of(row)
