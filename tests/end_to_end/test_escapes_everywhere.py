"""Screens x payloads: whatever names, rows and events hold, no byte of it drives the terminal, on any screen."""

import re

import every_state
import pytest
from tally import Tally
from terminal import ESCAPE, Open, Terminal
from tunedeck.store.paths import Home

# The keys that lead from one screen to the next, and a word that only the next one's picture has.
WAY = (
    ("", "RUNS"), ("j\r", "RUN "), *[("\t", "RUN ")] * 5, ("?", "HELP"), ("q1", "RUNS"), ("g  c", "COMPARE"),
    ("\t", "COMPARE"), ("1D", "TRASH"), ("q3", "DATA"), ("6", "LINEAGE"), ("4", "MODELS"), ("7", "PLAYGROUND"),
    ("\x1b", ""), ("8", "SYSTEM"), ("1n", "NEW RUN"), ("p", "PRESETS"), ("q", "NEW RUN"), ("\x1b", ""), (":", ""),
    ("ended", ""),
)  # fmt: skip
SIZE = (120, 40)
CONTROLS = re.compile(r"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def written(terminal: Terminal, keys: str, word: str) -> bytes:
    """All that is written after the keys, and when the whole picture is asked for anew."""
    terminal.press(keys)
    terminal.until_still(0.3)
    came = terminal.seen
    terminal.seen = b""
    terminal.resize((40, 10))
    terminal.resize(SIZE)
    if word:
        terminal.until(word)
    terminal.until_still(0.3)
    return came + terminal.seen


@pytest.mark.slow
@pytest.mark.parametrize("kind", every_state.HOSTILE)
def test_no_payload_drives_the_terminal_on_any_screen(kind: str, home: Home, open_app: Open, tally: Tally) -> None:
    every_state.fill_hostile(home, every_state.HOSTILE[kind])
    let_go = every_state.hold(home)
    terminal = open_app(size=SIZE)
    terminal.until("RUNS")
    for keys, word in WAY:
        came = written(terminal, keys, word)
        rest = ESCAPE.sub(b"", came).decode("utf-8")
        found = CONTROLS.findall(rest) + [code for code in ESCAPE.findall(came) if b"31337" in code]
        tally.add([f"{found} after {keys!r}"] if found else [])
    let_go()
    assert terminal.process.poll() is None
