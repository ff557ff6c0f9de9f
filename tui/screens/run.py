"""Run: one run's live charts, samples, worst errors, log, events, configuration and checkpoints."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from ...store import overview, runs, scores
from ...store.overview import Overview
from ...store.records import Run
from ...store.scores import Score
from .. import actions
from ..charts.alignment import STEPS, Alignment, following, telling
from ..clean import clean
from ..last_words import last_words
from ..points import RunPoints
from ..widgets.last_lines import LastLines
from ..widgets.line import Line
from ..widgets.log import TextPane
from ..words import ASCII_MARKS, STATE_MARKS, bar, duration, figure, share
from . import run_texts
from .chart_grid import ChartGrid
from .panes import PanesScreen
from .run_keys import RunKeys, why_not

_OF_CHARTS = ("chart", "axis", "log_axis", "zoom", "smooth", "crosshair")
_PANES = ("charts", "scores", "samples", "errors", "log", "events", "config", "checkpoints", "lineage")


@dataclass(frozen=True)
class RunFacts:
    """What the lines above the panes tell: the run, the metric in which people think of its task, its origin."""

    view: Overview
    headline: Score | None
    starts_from: str
    last_words: Sequence[str]
    is_spooled: bool = False


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
        Binding("plus", "zoom(1)", "Zoom", key_display="+", tooltip="The newer half of the steps.", show=False),
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
        self._view: Overview | None = None
        self._alignment = STEPS
        self._recorded: list[str] = []
        self._has_points = False

    def body(self) -> list[Widget]:
        panes = (TextPane(id=tab, empty=run_texts.EMPTY[tab].format(save=self.key_of("save"))) for tab in _PANES[1:])
        return [
            Line("", id="facts"),
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
        before, self._view = self._view, facts.view
        marks = ASCII_MARKS if self.deck.ascii_only else STATE_MARKS
        run = facts.view.run
        self.title_line(f"RUN {run.name}   {marks[run.state]} {facts.view.state}{_doing(facts.view)}{_origin(facts)}")
        self.query_one("#facts", Line).show(_facts(facts, ascii_only=self.deck.ascii_only))
        if before is None or (before.run.cause, before.run.summary) != (run.cause, run.summary):
            self._show_ending(run)
            self.query_one(LastLines).show(facts.last_words)
        self.keys_changed()

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
            self.query_one("#log", TextPane).show_file(self.deck.home.run(self._run_id).log)
        else:
            read = partial(run_texts.READ[pane], home=self.deck.home, run_id=self._run_id)
            self.watch_with(read, self.query_one(f"#{pane}", TextPane).show_text)

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
            self.query_one(ChartGrid).switch_log()

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


def _origin(facts: RunFacts) -> str:
    """Whose weights the run starts from, or else which run it was set up like."""
    if facts.starts_from:
        return f"   {facts.view.run.kind} from {facts.starts_from}"
    return f"   set up like {facts.view.parent_name}" if facts.view.parent_name else ""


def _doing(view: Overview) -> str:
    if view.run.state != "running":
        return ""
    if view.late_seconds > 0:
        return f", no sign of life for {duration(view.late_seconds)} more than it promised, while {view.phase}"
    return f", {view.phase}" if view.phase else ", starting"


def _facts(facts: RunFacts, *, ascii_only: bool) -> str:
    view, headline = facts.view, facts.headline
    if view.run.state == "queued" and not view.step:
        return "waits in the queue"
    part = share(view.step, view.total_steps)
    told = [f"step {view.step}/{view.total_steps or '?'} {bar(part, 10, ascii_only=ascii_only)} {part:.0%}"]
    told += ["! store can't be written: rows wait in a file"] if facts.is_spooled else []
    told += [f"{duration(view.seconds_left)} left"] if view.seconds_left is not None else []
    if headline:
        told.append(f"{headline.label} {figure(headline.base)} → {figure(headline.newest)}")
        told += [f"best {figure(headline.best)}@{headline.best_step}"] if headline.best_step else []
    told.append(f"loss {figure(view.loss)}")
    if not headline:
        told.append(f"base {figure(view.base_eval_loss)}")
        told += [f"best {figure(view.best_eval_loss)}@{view.best_step}"] if view.best_step else []
    return "  ".join(told)
