"""What the tests of keys share: which keys they cover, ways to the screens, and looks into the store."""

from collections.abc import Callable

import pytest
from cockpit import Cockpit
from textual.screen import Screen
from tunedeck.store import commands, database, runs
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.augment import AugmentScreen
from tunedeck.tui.screens.command import CommandShown
from tunedeck.tui.screens.compare import CompareScreen
from tunedeck.tui.screens.data import DataScreen
from tunedeck.tui.screens.data_report import ReportScreen
from tunedeck.tui.screens.diff import DiffScreen
from tunedeck.tui.screens.export import ExportAsk
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.line_ask import LineAsk
from tunedeck.tui.screens.lineage import LineageScreen
from tunedeck.tui.screens.mask import MaskScreen
from tunedeck.tui.screens.models import ModelsScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.palette import PaletteScreen
from tunedeck.tui.screens.preflight import PreflightScreen
from tunedeck.tui.screens.presets import PresetsScreen
from tunedeck.tui.screens.review import ReviewScreen
from tunedeck.tui.screens.rows import RowsScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.split import SplitAsk
from tunedeck.tui.screens.system import SystemScreen
from tunedeck.tui.screens.tour import TourScreen
from tunedeck.tui.screens.trash import TrashScreen
from tunedeck.tui.screens.vary import VaryAsk
from tunedeck.tui.widgets.table import Table

Kind = type[Screen]
SCREENS: tuple[Kind, ...] = (
    RunsScreen, RunScreen, CompareScreen, DataScreen, RowsScreen, ReportScreen, MaskScreen, DiffScreen, ReviewScreen,
    AugmentScreen, NewRunScreen, HelpScreen, TrashScreen, TourScreen, PaletteScreen, Ask, ExportAsk, VaryAsk, SplitAsk,
    LineAsk, ModelsScreen, LineageScreen, SystemScreen,
    PresetsScreen, PreflightScreen, CommandShown,
)  # fmt: skip
COVERED: set[tuple[Kind, str]] = set()


def covers(screen: Kind, *keys: str) -> pytest.MarkDecorator:
    """The test presses each of these keys on that screen; it gets them as `keys`."""
    COVERED.update((screen, key) for key in keys)
    return pytest.mark.parametrize("keys", [pytest.param(keys, id=" ".join(keys))])


def row_of(home: Home, run: Run) -> Run:
    db = database.connect(home)
    try:
        return runs.get(db, run.id)
    finally:
        db.close()


def asked_of(home: Home, run: Run) -> list[str]:
    db = database.connect(home)
    try:
        return commands.pending(db, run.id)
    finally:
        db.close()


def shown(cockpit: Cockpit, screen: Kind) -> Callable[[], bool]:
    return lambda: type(cockpit.app.screen) is screen


async def open_run(cockpit: Cockpit, run: Run) -> None:
    await cockpit.go_to(run.id)
    await cockpit.press("enter")
    await cockpit.until(lambda: run.name in cockpit.heading, f"{run.name} is open")


async def open_form(cockpit: Cockpit) -> None:
    await cockpit.press("n")
    await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
    await cockpit.until(lambda: cockpit.app.screen.query_one(Table).cursor_key == "data", "the form is filled")


def form_values(cockpit: Cockpit) -> dict[str, object]:
    form = cockpit.app.screen
    assert isinstance(form, NewRunScreen)
    return form._values


def is_dim(cockpit: Cockpit, key: str) -> bool:
    """Whether the key looks other than `?`, which can always be used."""
    looks = {text: style for strip in cockpit.strips()[-1] for text, style, _ in strip}
    return looks[f" {key}"] != looks[" ?"]


async def home_from(cockpit: Cockpit) -> None:
    while len(cockpit.app.screen_stack) > 1:
        await cockpit.press("escape")
        await cockpit.pilot.pause()
