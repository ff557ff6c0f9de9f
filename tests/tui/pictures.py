"""Pictures of screens, as text in files, for any test; with TUNEDECK_WRITE_PICTURES set, they are written anew."""

import difflib
import os
from pathlib import Path

from cockpit import Cockpit
from keyboard import Kind
from looks import LOOKS, NO_COLOR, Look, has_colour, worn
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
from tunedeck.tui.screens.playground import PlaygroundScreen
from tunedeck.tui.screens.preflight import PreflightScreen
from tunedeck.tui.screens.presets import PresetsScreen
from tunedeck.tui.screens.review import ReviewScreen
from tunedeck.tui.screens.rows import RowsScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.self_test import SelfTestScreen
from tunedeck.tui.screens.speed import SpeedScreen
from tunedeck.tui.screens.split import SplitAsk
from tunedeck.tui.screens.system import SystemScreen
from tunedeck.tui.screens.tour import TourScreen
from tunedeck.tui.screens.trash import TrashScreen
from tunedeck.tui.screens.vary import VaryAsk

FOLDER = Path(__file__).parent / "snapshots"
# The colours of a screen, beside its text.
LOOKS_FOLDER = Path(__file__).parent / "snapshots_looks"
SMALL, LARGE = (80, 24), (160, 48)
IN_ALL_LOOKS: dict[Kind, str] = {
    RunsScreen: "runs", RunScreen: "run-resumed", CompareScreen: "compare", DataScreen: "data", RowsScreen: "rows",
    ReportScreen: "report", MaskScreen: "mask", DiffScreen: "diff", ReviewScreen: "review", AugmentScreen: "augment",
    ModelsScreen: "models", NewRunScreen: "new-run", PresetsScreen: "presets", PreflightScreen: "preflight",
    LineageScreen: "lineage", PlaygroundScreen: "playground", SystemScreen: "system", HelpScreen: "runs-help",
    TrashScreen: "trash", TourScreen: "tour-1", PaletteScreen: "palette", Ask: "ask-stop", ExportAsk: "ask-export",
    VaryAsk: "ask-vary", SplitAsk: "ask-split", LineAsk: "ask-tag", CommandShown: "command",
    SelfTestScreen: "self-test", SpeedScreen: "speed",
}  # fmt: skip
"""Of each screen and question the picture that is held against its colours too, dark, light and without any."""
# What WCAG 2.1 asks of anything that tells something; ordinary text has 4.5 and more by the theme.
_LEAST_CONTRAST = 3.0
_WRITE = bool(os.environ.get("TUNEDECK_WRITE_PICTURES"))


def file_name(name: str, size: tuple[int, int]) -> str:
    return f"{name}-{size[0]}x{size[1]}"


async def compare(cockpit: Cockpit, name: str, *sizes: tuple[int, int]) -> None:
    """What stands on the screen looks as it did, at each of these sizes, or else at both."""
    for size in sizes or (LARGE, SMALL):
        if cockpit.app.size != size:
            await cockpit.pilot.resize_terminal(*size)
        same_as(FOLDER / f"{file_name(name, size)}.txt", "\n".join(await cockpit.until_still()) + "\n")
        if IN_ALL_LOOKS.get(type(cockpit.app.screen)) == name:
            same_as(LOOKS_FOLDER / f"{file_name(name, size)}.txt", await _looks(cockpit))


async def _looks(cockpit: Cockpit) -> str:
    """All of them, one below the other; words can be read in each, and where no colour is wanted there is none."""
    told = []
    for name in LOOKS:
        async with worn(cockpit, name):
            look = Look(name, cockpit.strips())
            assert name != NO_COLOR or not has_colour(cockpit.strips())
        faint = {style: ratio for style, ratio in look.least_contrast.items() if ratio < _LEAST_CONTRAST}
        assert not faint, f"{name}: {faint}"
        told.append(str(look))
    return "\n".join(told)


def same_as(file: Path, text: str) -> None:
    """The file holds this text; where not, what differs is shown."""
    if _WRITE:
        file.write_text(text, encoding="utf-8")
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    differs = difflib.unified_diff(before.splitlines(), text.splitlines(), file.name, "now", lineterm="")
    assert before == text, "\n".join(differs)
