"""What stands behind the screen in front rests: whatever it repainted there would repaint all of the one in front."""

from cockpit import Cockpit, opened
from keyboard import shown
from tunedeck.store.paths import Home
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen


def watching(cockpit: Cockpit) -> set[object]:
    """The screens that hear of changes of the store."""
    owners = cockpit.app.watch_store._subscribers
    return {owner[0] if isinstance(owner, tuple) else owner for owner in owners if not isinstance(owner, str)}


async def test_a_run_opened_before_the_cursor_rests_leaves_no_preview_behind(seeded: Home) -> None:
    async with opened(seeded, (120, 40)) as cockpit:
        await cockpit.press("j", "enter")
        await cockpit.until(shown(cockpit, RunScreen), "the run is open")
        # Longer than the cursor rests until its run is previewed.
        await cockpit.pilot.pause(0.4)
        assert {type(screen) for screen in watching(cockpit)} == {RunScreen}
        await cockpit.press("q")
        await cockpit.pilot.pause(0.4)
        assert {type(screen) for screen in watching(cockpit)} == {RunsScreen}
