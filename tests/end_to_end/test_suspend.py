"""Ctrl+Z hands the terminal back to the shell, and `fg` brings the whole screen back."""

import sys
from collections.abc import Iterator

import pytest
from terminal import Terminal
from tunedeck.store.paths import Home


@pytest.fixture
def shell(environment: dict[str, str]) -> Iterator[Terminal]:
    """A shell with job control, as people have one."""
    terminal = Terminal("/bin/sh", "-i", environment=environment | {"PS1": "shell> ", "ENV": ""})
    yield terminal
    terminal.end()


def test_the_screen_is_whole_again_after_fg(seeded: Home, shell: Terminal) -> None:
    shell.until("shell> ")
    shell.press(f"{sys.executable} -m tunedeck.tui\r")
    shell.until("finished")
    shell.until_still()
    for _ in range(2):
        shell.press("\x1a")
        shell.until("Stopped")
        # The shell has its own screen and cursor, and hears its keys.
        assert b"\x1b[?1049l" in shell.seen and b"\x1b[?25h" in shell.seen
        shell.press("echo $((40+2))\r")
        shell.until("42")
        shell.press("fg\r")
        for text in ("RUNS", "learns", "finished", "lost", "Quit"):
            shell.until(text)
        shell.until_still()
    shell.press("j")
    shell.until_still()
    assert len(shell.seen) > 0
    shell.press("q")
    shell.until("`tunedeck` brings you back.")
