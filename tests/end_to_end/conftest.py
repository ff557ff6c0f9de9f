"""The app in a terminal of its own, on stores like those of the other tests."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import every_state
import pytest
from terminal import APP, Open, Terminal, of_terminal
from tunedeck.store.paths import Home
from tunedeck.tui import settings

# The tiny tokenizer is made where the engine's tests are.
sys.path.append(str(Path(__file__).parent.parent / "engine"))


@pytest.fixture
def environment(home: Home) -> dict[str, str]:
    """A plain terminal with 256 colours; the store's folders are those of the test, whose user knows the tour."""
    settings.remember("The tour", tour_shown=True)
    return of_terminal(os.environ) | {"TUNEDECK_RUNNER_IDLE_SECONDS": "1"}


@pytest.fixture
def open_app(environment: dict[str, str]) -> Iterator[Open]:
    """Opens the app; what is still open at the end of the test is ended."""
    opened: list[Terminal] = []

    def open_one(*arguments: str, **options: object) -> Terminal:
        opened.append(Terminal(*APP, *arguments, environment=environment, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.end()


@pytest.fixture
def seeded(home: Home) -> Iterator[Home]:
    """A home with a run in every state, and a lock that stands in for its runner."""
    every_state.fill(home)
    let_go = every_state.hold(home)
    yield home
    let_go()
