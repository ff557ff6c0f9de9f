"""Driving the app in tests: keys in, and what stands on the screen out, as text."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual import events
from textual.pilot import Pilot
from textual.strip import Strip
from tunedeck.store.paths import Home
from tunedeck.tui.app import TunedeckApp
from tunedeck.tui.charts.chart import Chart
from tunedeck.tui.widgets.line import Line
from tunedeck.tui.widgets.table import Table

_PATIENCE_SECONDS = 10.0
_LOOK_SECONDS = 0.02
# The watch looks at the store 4 times a second; nothing that it has to say takes longer to come.
_STILL_LOOKS = 12


class Cockpit:
    """An open app and its keyboard."""

    def __init__(self, app: TunedeckApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        names = {" ": "space"}
        await self.pilot.press(*(names.get(character, character) for character in text))

    async def paste(self, text: str) -> None:
        assert self.app.focused is not None
        self.app.focused.post_message(events.Paste(text))
        await self.pilot.pause()

    async def until(self, happened: Callable[[], bool], what: str) -> None:
        for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
            if happened():
                return
            await self.pilot.pause(_LOOK_SECONDS)
        picture = "\n".join(self.picture())
        raise AssertionError(f"never happened: {what}\n{picture}")

    async def until_shown(self, *texts: str) -> None:
        """Until each of these stands on the screen."""
        await self.until(lambda: all(text in "\n".join(self.picture()) for text in texts), f"{texts} on the screen")

    async def until_still(self) -> list[str]:
        """The screen once nothing moves any more."""
        before, still = self.picture(), 0
        while still < _STILL_LOOKS:
            await self.pilot.pause(2 * _LOOK_SECONDS)
            now = self.picture()
            still = still + 1 if now == before and not self._is_drawing() else 0
            before = now
        return before

    def _is_drawing(self) -> bool:
        return any(chart._drawing for screen in self.app.screen_stack for chart in screen.query(Chart))

    def strips(self) -> list[list[Strip]]:
        """What the terminal is given, line by line, with the screens behind a question."""
        update = self.app.screen._compositor.render_update(full=True, screen_stack=self.app._background_screens)
        return [list(line) for line in update.strips]  # type: ignore[union-attr]

    def picture(self) -> list[str]:
        """The screen as lines of text."""
        lines = ["".join(text for strip in line for text, _, control in strip if not control) for line in self.strips()]
        return [line.rstrip() for line in lines]

    @property
    def status(self) -> str:
        return self.app.screen.query_one("#status", Line).words

    @property
    def heading(self) -> str:
        return self.app.screen.query_one("#heading", Line).words

    async def go_to(self, key: str) -> None:
        """Put the cursor of the screen's table on the row with this key."""
        table = self.app.screen.query_one(Table)
        await self.until(lambda: key in [row.key for row in table.rows], f"a row {key}")
        table.move_to(key)
        await self.pilot.pause()


@asynccontextmanager
async def opened(home: Home, size: tuple[int, int] = (80, 24), *, ascii_only: bool = False) -> AsyncIterator[Cockpit]:
    """The app on this store, its list of runs read."""
    app = TunedeckApp(home, ascii_only=ascii_only)
    async with app.run_test(size=size) as pilot:
        cockpit = Cockpit(app, pilot)
        await cockpit.until(lambda: "RUNS   " in "\n".join(cockpit.picture()), "the runs are read")
        yield cockpit
