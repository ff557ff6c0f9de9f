"""The self-test in the app: begun by a key, growing as it goes, told when it is done, and ended by leaving."""

import threading
from collections.abc import Iterator

from cockpit import opened
from keyboard import covers, shown
from tunedeck.store.errors import StateError
from tunedeck.store.paths import Home
from tunedeck.tui.engine_process import Ending
from tunedeck.tui.screens.self_test import SelfTestScreen
from tunedeck.tui.self_test import ADVICE, Trial

KILLED = Trial("killed in mid-save", 1000, 0)
LOST = Trial("planted token", 3, 1, ["log.txt \x1b[2Jholds it"])


@covers(SelfTestScreen, "r")
async def test_a_key_begins_it_and_what_is_lost_is_told(home: Home, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        for found, told in (([KILLED], "Nothing was lost. (0 s)"), ([KILLED, LOST], ADVICE[:40])):
            cockpit.app.push_screen(SelfTestScreen(lambda ending, found=found: iter(found)))
            await cockpit.until_shown("SELF-TEST", "touches nothing of yours.")
            await cockpit.press(*keys)
            await cockpit.until_shown("killed in mid-save", "1,000", told)
        await cockpit.until_shown("log.txt [2Jholds it")


async def test_one_that_breaks_off_does_not_say_that_nothing_was_lost(home: Home) -> None:
    def inject(ending: Ending) -> Iterator[Trial]:
        yield KILLED
        raise StateError("Not within 120 s: a step is made.")

    async with opened(home) as cockpit:
        cockpit.app.push_screen(SelfTestScreen(inject))
        await cockpit.until_shown("SELF-TEST")
        await cockpit.press("r")
        await cockpit.until_shown("killed in mid-save", "Not within 120 s: a step is made.")


async def test_it_is_not_begun_twice_and_leaving_ends_it(home: Home) -> None:
    goes_on, endings = threading.Event(), list[Ending]()

    def inject(ending: Ending) -> Iterator[Trial]:
        endings.append(ending)
        yield KILLED
        goes_on.wait(20)

    async with opened(home) as cockpit:
        cockpit.app.push_screen(SelfTestScreen(inject))
        await cockpit.until_shown("SELF-TEST")
        await cockpit.press("r")
        await cockpit.until_shown("killed in mid-save")
        await cockpit.press("r")
        await cockpit.until_shown("It is under way; leaving the screen ends it.")
        await cockpit.press("q")
        await cockpit.until(lambda: endings[0]._is_wanted, "the engine is to end")
        assert len(endings) == 1
        goes_on.set()


async def test_it_is_found_by_its_name(home: Home) -> None:
    async with opened(home) as cockpit:
        await cockpit.press("colon", *"self-test")
        await cockpit.press("enter")
        await cockpit.until(shown(cockpit, SelfTestScreen), "it is open")
