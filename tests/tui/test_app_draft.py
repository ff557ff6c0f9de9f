"""What was typed into the form outlives leaving it; what was asked about it ends with it."""

from pathlib import Path

import psutil
import pytest
from asked import patient  # noqa: F401 - fixture
from cockpit import opened
from keyboard import form_values, open_form, presses, shown
from test_app_form_keys import set_knob
from tunedeck.store.paths import Home
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen


@pytest.mark.parametrize("way_out", ["q", "escape", "1", "4"])
async def test_what_was_typed_is_there_again_bad_values_too(seeded: Home, way_out: str) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "name", "mine")
        await set_knob(cockpit, "r", "0")
        await cockpit.press(way_out)
        await cockpit.until(lambda: type(cockpit.app.screen) is not NewRunScreen, "the form is left")
        if way_out in ("q", "escape"):
            assert cockpit.status == "The form is kept: n goes on with it."
        await cockpit.press("1")
        await open_form(cockpit)
        assert (form_values(cockpit)["name"], form_values(cockpit)["r"]) == ("mine", "0")
        assert cockpit.status == "The form is as you left it; N begins anew."
        await cockpit.go_to("r")
        await cockpit.until_shown("r is 0")


@presses(NewRunScreen, "N")
async def test_it_is_begun_anew_and_even_that_is_taken_back(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await cockpit.press("N")
        assert cockpit.status == "! The form is new: nothing was typed."
        await set_knob(cockpit, "r", "32")
        await cockpit.press("N")
        assert form_values(cockpit)["r"] == 16
        await cockpit.press("N")
        assert form_values(cockpit)["r"] == "32"
        await cockpit.press("N", "q")
        await cockpit.until(shown(cockpit, RunsScreen), "the form is left")
        await open_form(cockpit)
        assert (form_values(cockpit)["r"], cockpit.status) == (16, "")


async def test_a_fork_stays_one(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("f")
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
        forked = cockpit.app.screen.forked_from  # type: ignore[attr-defined]
        await set_knob(cockpit, "r", "32")
        await cockpit.press("q")
        await open_form(cockpit)
        assert forked and cockpit.app.screen.forked_from == forked  # type: ignore[attr-defined]


@pytest.mark.usefixtures("patient")
async def test_a_model_is_put_into_the_form_that_was_left_for_it(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", "mine.jsonl")
        await cockpit.press("4")
        await cockpit.go_to("demo:minilm")
        await cockpit.press("enter")
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is back")
        values = form_values(cockpit)
        assert (values["data"], values["model"]) == ("mine.jsonl", "demo:minilm")
        assert cockpit.status == "A run with demo:minilm. The form is as you left it; N begins anew."


async def test_a_queued_run_leaves_no_draft(seeded: Home, rows: Path) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await cockpit.press("L")
        await cockpit.until(shown(cockpit, RunScreen), "the run is open")
        await cockpit.press("1")
        await open_form(cockpit)
        assert form_values(cockpit)["data"] == "demo:chat"


def engines() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "estimate" in child.cmdline()]


@pytest.mark.usefixtures("patient", "estimates")
async def test_an_estimate_ends_with_newer_values_and_with_the_form(home: Home, rows: Path) -> None:
    async with opened(home) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await cockpit.until(lambda: len(engines()) == 1, "it is estimated")
        [first] = engines()
        await set_knob(cockpit, "r", "8")
        await cockpit.until(lambda: not first.is_running() and len(engines()) == 1, "the newer is estimated")
        await cockpit.press("q")
        await cockpit.until(lambda: not engines(), "nothing is estimated any more")
        assert cockpit.status == "The form is kept: n goes on with it."
