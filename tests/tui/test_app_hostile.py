"""Whatever names, causes, rows, answers, events, logs and files hold, every screen shows it as text and only text."""

import importlib
import json
from pathlib import Path

import compared
import every_state
import pytest
from cockpit import opened
from hostile import FUZZED, SIGNS, check, fuzzed
from keyboard import SCREENS, Kind, shown
from textual.screen import Screen
from tunedeck.store import benches
from tunedeck.store.paths import Home, config_folder
from tunedeck.tui.clean import clean, clean_line, is_clean
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.augment import AugmentScreen
from tunedeck.tui.screens.compare import CompareScreen
from tunedeck.tui.screens.data import DataScreen
from tunedeck.tui.screens.export import ExportAsk
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.self_test import SelfTestScreen
from tunedeck.tui.screens.speed import SpeedScreen
from tunedeck.tui.screens.split import SplitAsk
from tunedeck.tui.screens.tour import TourScreen
from tunedeck.tui.screens.vary import VaryAsk
from tunedeck.tui.self_test import Trial

# What the others check counts, whichever of them are run.
for file in Path(__file__).parent.glob("test_app_*.py"):
    importlib.import_module(file.stem)


@pytest.fixture(params=every_state.HOSTILE)
def kind(request: pytest.FixtureRequest, home: Home) -> str:
    every_state.fill_hostile(home, every_state.HOSTILE[request.param])
    return request.param


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_checked(screen: Kind) -> None:
    assert screen in FUZZED


@fuzzed(RunsScreen, Ask, RunScreen, HelpScreen)
async def test_runs_show_hostile_text_as_text(kind: str, home: Home) -> None:
    sign = SIGNS[kind]
    let_go = every_state.hold(home)
    async with opened(home, (140, 110)) as cockpit:
        await check(cockpit, sign)
        await cockpit.press("s", *"running")
        await check(cockpit, sign)
        await cockpit.press("escape")
        await check(cockpit, sign)
        await cockpit.press("enter")
        await check(cockpit, sign)
        await cockpit.press("q", "j", "enter")
        for _ in range(len(RunScreen.PANES)):
            await check(cockpit, sign)
            await cockpit.press("tab")
        await cockpit.press("s", "question_mark")
        await check(cockpit, sign)
    let_go()


@fuzzed(CompareScreen)
async def test_a_comparison_shows_hostile_text_as_text(kind: str, home: Home) -> None:
    for run in every_state.by_name(home).values():
        every_state.predict(home, run, 40, every_state.HOSTILE[kind])
    async with opened(home, (140, 110)) as cockpit:
        await cockpit.press("space", "space", "c")
        for _ in range(4):
            await check(cockpit, SIGNS[kind])
            await cockpit.press("tab")


@fuzzed(NewRunScreen)
async def test_what_is_pasted_into_the_form_is_shown_as_text(kind: str, home: Home) -> None:
    text = every_state.HOSTILE[kind]
    async with opened(home, (140, 110)) as cockpit:
        await cockpit.press("n")
        for name in ("name", "data", "r"):
            await cockpit.go_to(name)
            await cockpit.press("enter")
            await cockpit.paste(text)
            await check(cockpit, SIGNS[kind])
            await cockpit.press("enter")
            await check(cockpit, SIGNS[kind])
        await cockpit.press("P")
        await check(cockpit, SIGNS[kind])


@fuzzed(DataScreen, AugmentScreen, VaryAsk, SplitAsk, ExportAsk)
async def test_what_is_named_after_files_and_typed_is_shown_as_text(kind: str, home: Home) -> None:
    text = every_state.HOSTILE[kind]
    asked: list[Screen] = [AugmentScreen(text), VaryAsk(text), SplitAsk(text), ExportAsk(text, has_adapter=True)]
    async with opened(home, (140, 60)) as cockpit:
        await cockpit.press("3")
        await cockpit.until(shown(cockpit, DataScreen), "the data is open")
        await check(cockpit, SIGNS[kind])
        for screen in asked:
            cockpit.app.push_screen(screen)
            await check(cockpit, SIGNS[kind])
            await cockpit.paste(text)
            await check(cockpit, SIGNS[kind])
            await cockpit.press("escape")
            await cockpit.until(shown(cockpit, DataScreen), "it is left")


@fuzzed(SpeedScreen)
async def test_what_a_trainer_says_it_chose_is_shown_as_text(kind: str, home: Home) -> None:
    text = every_state.HOSTILE[kind]
    benches.keep(home, compared.facts(chosen=text, device=text))
    async with opened(home, (140, 60)) as cockpit:
        cockpit.app.push_screen(SpeedScreen())
        await cockpit.until_shown("hf_best")
        await check(cockpit, SIGNS[kind])


@fuzzed(SelfTestScreen)
async def test_what_a_self_test_has_lost_is_shown_as_text(kind: str, home: Home) -> None:
    text = every_state.HOSTILE[kind]
    async with opened(home, (140, 60)) as cockpit:
        cockpit.app.push_screen(SelfTestScreen(lambda ending: iter([Trial(text, 1, 1, [text])])))
        await cockpit.press("r")
        await check(cockpit, SIGNS[kind])


@fuzzed(RunsScreen, TourScreen)
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("settings.toml", "theme = {text}"),
        ("keys.toml", "[runs]\nfork = {text}"),
        ("keys.toml", "[runs]\n{text} = 'F'"),
        ("themes/own.toml", "name = {text}\ndark = true"),
        ("themes/own.toml", "name = 'own'\ndark = true\n[colors]\nprimary = {text}"),
    ],
)
async def test_what_the_users_own_files_say_is_shown_as_text(home: Home, file: str, content: str) -> None:
    text = json.dumps(" ".join(every_state.HOSTILE.values())).replace("\x7f", "\\u007f")
    place = config_folder() / file
    place.parent.mkdir(parents=True)
    place.write_text(content.format(text=text))
    async with opened(home) as cockpit:
        await cockpit.until(lambda: bool(cockpit.status), "what is wrong with it is told")
        await check(cockpit, "")
        cockpit.app.show_tour()
        for card in range(5):
            await check(cockpit, f"{card + 1} of 5")
            await cockpit.press("enter")


@pytest.mark.parametrize("kind", every_state.HOSTILE)
def test_what_is_shown_of_a_hostile_name_can_be_typed_to_kill_its_run(kind: str) -> None:
    name = every_state.HOSTILE[kind]
    assert is_clean(clean_line(name)) and clean(clean_line(name)) == clean_line(name)
    assert clean_line(name).strip()
