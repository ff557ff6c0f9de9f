"""Driving the app in tests: keys in, and what stands on the screen out, as text."""

from asyncio import Task
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from tunedeck import tui
from tunedeck.store.paths import Home
from tunedeck.tui.app import TunedeckApp
from tunedeck.tui.asking import Asking
from tunedeck.tui.charts.chart import Chart
from tunedeck.tui.widgets.line import Line
from tunedeck.tui.widgets.table import Table

_PATIENCE_SECONDS = 10.0
_LOOK_SECONDS = 0.02
# What is asked of an engine, or once a second of the machine, ends when it likes: half a second without a change is
# still then. Of all else it is known whether it is under way; one more look sees what its end has set off.
_LOOKS, _LOOKS_WHILE_ASKING = 3, 25


# The keys that did something, not typed into a line, by the kind of the screen that was in front.
ACTED: set[tuple[type[Screen], str]] = set()


class WatchedApp(TunedeckApp):
    """The app, which notes the keys that act."""

    CSS_PATH = Path(tui.__path__[0]) / "tunedeck.tcss"

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        in_front = type(self.screen)
        acts = await super()._check_bindings(key, priority)
        if acts:
            ACTED.add((in_front, key))
        return acts


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
        """The screen once nothing is under way that would change it."""
        before, still = self.picture(), 0
        while still < (_LOOKS_WHILE_ASKING if self._asks() else _LOOKS):
            await self._watch_has_answered()
            await self.pilot.pause(_LOOK_SECONDS)
            now = self.picture()
            still = still + 1 if now == before and not self._is_at_work() else 0
            before = now
        return before

    async def _watch_has_answered(self) -> None:
        """Whatever was asked of the store before now was read, and is shown: the watch answers in order."""
        answered: list[object] = []
        self.app.watch_store.subscribe(self, lambda db: True, answered.append)
        await self.until(lambda: bool(answered), "the store is read")
        self.app.watch_store.unsubscribe(self)

    def _is_at_work(self) -> bool:
        """Whether a thread, a drawing or a timer that rings once will change something yet."""
        nodes = [self.app, *(node for screen in self.app.screen_stack for node in screen.walk_children(with_self=True))]
        rings = any(timer._repeat == 0 and _is_under_way(timer._task) for node in nodes for timer in node._timers)
        draws = any(isinstance(node, Chart) and node._drawing for node in nodes)
        return rings or draws or not all(worker.is_finished for worker in self.app.workers)

    def _asks(self) -> bool:
        held = (value for screen in self.app.screen_stack for value in vars(screen).values())
        return any(isinstance(value, Asking) and value.is_open for value in held)

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


def _is_under_way(task: Task[None] | None) -> bool:
    return task is not None and not task.done()


@asynccontextmanager
async def opened(home: Home, size: tuple[int, int] = (80, 24), *, ascii_only: bool = False) -> AsyncIterator[Cockpit]:
    """The app on this store, its list of runs read."""
    app = WatchedApp(home, ascii_only=ascii_only)
    async with app.run_test(size=size) as pilot:
        cockpit = Cockpit(app, pilot)
        await cockpit.until(lambda: "RUNS   " in "\n".join(cockpit.picture()), "the runs are read")
        yield cockpit
