"""The help of a screen: what it is for, its keys as they are, and enter does what the key under the cursor does."""

import every_state
import pytest
from cockpit import opened
from keyboard import covers, shown
from tunedeck.store.paths import Home
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.every import all_screens
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.runs import RunsScreen


@covers(HelpScreen, "enter")
async def test_enter_does_what_the_key_under_the_cursor_does(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["learns"].id)
        await cockpit.press("question_mark")
        await cockpit.go_to("stop")
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, Ask), "the run's stop is asked for")
        await cockpit.until_shown("Save learns and stop it?")


async def test_a_dead_key_says_why_and_the_help_stays(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["finished"].id)
        await cockpit.press("question_mark")
        await cockpit.go_to("stop")
        await cockpit.until_shown("Not now: finished is completed: there is nothing to stop.")
        await cockpit.press("enter")
        assert cockpit.status == "! finished is completed: there is nothing to stop."
        await cockpit.go_to("j k ↓ ↑")
        await cockpit.press("enter")
        assert cockpit.status == "! That is no key of the screen: it moves in any list or text."
        await cockpit.press("q")
        await cockpit.until(shown(cockpit, RunsScreen), "the list is back")


async def test_help_begins_with_what_the_screen_is_for(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("question_mark")
        await cockpit.until_shown("Every run of this store", "mark them, and compare.")


@pytest.mark.parametrize("screen", all_screens(), ids=lambda screen: screen.heading)
def test_every_screen_teaches_what_it_is_for(screen: type) -> None:
    assert screen.about.endswith(".") and len(screen.about) < 3 * 76
