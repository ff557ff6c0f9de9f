"""Compare: two to six runs over each other, what differs in them, and whether the difference matters."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from ...store import database, runs, scores
from ...store.errors import UserError
from ..charts.chart import Chart
from ..charts.series import Series
from ..clean import clean_line
from ..comparing.bounds import LETTERS
from ..widgets.line import Line
from ..widgets.log import TextPane
from .charting import PointsReader
from .panes import PanesScreen

if TYPE_CHECKING:
    from ..app import TunedeckApp
    from ..comparing.comparison import Comparison
    from .charting import Points

_PANES = ("curves", "knobs", "metrics", "outputs", "kept")
_EMPTY = {
    "knobs": "Reading...",
    "metrics": "Reading the predictions...",
    "outputs": "Reading the predictions...",
}
# Of a name in a chart's legend, where six of them and their values have to stand in a line.
_NAME_CELLS = 20
_NOT_KEPT = "No run measured both what it gained and what it kept (retention_data says on what)."
_FLOW = ("loss", "learning_rate", "grad_norm", "tokens_per_second")


class Curves(NamedTuple):
    """The metrics that some of the runs have, the one that is shown, and its points by run."""

    names: list[str]
    metric: str
    points: dict[str, "Points"]


class CompareScreen(PanesScreen):
    """Curves are live; what rows say is read once, and again by r."""

    heading = "COMPARE"
    PANES = _PANES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,l,right", "pane(1)", "Next pane", key_display="tab", tooltip="Curves, knobs, metrics, ..."),
        Binding("shift+tab,h,left", "pane(-1)", "Pane before", tooltip="The pane before.", show=False),
        Binding("right_square_bracket", "metric(1)", "Curve", key_display="]", tooltip="The next metric's curves."),
        Binding("left_square_bracket", "metric(-1)", "Curve before", tooltip="The metric before.", show=False),
        Binding("b", "baseline", "Baseline", tooltip="Hold the others against the next run."),
        Binding("L", "log_axis", "Log axis", tooltip="Logarithmic axis, and back."),
        Binding("w", "write", "Write", tooltip="Write the comparison as Markdown and CSV where tunedeck was opened."),
        Binding("r", "read", "Read again", tooltip="Read the newest predictions.", show=False),
    ]

    def __init__(self, run_ids: Sequence[str]) -> None:
        super().__init__()
        self._run_ids = tuple(run_ids)
        self._readers = {run_id: PointsReader(run_id) for run_id in run_ids}
        self._found: Comparison | None = None
        self._names = list(LETTERS[: len(self._run_ids)])
        self._curves = Curves([], "", {})
        self._metric = ""
        self._baseline = 0
        self._log_y = False
        self._busy = False

    def body(self) -> list[Widget]:
        panes = (TextPane(id=tab, empty=_EMPTY[tab]) for tab in ("knobs", "metrics", "outputs"))
        return [
            Line("", id="facts"),
            Line("", id="tabs"),
            ContentSwitcher(Chart("", id="curves"), *panes, Chart("", id="kept"), initial="curves", id="panes"),
        ]

    def on_mount(self) -> None:
        self.show_pane("curves")
        self.action_read()

    def on_screen_resume(self) -> None:
        self.watch_with(self._read_curves, self._show_curves)

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)

    # curves

    def _read_curves(self, db: sqlite3.Connection) -> Curves:
        """In the watch's thread: which metrics the runs have, and the points of the one in sight."""
        found = (name for run_id in self._run_ids for name in scores.names(db, run_id))
        names = list(dict.fromkeys([_FLOW[0], *found, *_FLOW[1:]]))
        metric = self._metric or next((name for name in names if name == scores.LOSS), names[0])
        return Curves(names, metric, {run_id: reader.one(db, metric) for run_id, reader in self._readers.items()})

    def _show_curves(self, curves: Curves) -> None:
        self._curves, self._metric = curves, curves.metric
        self._draw()

    def _draw(self) -> None:
        points = self._curves.points
        by_run = [(place, points[run_id]) for place, run_id in enumerate(self._run_ids) if run_id in points]
        is_score = self._metric.startswith(("eval_", "retention_"))
        series = [
            Series(self._names[place], *points, str(place + 1), "points" if is_score else "line", LETTERS[place])
            for place, points in by_run
        ]
        last = max((int(steps[-1]) for _, (steps, _) in by_run if len(steps)), default=1)
        title = self._metric.removeprefix("eval_").replace("_", " ")
        shown = f"{'held-out ' if self._metric.startswith('eval_') else ''}{title}"
        self.query_one("#curves", Chart).show_series(series, max(last, 1), title=shown, log_y=self._log_y)

    def action_metric(self, by: int) -> None:
        if not self.refused("metric") and self._curves.names:
            names = self._curves.names
            self._metric = names[(names.index(self._metric) + by) % len(names)]
            self.watch_with(self._read_curves, self._show_curves)

    def action_log_axis(self) -> None:
        if not self.refused("log_axis"):
            self._log_y = not self._log_y
            self._draw()

    # what the rows say

    def action_read(self) -> None:
        if self.refused("read"):
            return
        self._busy = True
        self.keys_changed()
        self.deck.run_worker(partial(self._work, self.deck, self._baseline), thread=True, exit_on_error=False)

    def _work(self, deck: "TunedeckApp", baseline: int) -> None:
        """In a thread: the runs' rows, and what the differences are worth."""
        from ..comparing import comparison

        try:
            with closing(database.connect(deck.home)) as db:
                found = comparison.of(db, deck.home, [runs.get(db, run_id) for run_id in self._run_ids], baseline)
            texts = _texts(found)
        except (UserError, sqlite3.Error, OSError) as error:
            deck.call_from_thread(self._failed, str(error))
        else:
            deck.call_from_thread(self._show_found, found, texts)

    def _failed(self, reason: str) -> None:
        self._busy = False
        if self.is_mounted:
            self.say(reason, "error")
            self.keys_changed()

    def _show_found(self, found: "Comparison", texts: dict[str, str]) -> None:
        self._busy, self._found = False, found
        if not self.is_mounted:
            return
        self._names = [clean_line(run.name)[:_NAME_CELLS] for run in found.runs]
        self._draw()
        self.title_line("COMPARE   " + "   ".join(found.names))
        self.query_one("#facts", Line).show(_headline(found))
        for tab, text in texts.items():
            self.query_one(f"#{tab}", TextPane).show_text(text)
        self._draw_kept(found)
        self.keys_changed()

    def _draw_kept(self, found: "Comparison") -> None:
        """A point a run: to the right what it gained, upwards what it forgot."""
        known = [
            (place, gain.gained, gain.forgot)
            for place, gain in enumerate(found.gains)
            if gain.gained is not None and gain.forgot is not None
        ]
        series = [
            Series(self._names[place], [gained], [forgot], str(place + 1), "points", LETTERS[place])
            for place, gained, forgot in known
        ]
        right = max((gained for _, gained, _ in known), default=1.0)
        left = min((gained for _, gained, _ in known), default=0.0)
        title = "general loss rose by (up), eval loss fell by (to the right)" if known else _NOT_KEPT
        margin = 0.1 * ((right - left) or 1.0)
        self.query_one("#kept", Chart).show_series(series, right + margin, x_min=min(0.0, left - margin), title=title)

    def action_baseline(self) -> None:
        if not self.refused("baseline"):
            self._baseline = (self._baseline + 1) % len(self._run_ids)
            self.action_read()
            self.say(f"{LETTERS[self._baseline]} is the baseline now.")

    def action_write(self) -> None:
        found = self._found
        if not self.refused("write") and found:
            self.act(lambda db: _written(found))

    def pane_changed(self) -> None:
        self.keys_changed()

    def why_not(self, action: str) -> str:
        if action.startswith(("metric", "log_axis")) and self.pane != "curves":
            return "The curves are another pane: tab goes there."
        if action in ("read", "baseline", "write") and self._busy:
            return "The predictions are being read."
        if action == "write" and self._found is None:
            return "There is nothing to write: the runs could not be read."
        return ""


