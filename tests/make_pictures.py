"""Makes the README's pictures from the real app: `python tests/make_pictures.py RUN OTHER`, two ids of your store.

The store has a data set, too, whose newest version is shown. The moving picture trains MiniLM on the demo's drug
reviews, a real run of 40 updates that stays in your store, and compares it with the newest run before it, which should
be one of the same reviews.
"""

import asyncio
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "tui"))

# Read when the app is imported: the picture is of a terminal with colours, whatever this one has.
os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
os.environ.pop("NO_COLOR", None)

from cockpit import Cockpit
from recording import Recording
from textual.pilot import Pilot
from tunedeck.store.paths import Home
from tunedeck.tui.app import TunedeckApp
from tunedeck.tui.screens.compare import CompareScreen
from tunedeck.tui.widgets.table import Table

FOLDER = Path(__file__).parent / "pictures"
_MOVING = (100, 30)
# Of a run that is over in two minutes, beside the app.
_FRAMES = 70
_KNOBS = {
    "data": "demo:drug-reviews", "eval_data": "demo:drug-reviews-test", "model": "demo:minilm", "max_steps": "40",
    "eval_steps": "10", "max_length": "128",
}  # fmt: skip


async def take(name: str, keys: list[str], run_id: str | None, size: tuple[int, int] = (120, 34)) -> None:
    """The screen that these keys lead to, as an SVG file."""
    app = TunedeckApp(Home.default(), run_id=run_id)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(5.0)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(1.0)
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="tunedeck"), encoding="utf-8")


async def compare(name: str, *run_ids: str) -> None:
    """What a comparison of the runs says of their metrics."""
    app = TunedeckApp(Home.default())
    async with app.run_test(size=(120, 34)) as pilot:
        await app.push_screen(CompareScreen(run_ids))
        await pilot.press("tab", "tab")
        await pilot.pause(5.0)
        (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="tunedeck"), encoding="utf-8")


class Session:
    """A person at the keyboard, recorded."""

    def __init__(self, pilot: Pilot[None], recording: Recording) -> None:
        self._pilot, self._recording = pilot, recording

    async def look(self, seconds: float, *, wait: float = 0.0) -> None:
        """Take what stands there for so many seconds of the picture, after really waiting."""
        await self._pilot.pause(wait)
        self._recording.add(Cockpit(self._app, self._pilot).strips(), seconds)

    @property
    def _app(self) -> TunedeckApp:
        assert isinstance(self._pilot.app, TunedeckApp)
        return self._pilot.app

    async def press(self, *keys: str, seconds: float = 0.6, wait: float = 0.6) -> None:
        for key in keys:
            await self._pilot.press(key)
            await self.look(seconds, wait=wait)

    async def set_knob(self, name: str, value: str) -> None:
        """Go to the knob and type its value."""
        self._app.screen.query_one(Table).move_to(name)
        await self.press("enter", seconds=0.4)
        await self._pilot.press("ctrl+u", *value)
        await self.look(0.6, wait=0.2)
        await self.press("enter", seconds=0.5)

    async def watch(self, frames: int) -> None:
        """A run that trains, a frame each two seconds, each shown for a quarter of one."""
        for _ in range(frames):
            await self.look(0.25, wait=2.0)


async def record() -> None:
    """From the list of runs to a run set up, launched, watched and compared."""
    app, recording = TunedeckApp(Home.default()), Recording(*_MOVING)
    async with app.run_test(size=_MOVING) as pilot:
        session = Session(pilot, recording)
        await session.look(1.5, wait=2.0)
        await session.press("n", "p", wait=1.5, seconds=1.0)
        app.screen.query_one(Table).move_to("preset:classify")
        await session.look(1.2, wait=0.5)
        await session.press("enter", seconds=1.0)
        for name, value in _KNOBS.items():
            await session.set_knob(name, value)
        await session.press("P", seconds=2.0, wait=20.0)
        await session.press("L", seconds=0.5, wait=1.0)
        await session.watch(_FRAMES)
        await session.press("tab", seconds=2.0, wait=2.0)
        # Both were scored on the same test rows.
        await session.press("1", "g", "space", "space", seconds=0.6)
        await session.press("c", "tab", "tab", seconds=1.8, wait=3.0)
        await session.press("colon", seconds=0.8)
        await session.press(*"lin", "enter", seconds=0.4)
        await session.look(2.0, wait=2.0)
    (FOLDER / "session.svg").write_text(recording.svg(), encoding="utf-8")


async def main(run_id: str, other: str) -> None:
    await take("runs", [], None)
    await take("run", [], run_id)
    await compare("compare", other, run_id)
    await take("report", ["3", "R", *["j", "k"] * 5], None)
    await record()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
