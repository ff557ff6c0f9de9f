"""The comparison with other trainers in the app: what was found before, a new one, and why it is not begun twice."""

import threading
from collections.abc import Iterator
from typing import Any

import compared
from cockpit import opened
from keyboard import covers
from pictures import compare
from tunedeck.store import benches
from tunedeck.store.errors import StateError
from tunedeck.store.paths import Home
from tunedeck.tui.engine_process import Ending
from tunedeck.tui.screens.speed import SpeedScreen

Told = Iterator[dict[str, Any]]


async def test_what_was_found_before_looks_so(home: Home) -> None:
    benches.keep(home, compared.facts())
    async with opened(home) as cockpit:
        await cockpit.press("colon")
        await cockpit.type("speed")
        await cockpit.press("enter")
        await cockpit.until_shown("SPEED   chat-lora", "hf_best", "2.52x")
        await compare(cockpit, "speed")


@covers(SpeedScreen, "w", "r")
async def test_a_work_is_chosen_and_trained(home: Home, keys: tuple[str, ...]) -> None:
    asked = list[list[str]]()

    def found(home: Home, options: list[str], ending: Ending) -> Told:
        asked.append(options)
        yield {"progress": "tunedeck: 6.30 examples/s"}
        yield compared.facts("classify-full") | {"kept": "Kept in a file."}

    async with opened(home) as cockpit:
        cockpit.app.push_screen(SpeedScreen(found))
        await cockpit.until_shown("Not compared yet: r begins, w takes another work.")
        await cockpit.press(keys[0])
        await cockpit.until_shown("SPEED   classify-full")
        await cockpit.press(keys[1])
        await cockpit.until_shown("Kept in a file.", "trl_best", "void")
        assert asked == [["--work=classify-full"]]


async def test_it_is_not_begun_twice_and_leaving_ends_it(home: Home) -> None:
    goes_on, endings = threading.Event(), list[Ending]()

    def found(home: Home, options: list[str], ending: Ending) -> Told:
        endings.append(ending)
        yield {"progress": "tunedeck: 6.30 examples/s"}
        goes_on.wait(20)

    async with opened(home) as cockpit:
        cockpit.app.push_screen(SpeedScreen(found))
        await cockpit.until_shown("Not compared yet")
        await cockpit.press("r")
        await cockpit.until_shown("tunedeck: 6.30 examples/s")
        for key in ("r", "w"):
            await cockpit.press(key)
            assert cockpit.status.startswith("! It is under way")
        await cockpit.press("q")
        await cockpit.until(lambda: endings[0]._is_wanted, "the engine is to end")
        goes_on.set()


async def test_why_there_is_no_comparison_is_said(home: Home) -> None:
    def found(home: Home, options: list[str], ending: Ending) -> Told:
        yield {"progress": "chat-lora"}
        raise StateError("trl is not installed.", "Install it: pip install 'tunedeck[bench]'.")

    benches.keep(home, compared.facts())
    (home.benches / "0.json").write_text("{}")
    async with opened(home) as cockpit:
        cockpit.app.push_screen(SpeedScreen(found))
        await cockpit.until_shown("Not compared yet")
        await cockpit.until(lambda: "0.json can't be read" in cockpit.status, "the file is named")
        await cockpit.press("r")
        await cockpit.until(lambda: cockpit.status.startswith("✗ trl is not installed."), "the reason is told")
