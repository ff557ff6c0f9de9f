"""A store with a run in every state, and a terminal, time zone and colours that are always the same."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import every_state
import pytest
from tunedeck.store.paths import Home


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """256 colours and more, no tmux, UTC."""
    for name in ("NO_COLOR", "TMUX", "COLORFGBG", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("TZ", "UTC")):
        monkeypatch.setenv(name, value)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


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
