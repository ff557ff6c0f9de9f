"""What the app imports, and when; and that its event loop is left alone by whatever takes time."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import every_state
import pytest
from cockpit import opened
from tunedeck import tui
from tunedeck.store import metrics, overview
from tunedeck.store.paths import Home
from tunedeck.tui import points
from tunedeck.tui.charts import plot
from tunedeck.tui.screens import run_texts
from tunedeck.tui.screens.run import RunScreen

ENGINE_ONLY = ("torch", "transformers", "datasets", "peft", "accelerate", "tokenizers", "tunedeck.engine")
LATER = ("pydantic", "numpy", "plotext", "sqlite_utils", "tunedeck.store.config", "importlib.metadata")

_IMPORTED = """
import sys
import tunedeck.tui.app
print(*sys.modules, sep="\\n")
"""
_PAINTED = """
import asyncio, sys
import tunedeck.tui.app
from pathlib import Path
from tunedeck.store.paths import Home
from tunedeck.tui.app import TunedeckApp

class Watched(TunedeckApp):
    CSS_PATH = Path(tunedeck.tui.app.__file__).with_name("tunedeck.tcss")

    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        if renderable is not None and not hasattr(self, "painted"):
            self.painted = list(sys.modules)

async def main():
    app = Watched(Home(Path(sys.argv[1])))
    async with app.run_test() as pilot:
        await pilot.pause(1)
    print(*app.painted, sep="\\n")
    print("--later--")
    print(*sys.modules, sep="\\n")

asyncio.run(main())
"""


def told_by(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("module", [*ENGINE_ONLY, *LATER])
def test_the_app_is_imported_without(module: str, imported: set[str]) -> None:
    assert module not in imported


@pytest.fixture(scope="module")
def imported() -> set[str]:
    return set(told_by(_IMPORTED).split())


def test_the_first_picture_is_painted_before_what_only_later_keys_need(seeded: Home) -> None:
    painted, later = told_by(_PAINTED, str(seeded.root)).split("--later--")
    assert not {*ENGINE_ONLY, "pydantic", "numpy", "plotext"} & set(painted.split())
    assert {"pydantic", "numpy", "plotext"} <= set(later.split())
    assert not set(ENGINE_ONLY) & set(later.split())


async def test_reading_and_drawing_never_run_in_the_event_loop(seeded: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    loop, called = threading.get_ident(), set()

    def watched(module: object, name: str) -> None:
        original = getattr(module, name)

        def call(*arguments: object, **options: object) -> object:
            assert threading.get_ident() != loop, f"{name} holds up the event loop"
            called.add(name)
            return original(*arguments, **options)

        monkeypatch.setattr(module, name, call)

    for module, name in (
        (overview, "first_of_all"),
        (metrics, "series"),
        (plot, "draw"),
        (points.PointsReader, "loss"),
    ):
        watched(module, name)
    for tab, read in run_texts.READ.items():
        monkeypatch.setattr(run_texts, f"_{tab}", read, raising=False)
        watched(run_texts, f"_{tab}")
        monkeypatch.setitem(run_texts.READ, tab, getattr(run_texts, f"_{tab}"))
    async with opened(seeded, (120, 40)) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["finished"].id)
        await cockpit.until_still()
        await cockpit.press("enter")
        for _ in RunScreen.PANES[1:]:
            await cockpit.until_still()
            await cockpit.press("tab")
    assert called == {"first_of_all", "series", "draw", "loss", *(f"_{tab}" for tab in run_texts.READ)}


def test_no_handler_calls_that_of_its_base() -> None:
    """Textual calls the handler of every class by itself: it would run twice; `on_event`, which does that, is none."""
    calls = re.compile(r"super\(\)\.on_(?!event\b)")
    found = [file for file in Path(tui.__path__[0]).rglob("*.py") if calls.search(file.read_text())]
    assert found == []
