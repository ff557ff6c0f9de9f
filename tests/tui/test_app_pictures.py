"""What every screen looks like, as text."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import every_state
import pytest
from cockpit import Cockpit, opened
from keyboard import SCREENS, Kind
from looks import LOOKS, NO_COLOR, Look
from pictures import FOLDER, IN_ALL_LOOKS, LARGE, LOOKS_FOLDER, SMALL, compare, file_name
from tunedeck.store.paths import Home
from tunedeck.tui.app import TunedeckApp
from tunedeck.tui.screens.deck import DeckScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.self_test import SelfTestScreen
from tunedeck.tui.self_test import Trial

# What is text alone looks the same at any size.
SMALL_ONLY = {
    "ask-kill",
    "run-queued",
    "run-errors",
    "run-log",
    "run-events",
    "run-no-samples",
    "run-no-log",
    "run-no-checkpoint",
}


async def on_run(cockpit: Cockpit, name: str, *pressed: str) -> None:
    await cockpit.go_to(every_state.by_name(cockpit.app.home)[name].id)
    await cockpit.press(*pressed)


async def asked(cockpit: Cockpit, name: str, *pressed: str) -> None:
    """A question over the list, once the run's preview is drawn: none is while something stands before it."""
    await on_run(cockpit, name)
    await cockpit.until_still()
    await cockpit.press(*pressed)


async def on_pane(cockpit: Cockpit, name: str, pane: str, text: str) -> None:
    """A pane of a run, once what is read for it is there: an empty one stands still too."""
    await on_run(cockpit, name, "enter", *["tab"] * RunScreen.PANES.index(pane))
    await cockpit.until_shown(text)


async def on_knob(cockpit: Cockpit, name: str, *pressed: str) -> None:
    await cockpit.press("n")
    await cockpit.go_to(name)
    await cockpit.press(*pressed)


async def on_charts(cockpit: Cockpit, *pressed: str) -> None:
    """The charts of a run that was resumed, once they are there: keys wait for the points."""
    await on_run(cockpit, "finished", "enter")
    await cockpit.until_shown("─ train")
    await cockpit.press(*pressed)


async def on_comparison(cockpit: Cockpit, *pressed: str) -> None:
    found = every_state.by_name(cockpit.app.home)
    for name in ("finished", "paused", "learns"):
        await cockpit.go_to(found[name].id)
        await cockpit.press("space")
    await cockpit.press("c")
    await cockpit.until_shown("A finished   B paused", "held-out loss")
    await cockpit.press(*pressed)


async def on_crosshair(cockpit: Cockpit) -> None:
    await on_charts(cockpit, "x", *["less_than_sign"] * 9)
    # Whether what x says still stands depends on how long the keys took.
    assert isinstance(cockpit.app.screen, DeckScreen)
    cockpit.app.screen.say("")


async def on_self_test(cockpit: Cockpit) -> None:
    found = [Trial("killed in mid-save", 1000, 0), Trial("planted token", 3, 1, ["log.txt holds it"])]
    cockpit.app.push_screen(SelfTestScreen(lambda ending: iter(found)))
    await cockpit.press("r")
    await cockpit.until_shown("planted token", "Something was lost.")


