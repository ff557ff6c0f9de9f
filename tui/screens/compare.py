"""Compare: two to six runs over each other, what differs in them, and whether the difference matters."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from ...store import database, runs
from ...store.paths import Home
from ..asking import Asking
from ..charts import smoothing
from ..charts.alignment import STEPS, following
from ..charts.chart import Chart
from ..clean import clean_line
from ..comparing.bounds import FEWEST, LETTERS, MOST
from ..comparing.curves import Curves, CurvesReader
from ..widgets.cells import fit_text
from ..widgets.line import Line
from ..widgets.log import TextPane
from ..widgets.told import Told
from .kept_pane import KeptPane
from .panes import PanesScreen
from .run_list import RunList

if TYPE_CHECKING:
    from ..comparing.comparison import Comparison
    from ..comparing.output_text import Output

_PANES = ("curves", "knobs", "metrics", "outputs", "kept")
_EMPTY = {
    "knobs": "Reading...",
    "metrics": "Reading the predictions...",
    "outputs": "Reading the predictions...",
}
# Of a name in a chart's legend, where six of them and their values have to stand in a line.
_NAME_CELLS, _LEAST_CELLS, _CELLS_BETWEEN = 20, 4, 5
_GAP = "   "
# What stands beside the text of a pane: its margins, and its scrollbar.
_BESIDE_TEXT = 3
_NO_PROMPT = "The runs were given no prompt in common: `prompts` is the knob that gives them the same."


class Compared(NamedTuple):
    """What the rows of the runs say: in a line, in the panes of text, and of each prompt and row."""

    found: "Comparison"
    headline: str
    texts: dict[str, str]
    outputs: "list[Output]"


class CompareScreen(PanesScreen):
    """Curves are live; what rows say is read once, and again by r."""

    heading = "COMPARE"
    about = (
        "Runs over each other. Scores come with intervals over the same held-out rows: where an interval holds "
        "0, the difference may be luck."
    )
    WITHOUT = frozenset({"go('compare')"})
    PANES = _PANES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,l,right", "pane(1)", "Next pane", key_display="tab", tooltip="Curves, knobs, metrics, ..."),
        Binding("shift+tab,h,left", "pane(-1)", "Pane before", tooltip="The pane before.", show=False),
        Binding("right_square_bracket", "metric(1)", "Curve", key_display="]", tooltip="The next metric's curves."),
        Binding("left_square_bracket", "metric(-1)", "Curve before", tooltip="The metric before.", show=False),
        Binding("b", "baseline", "Baseline", tooltip="Hold the others against the next run."),
        Binding("a", "axis", "Axis", tooltip="Curves by steps, by tokens seen, or by the time spent on updates."),
        Binding("L", "log_axis", "Log axis", tooltip="Logarithmic axis, and back.", show=False),
        Binding("tilde", "smooth", "Smooth", key_display="~", tooltip="Means of 10, 50, 250 points.", show=False),
        Binding("w", "write", "Write", tooltip="Write Markdown, CSV and the curves as SVG where tunedeck was opened."),
        Binding("r", "read", "Read again", tooltip="Read the newest predictions.", show=False),
    ]

    def __init__(self, run_ids: Sequence[str] = ()) -> None:
        """Without runs, those that are marked in the list."""
        super().__init__()
        self._run_ids = tuple(run_ids)
        self._found: Comparison | None = None
        self._outputs: list[Output] = []
        self._names: list[str] = []
        self._curves = Curves()
        self._metric, self._alignment, self._span = "", STEPS, smoothing.SPANS[0]
        self._baseline = 0
        self._log_y = False

    def body(self) -> list[Widget]:
        marked = self._list.marked
        self._run_ids = self._run_ids or (tuple(marked) if FEWEST <= len(marked) <= MOST else ())
        self._reader = CurvesReader(self._run_ids)
        self._names = list(LETTERS[: len(self._run_ids)])
        panes = (TextPane(id=tab, empty=self._why_none or _EMPTY[tab]) for tab in ("knobs", "metrics", "outputs"))
        return [
            Told(self._why_none, id="facts"),
            Line("", id="tabs"),
            ContentSwitcher(Chart("", id="curves"), *panes, KeptPane(id="kept"), initial="curves", id="panes"),
        ]

    def on_mount(self) -> None:
        self._asking = Asking(self.deck, self._fail, ended=self.keys_changed)
        self.show_pane("curves")
        if self._run_ids:
            self.action_read()

    @property
    def _list(self) -> RunList:
        """The list of runs, from which all other screens are opened."""
        found = self.app.screen_stack[0]
        assert isinstance(found, RunList)
        return found

    @property
    def _why_none(self) -> str:
        """Why no run is compared, "" where some are."""
        if self._run_ids:
            return ""
        mark, compare = map(self._list.key_of, ("mark", "compare"))
        return f"Nothing is compared: mark {FEWEST} to {MOST} runs in the list with {mark}, then press {compare}."

    def on_screen_resume(self) -> None:
        if self._run_ids:
            self._watch_curves()

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)

    # curves

    def _watch_curves(self) -> None:
        """Have those in sight read."""
        read = partial(self._reader.read, metric=self._metric, alignment=self._alignment)
        self.watch_with(read, self._show_curves)

    def _show_curves(self, curves: Curves) -> None:
        told = curves.recorded != self._curves.recorded
        self._curves, self._metric = curves, curves.metric
        self._draw()
        if told:
            self.keys_changed()

    def _draw(self) -> None:
        curves, chart = self._curves, self.query_one("#curves", Chart)
        # Short enough that the legend has room for all of them.
        cells = max(_LEAST_CELLS, (chart.size.width - len(curves.title)) // len(self._names) - _CELLS_BETWEEN)
        series = curves.series([name[:cells] for name in self._names], self._span)
        is_time = curves.alignment.is_time
        chart.show_series(series, curves.end, x_time=is_time, title=curves.title, log_y=self._log_y)

    def action_metric(self, by: int) -> None:
        if not self.refused("metric"):
            names = self._curves.names
            self._metric = names[(names.index(self._metric) + by) % len(names)]
            self._watch_curves()

    def action_axis(self) -> None:
        if not self.refused("axis"):
            self._alignment = following(self._alignment, self._curves.recorded)
            self._watch_curves()
            self.say(f"Curves by {self._alignment.name}.")

    def action_smooth(self) -> None:
        if not self.refused("smooth"):
            self._span = smoothing.following(self._span)
            self._draw()
            self.say(smoothing.telling(self._span))

    def action_log_axis(self) -> None:
        if not self.refused("log_axis"):
            self._log_y = not self._log_y
            self._draw()
            self.say(
                "The axis is logarithmic: what is not above 0 is left out." if self._log_y else "The axis is plain."
            )

    # what the rows say

    def action_read(self) -> None:
        if not self.refused("read"):
            self._asking.of(_compared(self.deck.home, self._run_ids, self._baseline), self._show_found)
            self.keys_changed()

    def _show_found(self, compared: Compared) -> None:
        found = self._found = compared.found
        self._outputs = compared.outputs
        self._names = [clean_line(run.name)[:_NAME_CELLS] for run in found.runs]
        self._draw()
        self._show_title()
        headline = self.query_one("#facts", Told)
        headline.show(compared.headline)
        headline.refresh(layout=True)
        for tab, text in compared.texts.items():
            self.query_one(f"#{tab}", TextPane).show_text(text)
        self._show_outputs()
        self.query_one(KeptPane).show(found, self._names)

    def on_resize(self, event: events.Resize) -> None:
        if self._found:
            self._show_outputs()
            self.call_after_refresh(self._show_title)

    def _show_title(self) -> None:
        """As much of each name as there is room for, so that no letter is lost."""
        names = self._found.names if self._found else self._names
        room = (self.query_one("#heading").content_size.width - len(self.heading)) // len(names) - len(_GAP)
        self.title_line(
            _GAP.join([self.heading, *(fit_text(name, max(room, _LEAST_CELLS)).rstrip() for name in names)])
        )

    def _show_outputs(self) -> None:
        """In columns where there is room for them."""
        from ..comparing import output_text

        width = self.size.width - _BESIDE_TEXT
        text = "\n\n".join(output_text.beside(output, width) for output in self._outputs)
        self.query_one("#outputs", TextPane).show_text(text or _NO_PROMPT)

    def _fail(self, reason: str) -> None:
        """What was read before stays."""
        self.say(reason, "error")
        if self._found is None:
            for tab in _EMPTY:
                self.query_one(f"#{tab}", TextPane).show_text(reason)

    def action_baseline(self) -> None:
        if not self.refused("baseline"):
            self._baseline = (self._baseline + 1) % len(self._run_ids)
            self.action_read()
            self.say(f"{LETTERS[self._baseline]} is the baseline now.")

    def action_write(self) -> None:
        found = self._found
        if not self.refused("write") and found:
            self.act(partial(_write, found, self._curves, self._span, self._log_y))

    def why_not(self, action: str) -> str:
        if not self._run_ids:
            return "" if action.startswith("pane") else self._why_none
        if action.startswith(("metric", "axis", "log_axis", "smooth")) and self.pane != "curves":
            return f"The curves are another pane: {self.key_of('pane(1)')} goes there."
        if action.startswith("metric") and not self._curves.names:
            return "The curves are being read."
        if action == "axis" and following(STEPS, self._curves.recorded) == STEPS:
            return "Only steps are recorded of these runs, neither tokens nor time."
        if action in ("read", "baseline", "write") and self._asking.is_open:
            return "The predictions are being read."
        if action == "write" and (self._found is None or not self._curves.points):
            return "There is nothing to write: the runs could not be read."
        return ""


def _compared(home: Home, run_ids: Sequence[str], baseline: int) -> Iterator[Compared]:
    """In a thread: the runs' rows and what the differences are worth."""
    from ..comparing import comparison, output_text, telling

    with closing(database.connect(home)) as db:
        found = comparison.of(db, home, [runs.get(db, run_id) for run_id in run_ids], baseline)
    texts = {"knobs": telling.knob_text(found), "metrics": telling.metric_text(found)}
    yield Compared(found, telling.headline(found), texts, output_text.outputs(found))


def _write(found: "Comparison", curves: Curves, span: int, log_y: bool, db: sqlite3.Connection) -> str:
    """In a thread: the comparison, with the curves as they are in sight."""
    from ..comparing import files

    return files.write_all(found, curves, span=span, log_y=log_y)
