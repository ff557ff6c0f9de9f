"""Makes the README's pictures from the real app: `python tests/make_pictures.py RUN OTHER`, two ids of your store.

The store has a data set, too, whose newest version is shown.
"""

import asyncio
import os
import sys
from pathlib import Path

# Read when the app is imported: the picture is of a terminal with colours, whatever this one has.
os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
os.environ.pop("NO_COLOR", None)

from tunedeck.store.paths import Home
from tunedeck.tui.app import TunedeckApp
from tunedeck.tui.screens.compare import CompareScreen

FOLDER = Path(__file__).parent / "pictures"


async def take(name: str, keys: list[str], run_id: str | None, size: tuple[int, int] = (120, 34)) -> None:
    """The screen that these keys lead to, as an SVG file."""
    app = TunedeckApp(Home.default(), run_id=run_id)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(1.5)
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


async def main(run_id: str, other: str) -> None:
    await take("runs", [], None)
    await take("run", [], run_id)
    await take("samples", ["tab"], run_id)
    await take("new_run", ["n", "j", "j"], None)
    await compare("compare", other, run_id)
    await take("rows", ["3", "enter", "v", "v"], None)
    await take("report", ["3", "R", *["j", "k"] * 5], None)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
