"""A screen that was left is let go, with its widgets and the lines that they showed: an app stays open for weeks."""

import gc
import weakref

import pytest
from cockpit import Cockpit, opened
from textual._styles_cache import StylesCache
from textual.screen import Screen
from tunedeck.store.paths import Home


async def visit(cockpit: Cockpit, key: str, back: str) -> "weakref.ref[Screen[object]]":
    """Go to a screen and leave it again."""
    await cockpit.press(key)
    await cockpit.until(lambda: len(cockpit.app.screen_stack) > 1, f"{key} leads to a screen")
    await cockpit.until_still()
    left = weakref.ref(cockpit.app.screen)
    await cockpit.press(back)
    await cockpit.until(lambda: len(cockpit.app.screen_stack) == 1, f"{back} leaves it")
    return left


def is_gone(left: "weakref.ref[Screen[object]]") -> bool:
    gc.collect()
    return left() is None


# A run has charts, which hear of another theme. Not the form: a thread of Textual's pool, of which there are six, keeps
# hold of the last screen that it worked for.
@pytest.mark.parametrize(("key", "back"), [("enter", "q"), ("3", "1"), ("6", "1"), ("8", "1"), ("?", "q")])
async def test_a_screen_that_was_left_is_let_go(seeded: Home, key: str, back: str) -> None:
    async with opened(seeded, (120, 40)) as cockpit:
        await cockpit.until_still()
        left = await visit(cockpit, key, back)
        # The next one takes its place in what Textual remembers of the last screen.
        await visit(cockpit, "?", "q")
        await cockpit.until(lambda: is_gone(left), "it is gone")


async def test_what_widgets_showed_is_let_go_with_them(seeded: Home) -> None:
    async with opened(seeded, (120, 40)) as cockpit:
        await cockpit.until_still()
        for _ in range(2):
            await visit(cockpit, "colon", "escape")
        before = caches()
        for _ in range(3):
            await visit(cockpit, "colon", "escape")
            await visit(cockpit, "3", "1")
        assert caches() <= before + 12


def caches() -> int:
    """What Textual keeps of widgets' lines; a screen has some six."""
    gc.collect()
    # Not isinstance: it asks objects for their class, of which some of torch's warn.
    return sum(type(kept) is StylesCache for kept in gc.get_objects())
