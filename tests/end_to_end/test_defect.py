"""A defect of the app itself: one sentence in the terminal as it was, and the traceback in a file, without data."""

import sys

from terminal import Terminal
from tunedeck.store.paths import Home

_BROKEN = """
from tunedeck.store.paths import Home
from tunedeck.tui.app import TunedeckApp

def broken(self):
    secret = "hf_planted"
    raise RuntimeError("boom \\x1b[31m[/]")

TunedeckApp.on_key = broken
TunedeckApp(Home.default()).run()
"""


def test_a_defect_is_a_sentence_and_a_file(seeded: Home, environment: dict[str, str]) -> None:
    terminal = Terminal(sys.executable, "-P", "-c", _BROKEN, environment=environment)
    terminal.until("finished")
    terminal.press("j")
    terminal.until("for a report.")
    said = " ".join(terminal.text.split())
    assert "RuntimeError: boom [31m[/]. That is a defect;" in said
    assert "Traceback" not in said and "hf_planted" not in said
    kept = (seeded.root / "defect.txt").read_text()
    assert kept.startswith("Traceback") and "in broken" in kept and "hf_planted" not in kept
    terminal.end()
