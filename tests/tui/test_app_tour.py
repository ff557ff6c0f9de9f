"""The tour: five cards, shown once to those who have no run yet, with the keys as the user has them."""

from pathlib import Path

import pytest
from cockpit import Cockpit, opened
from keyboard import covers, shown
from pictures import compare
from tunedeck.store.paths import Home, config_folder
from tunedeck.tui import settings
from tunedeck.tui.app import TunedeckApp
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.tour import TourScreen


async def first_start(home: Home, then: str) -> None:
    app = TunedeckApp(home, tour=True)
    async with app.run_test(size=(80, 24)) as pilot:
        cockpit = Cockpit(app, pilot)
        await cockpit.until_shown(then)
        await cockpit.until_still()
        await cockpit.until_shown(then)


async def test_it_is_shown_once_where_there_are_no_runs(home: Home) -> None:
    await first_start(home, "TOUR   1 of 5")
    assert settings.read() == (settings.Settings(tour_shown=True), "")
    await first_start(home, "No runs yet")


async def test_who_has_runs_is_not_shown_around(seeded: Home) -> None:
    await first_start(seeded, "finished")
    assert not settings.read()[0].tour_shown


async def test_a_chosen_theme_and_the_tour_are_remembered_beside_each_other(home: Home) -> None:
    settings.remember("The theme", theme='a "strange" one')
    settings.remember("The tour", tour_shown=True)
    assert settings.read() == (settings.Settings('a "strange" one', tour_shown=True), "")


@covers(TourScreen, "enter", "space", "l", "right", "h", "left", "backspace", "q", "escape")
async def test_cards_are_turned_and_the_last_one_leads_to_the_runs(home: Home, keys: tuple[str, ...]) -> None:
    *forth, q, escape = keys
    async with opened(home) as cockpit:
        for leave in (q, escape):
            cockpit.app.show_tour()
            await cockpit.until_shown("1 of 5")
            await cockpit.press(leave)
            await cockpit.until(shown(cockpit, RunsScreen), "the tour is left")
        cockpit.app.show_tour()
        await cockpit.until_shown("1 of 5")
        for key, card in zip(forth, (2, 3, 4, 5, 4, 3, 2), strict=True):
            await cockpit.press(key)
            await cockpit.until_shown(f"TOUR   {card} of 5")
        await cockpit.press("h")
        await cockpit.press("h")
        assert cockpit.status == "! This is the first card."
        await cockpit.press(*["enter"] * 5)
        await cockpit.until(shown(cockpit, RunsScreen), "the tour is through")


async def test_a_card_shows_the_users_keys(home: Home) -> None:
    config_folder().mkdir()
    (config_folder() / "keys.toml").write_text('[runs]\nfork = "F"\n')
    async with opened(home) as cockpit:
        cockpit.app.show_tour()
        await cockpit.press("enter", "enter", "enter")
        await cockpit.until_shown("TOUR   4 of 5", "F             runs:     Set up a run like this one")


@pytest.mark.parametrize("card", range(5))
async def test_each_card_looks_so(home: Home, card: int) -> None:
    async with opened(home) as cockpit:
        cockpit.app.show_tour()
        await cockpit.press(*["enter"] * card)
        await cockpit.until_shown(f"{card + 1} of 5")
        await compare(cockpit, f"tour-{card + 1}", *([] if card == 0 else [(80, 24)]))


async def test_a_tour_that_cannot_be_remembered_is_told(home: Home, tmp_path: Path) -> None:
    config_folder().write_text("a file in the folder's place")
    async with opened(home) as cockpit:
        cockpit.app.show_tour()
        await cockpit.until_shown("That the tour was shown is not remembered")
