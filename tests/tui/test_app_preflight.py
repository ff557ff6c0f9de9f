"""Preflight: three rows as they will be trained, and the key that launches; and the estimate over the form."""

from pathlib import Path

import every_state
import pytest
from asked import HOSTILE, patient, reader, written  # noqa: F401 - fixtures
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, open_form, shown
from pictures import compare
from test_app_form_keys import set_knob
from tunedeck.store.config import knobs
from tunedeck.store.paths import Home
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.preflight import PreflightScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.widgets.line import Line

pytestmark = pytest.mark.usefixtures("patient")
ROWS = [{"prompt": f"Number {number}?", "completion": f"It is {number}." * number} for number in (2, 1, 4, 3, 9)]


async def open_preflight(cockpit: Cockpit, source: Path, model: Path) -> None:
    await open_form(cockpit)
    await set_knob(cockpit, "data", str(source))
    await set_knob(cockpit, "model", str(model))
    await cockpit.press("P")
    await cockpit.until(shown(cockpit, PreflightScreen), "the preflight is open")


@covers(PreflightScreen, "tab", "b", "L", "enter")
async def test_three_rows_are_shown_and_launched_from(
    seeded: Home,
    reader: Path,  # noqa: F811
    tmp_path: Path,
    keys: tuple[str, ...],
) -> None:
    onward, bars, *launches = keys
    source = written(tmp_path / "rows.jsonl", ROWS)
    for launch in launches:
        async with opened(seeded, ascii_only=True) as cockpit:
            await open_preflight(cockpit, source, reader)
            await cockpit.press(bars)
            assert cockpit.status == "! The rows are being read."
            await cockpit.until_shown("line 1, the first row:", "line 4, median length:", "line 5, the longest:")
            await cockpit.until_shown("Every knob is good. data: 5 rows", "effective batch 8", "[It is 2.It is 2.</s>]")
            await cockpit.press(onward, onward)
            assert cockpit.app.focused is cockpit.app.screen.query_one("#row-2")
            await cockpit.press(bars)
            await cockpit.until_shown("I|t| |i|s| |2|.|")
            before = len(every_state.by_name(seeded))
            await cockpit.press(launch)
            await cockpit.until(shown(cockpit, RunScreen), "the run is open")
        every_state.empty_queue(seeded)
    assert before


async def test_what_cannot_be_read_is_told_and_left(
    seeded: Home,
    rows: Path,
    model: Path,
) -> None:
    async with opened(seeded) as cockpit:
        await open_preflight(cockpit, rows, model)
        await cockpit.until(lambda: cockpit.status.startswith("✗ "), "the model has no tokenizer")
        await cockpit.press("q")
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is back")


async def test_a_preflight_looks_as_it_did(
    seeded: Home,
    reader: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    async with opened(seeded, (160, 48)) as cockpit:
        await open_preflight(cockpit, written(tmp_path / "rows.jsonl", ROWS), reader)
        await cockpit.until_shown("line 1, the first row:", "line 4, median length:", "line 5, the longest:")
        await cockpit.until(lambda: "being read" not in cockpit.heading, "the engine has ended")
        await compare(cockpit, "preflight")


@fuzzed(PreflightScreen)
async def test_hostile_rows_are_shown_as_text(
    home: Home,
    reader: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    source = written(tmp_path / "rows.jsonl", [{"prompt": HOSTILE, "completion": HOSTILE}])
    values = {knob.name: knob.default for knob in knobs()} | {"data": str(source), "model": str(reader)}
    async with opened(home, (140, 60)) as cockpit:
        await cockpit.app.push_screen(PreflightScreen(values, [HOSTILE], lambda: None))
        await cockpit.until_shown("line 1, the first row:")
        for sign in SIGNS.values():
            await check(cockpit, sign)


@pytest.mark.usefixtures("estimates")
async def test_an_estimate_is_asked_for_when_the_values_have_rested(home: Home, rows: Path) -> None:
    async with opened(home) as cockpit:
        await open_form(cockpit)
        line = cockpit.app.screen.query_one("#estimate", Line)
        assert "estimating..." in cockpit.heading
        await set_knob(cockpit, "data", str(rows))
        await set_knob(cockpit, "r", "0")
        assert "estimating" not in cockpit.heading
        await set_knob(cockpit, "r", "8")
        whole = "NEW RUN   effective batch 8 (8 x 1)   3 steps"
        await cockpit.until(lambda: cockpit.heading == whole, "it is estimated")
        assert line.words == ""
        await set_knob(cockpit, "r", "9")
        assert cockpit.heading == "NEW RUN   effective batch 8 (8 x 1)   estimating..."
