"""The app inside a real tmux, as over SSH: every place, the palette, a copied id, another size, a day of work."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import every_state
import pytest
from tunedeck.store import commands, database
from tunedeck.store.paths import Home

_PATIENCE_SECONDS = 60.0
PLACES = {
    "3": "DATA", "4": "MODELS", "6": "LINEAGE", "7": "PLAYGROUND", "1": "RUNS", "5": "NEW RUN", "q": "RUNS",
    "8": "SYSTEM", "2": "COMPARE", "Escape": "RUNS",
}  # fmt: skip

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")


class Tmux:
    """A server of its own with one window."""

    def __init__(self, folder: Path, environment: dict[str, str], term: str, size: tuple[int, int]) -> None:
        self._command = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        columns, lines = map(str, size)
        # What runs inside gets its TERM from the server, as in anybody's tmux.
        self.do("new-session", "-d", "-x", columns, "-y", lines, "sleep 600", environment=environment)
        self.do("set-option", "-g", "default-terminal", term)
        app = shlex.join([sys.executable, "-P", "-m", "tunedeck.tui"])
        self.do("respawn-window", "-k", f"{app}; echo; echo left; sleep 600")

    def do(self, *arguments: str, environment: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            [*self._command, *arguments], env=environment, check=True, capture_output=True, text=True, timeout=30
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        for key in keys:
            self.do("send-keys", key)

    @property
    def picture(self) -> str:
        return self.do("capture-pane", "-p")

    def until(self, happened: Callable[[str], bool], what: str) -> str:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not happened(picture := self.picture):
            assert time.monotonic() < deadline, f"never came: {what}\n{picture}"
            time.sleep(0.1)
        return picture

    def until_shown(self, text: str) -> str:
        return self.until(lambda picture: text in picture, text)

    def end(self) -> None:
        subprocess.run([*self._command, "kill-server"], check=False, capture_output=True, timeout=30)


@pytest.fixture(params=["screen", "tmux-256color", "NO_COLOR"])
def tmux(request: pytest.FixtureRequest, seeded: Home, environment: dict[str, str], tmp_path: Path) -> Iterator[Tmux]:
    told = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")} | {
        name: value for name, value in environment.items() if name.startswith("TUNEDECK_")
    }
    plain = request.param == "NO_COLOR"
    tmux = Tmux(tmp_path, told | ({"NO_COLOR": "1"} if plain else {}), "screen" if plain else request.param, (80, 24))
    yield tmux
    tmux.end()


def test_the_main_path(tmux: Tmux, seeded: Home) -> None:
    tmux.until_shown("finished")
    for key, heading in PLACES.items():
        tmux.press(key)
        tmux.until(lambda picture, heading=heading: picture.startswith(f" {heading}"), heading)
    tmux.press("g", "y")
    newest = every_state.by_name(seeded)["waits"].id
    tmux.until_shown("was sent to tmux")
    assert tmux.do("show-buffer") == newest
    tmux.press(":")
    tmux.until_shown("What it does")
    tmux.press(*"theme", "Escape")
    tmux.do("resize-window", "-x", "160", "-y", "48")
    tmux.until(_is_large, "the list in the larger window")
    tmux.press("q")
    tmux.until_shown("`tunedeck` brings you back.")
    tmux.until_shown("left")


@pytest.mark.parametrize("tmux", ["screen"], indirect=True)
def test_runs_are_filtered_compared_opened_forked_and_stopped(tmux: Tmux, seeded: Home) -> None:
    runs = every_state.by_name(seeded)
    tmux.until_shown("finished")
    tmux.press("/")
    tmux.until_shown("best<1.2, age<2d")
    tmux.press(*"state=completed", "Enter")
    tmux.until(lambda picture: "finished" in picture and "learns" not in picture, "the filtered list")
    tmux.press("Space", "q")
    tmux.until_shown("learns")
    tmux.press("g", "j", "Space", "c")
    tmux.until(lambda picture: picture.startswith(" COMPARE   A finished   B learns"), "the comparison")
    tmux.press("Tab")
    tmux.until_shown("[knobs]")
    tmux.press("q", "g", "j", "Enter")
    tmux.until(lambda picture: picture.startswith(" RUN learns"), "the run")
    tmux.press("Tab", "Tab")
    tmux.until_shown("I am a robot.")
    tmux.press("f")
    tmux.until_shown("A run like learns: change what is to be different.")
    tmux.press("C")
    tmux.until_shown("tunedeck fork")
    tmux.press("Escape")
    # With a key right behind it, it would be alt and that key.
    tmux.until(lambda picture: "tunedeck fork" not in picture, "the form alone")
    tmux.press("q", "s")
    tmux.until_shown("Save learns and stop it?")
    tmux.press("y")
    tmux.until_shown("learns will save its state and stop.")
    with closing(database.connect(seeded)) as db:
        assert commands.pending(db, runs["learns"].id) == ["stop"]


def _is_large(picture: str) -> bool:
    lines = picture.splitlines()
    return len(lines) == 48 and lines[0].startswith(" RUNS") and "Quit" in lines[-1]
