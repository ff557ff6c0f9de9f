"""The palette: every action, place, run, data set and theme by words, from every screen; enter does it."""

import time

import every_state
import pytest
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, shown
from pictures import compare
from textual.events import Focus
from textual.widgets import Input
from tunedeck.store.paths import Home
from tunedeck.tui.palette.command import Command, matching
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.data import DataScreen
from tunedeck.tui.screens.palette import PaletteScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.tour import TourScreen
from tunedeck.tui.widgets.table import Table


async def open_palette(cockpit: Cockpit, typed: str = "") -> None:
    await cockpit.press("colon")
    await cockpit.until(shown(cockpit, PaletteScreen), "the palette is open")
    await cockpit.until(lambda: any(row.key.startswith("theme") for row in rows(cockpit)), "it is filled")
    await cockpit.type(typed)


def rows(cockpit: Cockpit) -> list:
    return list(cockpit.app.screen.query_one(Table).rows)


def words(cockpit: Cockpit) -> list[str]:
    return [cell if isinstance(cell := row.cells[0], str) else cell[0] for row in rows(cockpit)]


async def test_an_action_is_found_by_its_words_and_done(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["learns"].id)
        await open_palette(cockpit, "stop")
        assert words(cockpit)[0] == "stop"
        await cockpit.press("enter")
        await cockpit.until(shown(cockpit, Ask), "it is asked")
        await cockpit.until_shown("Save learns and stop it?")


@pytest.mark.parametrize("key", ["colon", "e"])
async def test_what_is_typed_before_a_line_hears_of_its_focus_stays(seeded: Home, key: str) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["finished"].id)
        await cockpit.press(key)
        await cockpit.until(lambda: bool(cockpit.app.screen.query(Input)), "there is a line to type into")
        line = cockpit.app.screen.query_one(Input)
        await cockpit.type("mo")
        line.post_message(Focus())
        await cockpit.type("dels")
        assert line.value == "models"


async def test_a_dead_action_says_why_and_the_palette_stays(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["finished"].id)
        await open_palette(cockpit, "stop")
        await cockpit.press("enter")
        await cockpit.until_shown("Not now: finished is completed: there is nothing to stop.")
        assert shown(cockpit, PaletteScreen)()


@pytest.mark.parametrize(
    ("typed", "screen"), [("data", DataScreen), ("run finish", RunScreen), ("tour", TourScreen), ("fini", RunScreen)]
)
async def test_places_and_names_lead_on(seeded: Home, typed: str, screen: type) -> None:
    async with opened(seeded) as cockpit:
        await open_palette(cockpit)
        await cockpit.until(lambda: "run finished" in words(cockpit), "the runs are known")
        await cockpit.type(typed)
        await cockpit.press("enter")
        await cockpit.until(shown(cockpit, screen), "it is open")


async def test_a_theme_is_chosen_by_its_name(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_palette(cockpit, "theme light deck")
        await cockpit.press("enter")
        await cockpit.until(lambda: cockpit.app.theme == "deck-light", "the theme is chosen")
        assert cockpit.status == "Theme deck-light."


async def test_quit_leaves_the_app_from_any_screen(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("3")
        await open_palette(cockpit, "quit")
        await cockpit.press("enter")
    assert cockpit.app.return_code == 0


@covers(PaletteScreen, "escape", "down", "up", "ctrl+n", "ctrl+p", "pagedown", "pageup")
async def test_the_list_moves_while_one_types_and_esc_leaves(seeded: Home, keys: tuple[str, ...]) -> None:
    leave, down, up, also_down, also_up, page_down, page_up = keys
    async with opened(seeded) as cockpit:
        await open_palette(cockpit)
        table = cockpit.app.screen.query_one(Table)
        places = []
        for key in (down, also_down, up, also_up, page_down, page_up):
            await cockpit.press(key)
            places.append([row.key for row in table.rows].index(table.cursor_key))
        assert places[:4] == [1, 2, 1, 0] and places[4] > 2 and places[5] == 0
        await cockpit.press(leave)
        await cockpit.until(shown(cockpit, RunsScreen), "the list is back")


async def test_nothing_found_says_so_and_enter_does_nothing(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_palette(cockpit, "qqqq")
        await cockpit.until_shown("Nothing is called so.")
        await cockpit.press("enter")
        assert shown(cockpit, PaletteScreen)()


@pytest.mark.parametrize("kind", every_state.HOSTILE)
@fuzzed(PaletteScreen)
async def test_hostile_names_are_text_in_the_palette_too(kind: str, home: Home) -> None:
    every_state.fill_hostile(home, every_state.HOSTILE[kind])
    async with opened(home, (140, 110)) as cockpit:
        await open_palette(cockpit)
        await cockpit.type("run")
        await check(cockpit, SIGNS[kind])
        await cockpit.paste(every_state.HOSTILE[kind])
        await check(cockpit, SIGNS[kind])


async def test_the_palette_looks_so(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["learns"].id)
        # Nothing is drawn behind what stands in front.
        await cockpit.until_still()
        await open_palette(cockpit)
        await cockpit.until(lambda: "run finished" in words(cockpit), "the runs are known")
        await compare(cockpit, "palette")


def command(name: str, told: str = "") -> Command:
    return Command(name, name, told, lambda: None)


def test_what_begins_so_comes_first_then_names_then_what_is_told() -> None:
    commands = [command("theme", "next one"), command("copy id"), command("run next"), command("Next pane")]
    assert [one.words for one in matching(commands, "next")] == ["Next pane", "run next", "theme"]
    assert [one.words for one in matching(commands, "id COPY")] == ["copy id"]
    assert matching(commands, "") == commands


def test_ten_thousand_runs_are_looked_through_within_a_key() -> None:
    commands = [
        command(f"run sweep of learning rates {number}", "Open the run, completed.") for number in range(10_000)
    ]
    for typed in ("r", "9 rates", "nowhere"):
        began = time.perf_counter()
        matching(commands, typed)
        # 3 to 5 ms on the slowest machine it was tried on; noise included.
        assert time.perf_counter() - began < 0.05
