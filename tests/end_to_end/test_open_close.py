"""The app opened and closed again and again while a run trains: that changes nothing of the run (FAULTS 1)."""

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tally import Tally
from terminal import Open, Terminal
from tunedeck.engine.faults import kills, tiny
from tunedeck.engine.faults.lab import Lab
from tunedeck.store import commands
from tunedeck.store.records import Run


def by_its_key(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.process.wait(10) == 0
    terminal.close()


def by_a_connection_that_drops(terminal: Terminal) -> None:
    terminal.close()
    assert terminal.process.wait(10) == 129


def by_a_kill(terminal: Terminal) -> None:
    terminal.process.kill()
    assert terminal.process.wait(10) == -signal.SIGKILL
    terminal.close()


CYCLES = 100
WAYS = (by_its_key, by_a_connection_that_drops, by_a_kill)


@pytest.fixture
def labs(tmp_path: Path) -> Iterator[tuple[Lab, Lab]]:
    """The home of the test, which the app opens, and another that is left in peace."""
    parts = tiny.make(tmp_path)
    with closing(Lab(tmp_path, parts)) as watched, closing(Lab(tmp_path / "calm", parts)) as calm:
        yield watched, calm


@pytest.mark.slow
def test_opening_and_closing_the_app_changes_nothing(labs: tuple[Lab, Lab], open_app: Open, tally: Tally) -> None:
    watched, calm = labs
    run, straight = (lab.queue(name="goes on", max_steps=100_000, save_steps=50) for lab in labs)
    watched.start_runner()
    watched.until(lambda: watched.reached(run) > 5, "the run trains")
    pid = watched.engine_pid(run)
    for cycle in range(CYCLES):
        terminal = open_app(size=(100, 30))
        terminal.until("goes on")
        WAYS[cycle % len(WAYS)](terminal)
        tally.add([] if watched.now(run).state == "running" else ["the run"])
    assert watched.engine_pid(run) == pid
    commands.ask(watched.db, run.id, "stop")
    assert watched.wait_until_ended(run).state == "stopped"
    _is_like_straight(watched, run, calm, straight)


def _is_like_straight(watched: Lab, run: Run, calm: Lab, straight: Run) -> None:
    """Every update of the one is that of the other, which nobody looked at, and none is missing."""
    calm.start_runner()
    until = watched.reached(run)
    calm.until(lambda: calm.reached(straight) >= until, "the straight run is as far", 600)
    commands.ask(calm.db, straight.id, "stop")
    calm.wait_until_ended(straight)
    expected = [(step, loss) for step, loss in kills.losses(calm, straight) if step <= until]
    assert kills.differing(kills.losses(watched, run), expected) == []
