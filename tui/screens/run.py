"""Run: one run's live charts, samples, worst errors, log, events, configuration and checkpoints."""

import sqlite3
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from ...store import overview, runs, scores
from ...store.overview import Overview
from ...store.records import Run
from .. import actions
from ..charts.alignment import STEPS, Alignment, following, telling
from ..clean import clean
from ..last_words import last_words
from ..points import RunPoints
from ..widgets.facts import Facts
from ..widgets.last_lines import LastLines
from ..widgets.line import Line
from ..widgets.log import TextPane
from . import run_facts, run_texts
from .chart_grid import ChartGrid
from .panes import PanesScreen
from .run_facts import RunFacts
from .run_keys import RunKeys, why_not

_OF_CHARTS = ("chart", "axis", "log_axis", "zoom", "smooth", "crosshair")
_PANES = ("charts", "scores", "samples", "errors", "log", "events", "config", "checkpoints", "lineage")

_READING = "Being read..."


class RunScreen(RunKeys, PanesScreen):
    """Everything about one run, up to date."""

    heading = "RUN"
    about = (
        "One run. Where its evaluation loss rises while the training loss goes on falling, it learns the rows by "
        "heart: the best checkpoint lies before that."
    )
    PANES = _PANES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,l,right", "pane(1)", "Next pane", key_display="tab", tooltip="Charts, samples, errors, log, ..."),
        Binding("shift+tab,h,left", "pane(-1)", "Pane before", tooltip="The pane before.", show=False),
        Binding("right_square_bracket", "chart(1)", "Chart", key_display="]", tooltip="One chart alone: the next one."),
        Binding(
            "left_square_bracket", "chart(-1)", "Chart before", tooltip="One chart large: the one before.", show=False
        ),
        Binding("a", "axis", "Axis", tooltip="All charts by steps, by tokens seen, or by the time spent on updates."),
        Binding("L", "log_axis", "Log axis", tooltip="Logarithmic loss axis, and back.", show=False),
        Binding(
            "plus",
            "zoom(1)",
            "Zoom",
            key_display="+",
            tooltip="The newer half of the steps; or the half around a crosshair.",
            show=False,
        ),
        Binding("minus", "zoom(-1)", "Zoom out", key_display="-", tooltip="Twice as many steps.", show=False),
        Binding("0", "zoom(0)", "All steps", tooltip="All steps again.", show=False),
        Binding(
            "tilde", "smooth", "Smooth", key_display="~", tooltip="Means of 10, 50, 250 points, or none.", show=False
        ),
        Binding(
            "x", "crosshair", "Crosshair", tooltip="Read all charts at one step, which other keys move.", show=False
        ),
        Binding(
            "less_than_sign,comma", "crosshair_to(-1)", "Before", key_display="<", tooltip="Crosshair back.", show=False
        ),
        Binding(
            "greater_than_sign,full_stop", "crosshair_to(1)", "On", key_display=">", tooltip="Crosshair on.", show=False
        ),
        Binding("s", "stop", "Stop", tooltip="Save the state and stop. Once more while it stops: kill it."),
        Binding("r", "resume", "Resume", tooltip="Go on from the newest whole checkpoint."),
        Binding("S", "save", "Save now", tooltip="Write a checkpoint after this step.", show=False),
        Binding("E", "evaluate", "Evaluate now", tooltip="Evaluate after this step.", show=False),
        Binding("y", "copy", "Copy id", tooltip="Copy the run's id.", show=False),
    ]

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self._run_id = run_id
        self._facts: RunFacts | None = None
        self._alignment = STEPS
        self._recorded: list[str] = []
        self._has_points = False

    def body(self) -> list[Widget]:
        panes = (TextPane(id=tab, empty=_READING) for tab in _PANES[1:])
        return [
            Facts("", id="facts"),
            Static("", id="cause"),
            LastLines(id="last-words"),
            Line("", id="tabs"),
            ContentSwitcher(ChartGrid(id="charts"), *panes, initial="charts", id="panes"),
        ]

    def on_mount(self) -> None:
        self.show_pane("charts")
        self.deck.watch_store.subscribe((self, "facts"), self._read_facts, self._show_facts)

    def on_screen_resume(self) -> None:
        self._watch_pane()

    def on_unmount(self) -> None:
        self.deck.watch_store.unsubscribe((self, "facts"))

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)

    # what is shown

    def _read_facts(self, db: sqlite3.Connection) -> RunFacts:
        run = runs.get(db, self._run_id)
        name = scores.headline(scores.names(db, run.id))
        headline = scores.of_metric(db, run.id, name) if name else None
        return RunFacts(
            overview.of_run(db, run),
            headline,
            overview.starts_from(db, run),
            last_words(self.deck.home, run),
            run.state == "running" and self.deck.home.run(run.id).spool.exists(),
        )

    def _show_facts(self, facts: RunFacts) -> None:
        before, self._facts = self._view, facts
        run, ascii_only = facts.view.run, self.deck.ascii_only
        self._show_title()
        self.query_one("#facts", Facts).tell(run_facts.told(facts, ascii_only=ascii_only))
        if before is None or (before.run.cause, before.run.summary) != (run.cause, run.summary):
            self._show_ending(run)
            self.query_one(LastLines).show(facts.last_words)
        self.keys_changed()

    def _show_title(self) -> None:
        if self._facts:
            width = self.query_one("#heading").content_size.width
            self.title_line(run_facts.title(self._facts, width, ascii_only=self.deck.ascii_only))

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._show_title)

    def _show_ending(self, run: Run) -> None:
        """Why the run ended, and what it gained and lost, on as many lines as it needs."""
        told = "\n".join(filter(None, (run.cause, overview.gain(run))))
        ending = self.query_one("#cause", Static)
        ending.update(Content(clean(told)))
        ending.display = bool(told)
        ending.set_class(run.state in ("failed", "killed"), "-error")

    def pane_changed(self) -> None:
        self._watch_pane()

    def _watch_pane(self) -> None:
        """Have only what is in sight read."""
        pane = self.pane
        if pane == "charts":
            self.watch_with(partial(self._read_points, self._alignment), self._show_points)
        elif pane == "log":
            self.deck.watch_store.unsubscribe(self)
            self._read_pane(pane).show_file(self.deck.home.run(self._run_id).log)
        else:
            read = partial(run_texts.READ[pane], home=self.deck.home, run_id=self._run_id)
            self.watch_with(read, partial(self._show_text, pane))

    def _show_text(self, pane: str, text: str) -> None:
        self._read_pane(pane).show_text(text)

    def _read_pane(self, name: str) -> TextPane:
        """The pane, which is said to be empty only once that was looked at."""
        pane = self.query_one(f"#{name}", TextPane)
        pane.empty = run_texts.EMPTY[name].format(save=self.key_of("save"))
        return pane

    def _read_points(self, alignment: Alignment, db: sqlite3.Connection) -> RunPoints:
        reader = self.deck.points.of_run(self._run_id)
        return (reader.all if self._has_points else reader.first)(db, alignment)

    def _show_points(self, points: RunPoints) -> None:
        was_dim = bool(self.why_not("axis"))
        self._recorded = points.names
        self.query_one(ChartGrid).show(points)
        self._has_points = True
        if not points.is_whole:
            self._watch_pane()
        if was_dim != bool(self.why_not("axis")):
            self.keys_changed()

    # keys

    @property
    def _view(self) -> Overview | None:
        return self._facts.view if self._facts else None

    @property
    def chosen_run(self) -> Run | None:
        return self._view.run if self._view else None

    def why_not(self, action: str) -> str:
        if self._view is None:
            return ""
        if action.startswith(_OF_CHARTS) and self.pane != "charts":
            return f"The charts are another pane: {self.key_of('pane(1)')} goes there."
        if action in ("axis", "crosshair") and not self._recorded:
            return "There is no point yet: the first comes with step 1."
        if action == "axis" and following(STEPS, self._recorded) == STEPS:
            return "Only steps are recorded of this run, neither tokens nor time."
        if action == "log_axis" and not self.query_one(ChartGrid).shows_loss:
            return f"Only the loss has a logarithmic axis: {self.key_of('chart(-1)')} leads to it."
        if action == "crosshair_to" and not self.query_one(ChartGrid).has_crosshair:
            return f"There is no crosshair: {self.key_of('crosshair')} puts one into the charts."
        return why_not(action, self._view.run)

    def action_chart(self, by: int) -> None:
        if not self.refused("chart"):
            self.query_one(ChartGrid).enlarge(by)

    def action_axis(self) -> None:
        if not self.refused("axis"):
            self._alignment = following(self._alignment, self._recorded)
            self._watch_pane()
            self.say(telling(self._alignment, self._recorded))

    def action_crosshair(self) -> None:
        if not self.refused("crosshair"):
            grid = self.query_one(ChartGrid)
            grid.switch_crosshair()
            back, on, away = map(self.key_of, ("crosshair_to(-1)", "crosshair_to(1)", "crosshair"))
            self.say(f"{back} and {on} move it, {away} takes it away." if grid.has_crosshair else "")
            self.keys_changed()

    def action_crosshair_to(self, by: int) -> None:
        if not self.refused("crosshair_to"):
            self.query_one(ChartGrid).move_crosshair(by)

    def action_log_axis(self) -> None:
        if not self.refused("log_axis"):
            self.say(self.query_one(ChartGrid).switch_log())

    def action_zoom(self, by: int) -> None:
        if not self.refused("zoom"):
            self.say(self.query_one(ChartGrid).zoom(by))

    def action_smooth(self) -> None:
        if not self.refused("smooth"):
            self.say(self.query_one(ChartGrid).smooth())

    def action_stop(self) -> None:
        if self._view and not self.refused("stop"):
            self.stop_run(self._view)

    def action_resume(self) -> None:
        if self._view and not self.refused("resume"):
            self.resume_run(self._view)

    def action_save(self) -> None:
        if self._view and not self.refused("save"):
            self.act(partial(actions.ask_for, run=self._view.run, verb="save"))

    def action_evaluate(self) -> None:
        if self._view and not self.refused("evaluate"):
            self.act(partial(actions.ask_for, run=self._view.run, verb="evaluate"))

    def action_copy(self) -> None:
        self.copy(self._run_id, f"The id {self._run_id}")
