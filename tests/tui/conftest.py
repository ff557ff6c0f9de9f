"""A store with a run in every state, a run for the verbs, and a terminal, time zone and colours that stay the same."""

import math
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import every_state
import pytest
from bench import chat_rows, write_rows
from tunedeck.store import attempts, checkpoints, database, locks, metrics, runs, samples, sweeps
from tunedeck.store.config import checked
from tunedeck.store.paths import Home
from tunedeck.store.records import Run


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """256 colours and more, no tmux, UTC."""
    for name in ("NO_COLOR", "TMUX", "COLORFGBG", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("TZ", "UTC")):
        monkeypatch.setenv(name, value)
    # An engine for every form that is opened would be most of the tests' time.
    monkeypatch.setenv("TUNEDECK_ESTIMATES", "off")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def estimates(terminal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that is opened asks the engine what its run will need."""
    monkeypatch.delenv("TUNEDECK_ESTIMATES")


@pytest.fixture(scope="session")
def every_state_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Filled once; each test works on a copy."""
    home = Home(tmp_path_factory.mktemp("every_state") / "home")
    every_state.fill(home)
    return home


@pytest.fixture
def seeded(every_state_home: Home, home: Home) -> Iterator[Home]:
    """A home with a run in every state, and a lock that stands in for its runner."""
    shutil.copytree(every_state_home.root, home.root)
    let_go = every_state.hold(home)
    yield home
    # A runner that a test started may look at the queue only now: it must find nothing to train.
    every_state.empty_queue(home)
    let_go()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A file of two good chat rows."""
    path = tmp_path / "rows.jsonl"
    path.write_text('{"prompt": "a", "completion": "b"}\n{"prompt": "c", "completion": "d"}\n')
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that could be a model's, as far as can be seen without loading it."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    return tmp_path / "model"


@pytest.fixture
def config(tmp_path: Path, model: Path) -> Path:
    write_rows(tmp_path / "rows.jsonl", chat_rows(4))
    path = tmp_path / "run.toml"
    path.write_text('data = "rows.jsonl"\nmodel = "model"\n')
    return path


@pytest.fixture
def idle_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home where no runner can start, so that what is queued stays queued; a late one finds nothing and leaves."""
    monkeypatch.setenv("TUNEDECK_RUNNER_IDLE_SECONDS", "0")
    with locks.waiting(home.runner_lock):
        yield home
        db = database.connect(home)
        for run in [] if database.is_read_only(db) else runs.listed(db):
            runs.withdraw(db, run)
        for sweep in [] if database.is_read_only(db) else sweeps.due(db):
            sweeps.stop(db, sweep)
        db.close()


@pytest.fixture
def run(db: sqlite3.Connection, home: Home) -> Run:
    """A run that was stopped after three steps, with a bit of everything."""
    values = checked({"data": "demo:chat", "model": "demo:smollm2", "name": "first", "r": 8})
    made = runs.queue(db, home, name="first", config=values.model_dump_json(), versions={}, fingerprint="demo:chat")
    runs.claim(db)
    attempt = attempts.start(db, made.id)
    metrics.write(db, attempt.id, [("loss", 1, 3.0), ("loss", 2, math.nan), ("loss", 3, 2.0), ("eval_loss", 0, 4.0)])
    samples.write(db, made.id, attempt.id, 0, "Hi", "Ho")
    checkpoints.begin(db, made.id, attempt.id, 3)
    checkpoints.complete(db, made.id, 3, "hash", 10, None, None)
    attempts.end(db, attempt.id, 0)
    runs.finish(db, made.id, "stopped", cause="you stopped it at step 3; its state is saved")
    return runs.get(db, made.id)