def _texts(found: "Comparison") -> dict[str, str]:
    from ..comparing import telling

    return {
        "knobs": telling.knob_text(found),
        "metrics": telling.metric_text(found),
        "outputs": telling.output_text(found) or "The runs were given no prompt in common.",
    }


def _headline(found: "Comparison") -> str:
    """The verdict on the metric that people look at first, for the first run that is not the baseline."""
    from ..comparing import telling

    told = telling.verdicts(found)
    if not told:
        return found.why_not
    name = scores.headline(f"eval_{one.name}" for one in found.measures).removeprefix("eval_") or "loss"
    return next((sentence for sentence in told if f" {name} " in sentence), told[0])


def _written(found: "Comparison") -> str:
    """Write both files, under a name that is not taken."""
    from ..comparing import telling

    name = "-".join(["compare", *(run.id for run in found.runs)])
    stem = next(stem for stem in chain([name], (f"{name}-{number}" for number in count(2))) if not _is_taken(stem))
    for suffix, text in ((".md", telling.markdown(found)), (".csv", telling.csv_text(found))):
        Path(stem + suffix).write_text(text, encoding="utf-8")
    return f"The comparison lies in {Path(stem).absolute()}.md and .csv."


def _is_taken(stem: str) -> bool:
    return Path(f"{stem}.md").exists() or Path(f"{stem}.csv").exists()
