"""Copying says which way the text went, and takes the next way where one is barred."""

import os
import subprocess
import uuid
from collections.abc import Iterator

import pytest
from textual.app import App
from tunedeck.tui import clipboard


@pytest.fixture
def tmux(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A tmux server of its own; the test is inside it."""
    name = f"tunedeck-test-{uuid.uuid4().hex[:8]}"
    start = ["tmux", "-L", name, "-f", "/dev/null", "new-session", "-d", "sleep 60"]
    try:
        subprocess.run(start, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("tmux is not installed")
    told = ["tmux", "-L", name, "display-message", "-p", "#{socket_path},#{pid},0"]
    monkeypatch.setenv("TMUX", subprocess.run(told, check=True, capture_output=True, text=True).stdout.strip())
    yield name
    subprocess.run(["tmux", "-L", name, "kill-server"], check=True, capture_output=True)


async def copied(text: str) -> tuple[str, str]:
    """What was said, and what reached the app's own clipboard (OSC 52)."""
    app: App[None] = App()
    async with app.run_test() as pilot:
        said: list[str] = []
        app.run_worker(lambda: said.append(clipboard.copy(app, text, "The text")), thread=True)
        while not said:
            await pilot.pause(0.01)
        return said[0], app.clipboard


async def test_inside_tmux_the_text_goes_through_it(tmux: str) -> None:
    said, _ = await copied("wörds; `rm`\n$HOME")
    assert said == "The text was sent to tmux, and by tmux to the terminal."
    shown = subprocess.run(["tmux", "-L", tmux, "show-buffer"], check=True, capture_output=True)
    assert shown.stdout.decode() == "wörds; `rm`\n$HOME"


async def test_where_tmux_is_gone_the_terminal_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/nowhere/tmux,1,0")
    assert await copied("words") == ("The text was sent to the terminal; some ignore it.", "words")
    monkeypatch.setenv("PATH", os.devnull)
    assert await copied("words") == ("The text was sent to the terminal; some ignore it.", "words")


async def test_what_terminals_refuse_is_not_called_copied() -> None:
    assert await copied("ä" * 30_000) == ("The text is too long for a terminal's clipboard.", "")
