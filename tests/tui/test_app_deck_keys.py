"""The keys that mean the same on every screen do so on each of them."""

from collections.abc import Callable
from pathlib import Path

import augmented
import every_state
import pytest
from cockpit import ACTED, Cockpit, opened
from keyboard import COVERED, Kind, shown
from textual.screen import Screen
from tunedeck.store.config import knobs
from tunedeck.store.paths import Home
from tunedeck.tui.screens.augment import AugmentScreen
from tunedeck.tui.screens.compare import CompareScreen
from tunedeck.tui.screens.data import DataScreen
from tunedeck.tui.screens.data_report import ReportScreen
from tunedeck.tui.screens.diff import DiffScreen
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.lineage import LineageScreen
from tunedeck.tui.screens.mask import MaskScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.palette import PaletteScreen
from tunedeck.tui.screens.places import PLACES, screen_of
from tunedeck.tui.screens.playground import PlaygroundScreen
from tunedeck.tui.screens.preflight import PreflightScreen
from tunedeck.tui.screens.presets import PresetsScreen
from tunedeck.tui.screens.review import ReviewScreen
from tunedeck.tui.screens.rows import RowsScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.self_test import SelfTestScreen
from tunedeck.tui.screens.speed import SpeedScreen
from tunedeck.tui.screens.system import SystemScreen
from tunedeck.tui.screens.tour import TourScreen
from tunedeck.tui.screens.trash import TrashScreen
from tunedeck.tui.widgets.keys import bindings_of

NO_RUN = {knob.name: knob.default for knob in knobs()} | {"data": "data:none@v1", "model": "/nowhere"}
# Where each of these goes.
GOES_TO: dict[str, Kind] = {
    "home": RunsScreen,
    "new_run": NewRunScreen,
    "help": HelpScreen,
    "commands": PaletteScreen,
    **{f"go('{place}')": screen_of(place) for place in PLACES},
}
OPEN: dict[Kind, Callable[[str], Screen]] = {
    RunScreen: RunScreen,
    CompareScreen: lambda run_id: CompareScreen([run_id, run_id]),
    DataScreen: lambda run_id: DataScreen(),
    RowsScreen: lambda run_id: RowsScreen("data:reviews@v1"),
    ReportScreen: lambda run_id: ReportScreen("data:reviews@v1"),
    MaskScreen: lambda run_id: MaskScreen("data:reviews@v1", 1),
    DiffScreen: lambda run_id: DiffScreen("reviews@v1", "reviews-eval@v1"),
    NewRunScreen: lambda run_id: NewRunScreen(),
    PresetsScreen: lambda run_id: PresetsScreen({}, print),
    PreflightScreen: lambda run_id: PreflightScreen(NO_RUN, [], lambda: None),
    AugmentScreen: lambda run_id: AugmentScreen("data:reviews@v1"),
    ReviewScreen: ReviewScreen,
    TourScreen: lambda run_id: TourScreen(),
    LineageScreen: lambda run_id: LineageScreen(),
    SystemScreen: lambda run_id: SystemScreen(),
    PlaygroundScreen: lambda run_id: PlaygroundScreen(),
    TrashScreen: lambda run_id: TrashScreen(),
    SelfTestScreen: lambda run_id: SelfTestScreen(),
    SpeedScreen: lambda run_id: SpeedScreen(),
}

# What stands on those whose keys mean what was read.
READ = {DataScreen: "reviews@v1", RowsScreen: "30 rows"}


def keys_of(screen: Kind) -> dict[str, str]:
    """The actions of every screen, by the keys that they have on this one."""
    shared = {*GOES_TO, "theme", "back"}
    found = {key: binding.action for binding in bindings_of(screen) for key in binding.key.split(",")}
    return {key: action for key, action in found.items() if action in shared}


COVERED.update((screen, key) for screen in [*OPEN, RunsScreen] for key in keys_of(screen))


@pytest.fixture
def filled(idle_home: Home, model: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("TUNEDECK_HOME", str(idle_home.root))
    augmented.fill(idle_home, model)
    return idle_home


@pytest.mark.parametrize("screen", OPEN)
async def test_they_go_where_they_say(filled: Home, screen: Kind) -> None:
    [run] = every_state.by_name(filled).values()
    async with opened(filled, (120, 40)) as cockpit:
        for key, action in keys_of(screen).items():
            cockpit.app.push_screen(OPEN[screen](run.id))
            await cockpit.until(shown(cockpit, screen), f"{screen.__name__} is open")
            await cockpit.until_shown(READ.get(screen, ""))
            theme = cockpit.app.theme
            await cockpit.press(key)
            assert (screen, key) in ACTED
            await check(cockpit, screen, action, theme)
            await back_to_the_list(cockpit)


async def check(cockpit: Cockpit, screen: Kind, action: str, theme: str) -> None:
    if action == "theme":
        await cockpit.until(lambda: cockpit.app.theme != theme, "the theme is another")
    elif action == "back" or GOES_TO[action] is screen:
        await cockpit.pilot.pause()
    else:
        await cockpit.until(shown(cockpit, GOES_TO[action]), f"{action} leads on")


async def back_to_the_list(cockpit: Cockpit) -> None:
    while len(cockpit.app.screen_stack) > 1:
        cockpit.app.pop_screen()
        await cockpit.pilot.pause()


async def test_the_list_has_them_too(filled: Home) -> None:
    async with opened(filled) as cockpit:
        for key, action in keys_of(RunsScreen).items():
            if action in ("home", "theme", "back"):
                continue
            await cockpit.press(key)
            assert (RunsScreen, key) in ACTED
            await cockpit.until(shown(cockpit, GOES_TO[action]), f"{key} leads on")
            await cockpit.press("escape")
            await cockpit.until(shown(cockpit, RunsScreen), "the list is back")
