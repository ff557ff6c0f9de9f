"""The app in a real terminal: what it writes there, when it writes nothing, and how it ends when the terminal does."""

import re
import subprocess
import sys
import time

import every_state
import pytest
from terminal import ESCAPE, Open, cpu_seconds
from tunedeck.store.paths import Home


def test_the_first_picture_has_the_runs_and_then_nothing_is_written(seeded: Home, open_app: Open) -> None:
    terminal = open_app()
    for name in ("learns", "finished", "diverged", "lost"):
        terminal.until(name)
    terminal.until_still()
    assert terminal.read(2) == b""


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
def test_keys_arrive_and_a_step_in_the_list_costs_less_than_a_kilobyte(
    seeded: Home, open_app: Open, size: tuple[int, int]
) -> None:
    terminal = open_app(size=size)
    terminal.until("finished")
    terminal.until_still()
    terminal.press("n")
    terminal.until("NEW RUN")
    # Textual sends once more, with the first key after it, what a new screen has laid out.
    terminal.press("j")
    terminal.until_still()
    for key in "jkj":
        terminal.press(key)
        terminal.until_still(0.3)
        assert 0 < len(terminal.seen) < 1000


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
def test_a_question_writes_itself_and_not_the_screen_behind_it(
    seeded: Home, open_app: Open, size: tuple[int, int]
) -> None:
    terminal = open_app(size=size)
    terminal.until("finished")
    terminal.until_still()
    whole = len(terminal.seen)
    for keys, sign in (("s", "n no"), ("n", "")):
        terminal.press(keys)
        terminal.until(sign)
        terminal.until_still()
        assert 0 < len(terminal.seen) < whole / 3


@pytest.mark.parametrize("keys", ["", "s"])
def test_a_terminal_that_was_small_for_a_moment_is_written_anew(seeded: Home, open_app: Open, keys: str) -> None:
    terminal = open_app()
    terminal.until("finished")
    terminal.until_still()
    terminal.press(keys)
    terminal.until_still()
    terminal.seen = b""
    # The app is told once, of the size that it knows.
    terminal.resize((40, 10))
    terminal.resize((80, 24))
    for text in ("RUNS", "learns", "finished", "Quit"):
        terminal.until(text)


@pytest.mark.parametrize("kinds", ["escapes C1", "direction markup"])
def test_no_escape_of_the_data_reaches_the_terminal(home: Home, open_app: Open, kinds: str) -> None:
    every_state.fill_hostile(home, " ".join(every_state.HOSTILE[kind] for kind in kinds.split()))
    let_go = every_state.hold(home)
    terminal = open_app(size=(120, 40))
    terminal.until("RUNS")
    written = b""
    for keys in ("", "?", "q", "s", "\x1b", "\r", "q", "j\r", *["\t"] * 6, "q", "n"):
        terminal.press(keys)
        terminal.until_still(0.2)
        written += terminal.seen
    let_go()
    assert "NEW RUN" in terminal.text
    assert b"31337m" not in b"".join(ESCAPE.findall(written))
    rest = ESCAPE.sub(b"", written).decode("utf-8")
    assert not re.search(r"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", rest)


@pytest.mark.parametrize("hangup", ["default", "blocked", "ignored"])
def test_the_app_ends_with_its_terminal(seeded: Home, open_app: Open, hangup: str) -> None:
    terminal = open_app(hangup=hangup)
    terminal.until("finished")
    terminal.until_still()
    used = used_before = cpu_seconds(terminal.process.pid)
    terminal.close()
    closed_at = time.monotonic()
    while terminal.process.poll() is None and time.monotonic() - closed_at < 5:
        used = max(used, cpu_seconds(terminal.process.pid))
        time.sleep(0.01)
    assert terminal.process.returncode == 129
    assert time.monotonic() - closed_at < 1 and used - used_before < 0.5


def test_q_ends_the_app_and_says_what_goes_on(seeded: Home, open_app: Open) -> None:
    terminal = open_app()
    terminal.until("finished")
    terminal.press("q")
    terminal.until("`tunedeck` brings you back.")
    assert terminal.process.wait(5) == 0
    said = terminal.text
    assert "learns" in said and "is running, step 120/200: it goes on." in said
    assert "waits" in said and "is queued: it goes on." in said
    # The screen is given back: the alternate buffer left, the cursor shown.
    assert b"\x1b[?1049l" in terminal.seen and b"\x1b[?25h" in terminal.seen


def test_without_a_terminal_the_app_says_what_works(seeded: Home, environment: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", "tunedeck.tui"], env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert "the app needs a terminal" in done.stderr
