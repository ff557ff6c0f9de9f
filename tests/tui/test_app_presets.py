"""Presets and earlier runs: what each would change is seen before it is taken, and the form has it then."""

from contextlib import closing

import every_state
import pytest
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, form_values, open_form, presses, shown
from pictures import compare
from tunedeck.store import database, trash
from tunedeck.store.paths import Home, config_folder
from tunedeck.tui.screens.command import CommandShown
from tunedeck.tui.screens.form import FormScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.presets import PresetsScreen
from tunedeck.tui.widgets.log import TextPane


async def open_presets(cockpit: Cockpit) -> None:
    await open_form(cockpit)
    await cockpit.press("p")
    await cockpit.until_shown("Quick look", "max_steps", "0 -> 50")


@presses(NewRunScreen, "p")
@covers(PresetsScreen, "enter")
async def test_an_effort_and_a_purpose_are_laid_over_each_other(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        await open_presets(cockpit)
        await cockpit.press(*keys)
        await cockpit.until(lambda: "Quick look: 5 knobs changed." in cockpit.status, "it is taken")
        await cockpit.press("p")
        await cockpit.go_to("preset:classify")
        assert "learning_rate                0.0002 -> 5e-05" in cockpit.app.screen.query_one(TextPane).text
        await cockpit.press("enter")
        values = form_values(cockpit)
        assert (values["task"], values["method"], values["max_steps"]) == ("sequence-classification", "full", 50)
        assert "effective batch 16 (16 x 1)   50 steps" in "\n".join(cockpit.picture())
        await cockpit.press("p")
        await cockpit.go_to("preset:quick")
        await cockpit.press("enter")
        assert cockpit.status == "! The form has these values already."
        await cockpit.press("k", "enter")
        assert cockpit.status == "! This line is a heading: go to a preset with j or k."


@covers(PresetsScreen, "p", "q", "escape")
async def test_the_list_is_left_without_taking_anything(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        before = dict(form_values(cockpit))
        for key in keys:
            await cockpit.press("p")
            await cockpit.until_shown("Quick look")
            await cockpit.press("j", key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is back")
        assert form_values(cockpit) == before


async def test_an_earlier_run_is_forked_from_the_list(seeded: Home) -> None:
    run = every_state.by_name(seeded)["paused"]
    async with opened(seeded) as cockpit:
        await open_presets(cockpit)
        await cockpit.go_to(run.id)
        await cockpit.press("enter")
        assert form_values(cockpit)["task"] == "sequence-classification" and form_values(cockpit)["name"] == ""
        form = cockpit.app.screen
        assert isinstance(form, NewRunScreen) and form.forked_from == run.id
        await cockpit.go_to("r")
        await cockpit.press("enter", "ctrl+u", "4", "enter", "C")
        await cockpit.until_shown(f"tunedeck fork {run.id} --set r=4")


async def test_a_bad_file_of_the_users_is_told_where_presets_are_listed(seeded: Home) -> None:
    folder = config_folder() / "presets"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text("[knobs]\nr = 0")
    async with opened(seeded, (160, 48)) as cockpit:
        await open_presets(cockpit)
        await cockpit.until(lambda: "mine.toml was left out: r is 0" in cockpit.status, "it is told")


async def test_presets_look_as_they_did(seeded: Home) -> None:
    # It starts from another run, whose id is another one each time.
    with closing(database.connect(seeded)) as db:
        trash.delete(db, seeded, every_state.by_name(seeded)["paused"])
    async with opened(seeded, (160, 48)) as cockpit:
        await open_presets(cockpit)
        await cockpit.go_to("preset:classify")
        await compare(cockpit, "presets")


@pytest.mark.parametrize("kind", every_state.HOSTILE)
@fuzzed(PresetsScreen, CommandShown)
async def test_hostile_names_of_runs_and_presets_are_shown_as_text(home: Home, kind: str) -> None:
    every_state.fill_hostile(home, every_state.HOSTILE[kind])
    async with opened(home, (140, 60)) as cockpit:
        await open_presets(cockpit)
        await check(cockpit, SIGNS[kind])
        await cockpit.press("G", "enter", "C")
        await check(cockpit, "tunedeck fork")


@covers(FormScreen, "up", "down")
async def test_values_of_earlier_runs_are_brought_back(seeded: Home, keys: tuple[str, ...]) -> None:
    up, down = keys
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await cockpit.go_to("name")
        await cockpit.press("enter")
        await cockpit.until(lambda: "up brings earlier ones" in cockpit.status, "there are some")
        await cockpit.type("mine")
        await cockpit.press(up, up, down)
        newest = max(every_state.by_name(seeded).values(), key=lambda run: run.number)
        await cockpit.press("enter")
        assert form_values(cockpit)["name"] == newest.name
        await cockpit.press("enter", up, down, "escape")
        assert form_values(cockpit)["name"] == newest.name
        await cockpit.go_to("revision")
        await cockpit.press("enter", up)
        assert cockpit.status == "! No earlier run has set this knob."