Lead = Callable[[Cockpit], Awaitable[None]]
PICTURES: dict[str, Lead] = {
    "runs": lambda cockpit: on_run(cockpit, "learns"),
    "runs-help": lambda cockpit: on_run(cockpit, "learns", "question_mark"),
    "ask-stop": lambda cockpit: asked(cockpit, "learns", "s"),
    "ask-kill": lambda cockpit: asked(cockpit, "is stopping", "s"),
    "ask-vary": lambda cockpit: on_knob(cockpit, "r", "V"),
    "ask-tag": lambda cockpit: asked(cockpit, "learns", "number_sign"),
    "ask-export": lambda cockpit: asked(cockpit, "finished", "e", "tab"),
    "run-queued": lambda cockpit: on_run(cockpit, "waits", "enter"),
    "run-running": lambda cockpit: on_run(cockpit, "learns", "enter"),
    "run-failed": lambda cockpit: on_run(cockpit, "diverged", "enter"),
    "run-resumed": lambda cockpit: on_run(cockpit, "finished", "enter"),
    "run-one-chart": lambda cockpit: on_run(cockpit, "finished", "enter", "right_square_bracket", "L"),
    "run-by-tokens": lambda cockpit: on_charts(cockpit, "a", "tilde"),
    "run-crosshair": lambda cockpit: on_crosshair(cockpit),
    "run-classifier": lambda cockpit: on_run(cockpit, "paused", "enter"),
    "run-errors": lambda cockpit: on_pane(cockpit, "paused", "errors", "A dull film"),
    "run-samples": lambda cockpit: on_pane(cockpit, "finished", "samples", "> What are you?"),
    "run-log": lambda cockpit: on_pane(cockpit, "finished", "log", "step 186"),
    "run-events": lambda cockpit: on_pane(cockpit, "finished", "events", "897 rows read"),
    "run-config": lambda cockpit: on_pane(cockpit, "finished", "config", "* name"),
    "run-checkpoints": lambda cockpit: on_pane(cockpit, "finished", "checkpoints", "59.0 MB"),
    "run-no-samples": lambda cockpit: on_pane(cockpit, "lost", "samples", "No samples yet"),
    "run-no-log": lambda cockpit: on_pane(cockpit, "lost", "log", "Nothing logged yet"),
    "run-no-checkpoint": lambda cockpit: on_pane(cockpit, "waits", "checkpoints", "No checkpoint yet"),
    "self-test": lambda cockpit: on_self_test(cockpit),
    "compare": lambda cockpit: on_comparison(cockpit),
    "compare-by-time": lambda cockpit: on_comparison(cockpit, "a", "a"),
    "new-run": lambda cockpit: on_knob(cockpit, "data"),
    "new-run-editing": lambda cockpit: on_knob(cockpit, "lora_dropout", "enter"),
    "new-run-refused": lambda cockpit: on_knob(cockpit, "r", "enter", "x", "enter", "G", "L"),
}


TAKEN = [(name, SMALL) for name in PICTURES] + [(name, LARGE) for name in PICTURES if name not in SMALL_ONLY]


@pytest.mark.parametrize(("name", "size"), TAKEN, ids=[file_name(*taken) for taken in TAKEN])
async def test_a_screen_looks_as_it_did(seeded: Home, name: str, size: tuple[int, int]) -> None:
    async with opened(seeded, size) as cockpit:
        await PICTURES[name](cockpit)
        await compare(cockpit, name, size)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_an_empty_store_says_what_to_do(home: Home, size: tuple[int, int]) -> None:
    async with opened(home, size) as cockpit:
        await cockpit.until_shown("Press n to set one up")
        await compare(cockpit, "empty", size)
        await cockpit.press("s")
        assert cockpit.status == "! There is no run yet: n sets one up."


async def test_ascii_is_all_that_is_shown_where_no_more_is_wanted(seeded: Home) -> None:
    async with opened(seeded, SMALL, ascii_only=True) as cockpit:
        await on_run(cockpit, "diverged")
        await compare(cockpit, "ascii", SMALL)
        for key in ("s", "question_mark", "q", "enter", "tab", "question_mark", "q", "q", "r", "s", "n", "n", "enter"):
            await cockpit.press(key)
            await cockpit.pilot.pause(0.1)
            assert "\n".join(cockpit.picture()).isascii()


async def test_a_store_that_cannot_be_read_is_not_shown_as_empty(home: Home) -> None:
    home.root.mkdir()
    home.store.write_text("not a database, and longer than the header of one" * 20)
    app = TunedeckApp(home)
    async with app.run_test(size=(160, 24)) as pilot:
        cockpit = Cockpit(app, pilot)
        await cockpit.until_shown("✗", "can't be read: file is not a database. Nothing was changed.")
        assert "No runs yet" not in "\n".join(cockpit.picture())


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_has_its_pictures(screen: Kind) -> None:
    """Small and large, as text and in every look; `compare` makes them where the screen stands in front."""
    for size in (SMALL, LARGE):
        name = f"{file_name(IN_ALL_LOOKS[screen], size)}.txt"
        assert (FOLDER / name).exists()
        looks = (LOOKS_FOLDER / name).read_text(encoding="utf-8")
        assert [line for line in looks.splitlines() if line.startswith("[")] == [f"[{look}]" for look in LOOKS]


async def test_a_terminal_without_colours_gets_the_look_that_is_kept(
    seeded: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pictures change the look of an app that is open; here it starts so."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(seeded, SMALL) as cockpit:
        await PICTURES["runs"](cockpit)
        await cockpit.until_still()
        kept = (LOOKS_FOLDER / f"{file_name('runs', SMALL)}.txt").read_text(encoding="utf-8")
        assert kept.endswith(f"\n{Look(NO_COLOR, cockpit.strips())}")


def test_no_picture_is_left_over() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for file in (*FOLDER.iterdir(), *LOOKS_FOLDER.iterdir()):
        name = file.stem.rpartition("-")[0]
        assert f'"{name}"' in tests or f'f"{name.partition("-")[0]}-{{' in tests, f"{file.name} is of no test"
