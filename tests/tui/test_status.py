"""What is said is read whole, however narrow the terminal."""

from cockpit import opened
from tunedeck.store.paths import Home
from tunedeck.tui.widgets.status import Status

LONG = "There is no such place: " + " ".join(f"word{number}" for number in range(30)) + " and what to do next."


async def test_a_long_sentence_takes_the_lines_that_it_needs_and_gives_them_back(home: Home) -> None:
    async with opened(home) as cockpit:
        before = await cockpit.until_still()
        cockpit.app.say(LONG, "error")
        await cockpit.until_shown("There is no such place", "what to do next.")
        said = cockpit.app.screen.query_one("#status", Status)
        assert said.size.height == 4 and cockpit.picture()[-1] == before[-1]
        cockpit.app.say("Done.")
        await cockpit.until(lambda: said.size.height == 1, "one line is enough again")
        assert (await cockpit.until_still())[:-2] == before[:-2]


async def test_a_wider_terminal_needs_fewer_lines(home: Home) -> None:
    async with opened(home) as cockpit:
        cockpit.app.say(LONG)
        said = cockpit.app.screen.query_one("#status", Status)
        await cockpit.until(lambda: said.size.height == 4, "it is wrapped")
        await cockpit.pilot.resize_terminal(300, 24)
        await cockpit.until(lambda: said.size.height == 1, "it fits")
