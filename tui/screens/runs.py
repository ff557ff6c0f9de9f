"""Runs, the home screen: every run with its state and figures, and a preview of the one under the cursor."""

import sqlite3
from functools import partial
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from ...store import made, overview, run_filter, states
from ...store.errors import UserError
from ...store.overview import Overview
from ...store.records import Run
from .. import actions
from ..charts.chart import Chart
from ..comparing.bounds import FEWEST, MOST
from ..widgets.table import Table
from .charting import LossPoints, PointsReader, show_loss
from .run_keys import RunKeys, why_not
from .run_rows import COLUMNS, RunRows

# A preview is 5 to 12 KB on the wire: it is drawn for the run where the cursor rests, not for those it passes.
_REST_SECONDS = 0.1
_NONE_MATCH = "No run is like that: / changes the filter, q takes it away."
_FILTER_HINT = "words, state=running, task=chat, best<1.2, learning_rate>1e-4, !word"
_EMPTY = "No runs yet. Press n to set one up, or leave with q and try `tunedeck demo`."


class Listed(NamedTuple):
    """The runs by their ids, those to be shown in their order, and whether queued ones wait for a key."""

    views: dict[str, Overview]
    shown: list[Overview]
    queue_rests: bool


class RunsScreen(RunKeys):
    """The list of runs, newest first."""

    heading = "RUNS"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,5", "new_run", "New", key_display="n", tooltip="Set up a run: data, model, method, every knob."),
        Binding("enter", "open", "Open", tooltip="Open the run: live charts, samples, log, events, config."),
        Binding("space", "mark", "Mark", tooltip="Mark the run, or take the mark away, and go on to the next."),
        Binding("c,2", "compare", "Compare", key_display="c", tooltip="Hold the marked runs against each other."),
        Binding("slash", "filter", "Filter", key_display="/", tooltip="Show some: state=running task=chat best<1.2."),
        Binding(
            "o", "sort", "Sort", tooltip="Newest first, or by name, state, loss, best, step, time left.", show=False
        ),
        Binding("s", "stop", "Stop", tooltip="Save the run's state and stop it. Once more while it stops: kill it."),
        Binding(
            "r",
            "resume",
            "Resume",
            tooltip="Go on from the newest whole checkpoint; on a queued run: have the queue worked.",
        ),
        Binding("d", "delete", "Delete", tooltip="Put the run into the trash."),
        Binding("u", "undo", "Undo", tooltip="Take the run that was deleted last out of the trash."),
        Binding("y", "copy", "Copy id", tooltip="Copy the run's id.", show=False),
        Binding("t", "theme", "Theme", tooltip="Go on to the next theme; it is remembered."),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="All the keys of this screen."),
        Binding("q,escape", "back", "Quit", key_display="q", tooltip="Leave the app; runs go on."),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._listed = Listed({}, [], queue_rests=False)
        self._deleted: list[Run] = []
        self._marked: list[str] = []
        self._preview_timer: Timer | None = None
        self._opened_first = False
        self._filter = ""
        self._conditions: list[run_filter.Condition] = []
        self._order = run_filter.ORDERS[0]

    def body(self) -> list[Widget]:
        field = Input(id="filter", compact=True, placeholder=_FILTER_HINT)
        field.cursor_blink = False
        return [Horizontal(Table(COLUMNS, id="runs"), Chart("loss", id="preview"), id="runs-body"), field]

    def on_mount(self) -> None:
        self.query_one("#filter").display = False
        self.query_one(Table).focus()
        if self.deck.first_words:
            more = len(self.deck.first_words) - 1
            self.say(self.deck.first_words[0] + (f" ({more} more: `tunedeck themes`)" if more else ""), "warning")

    def on_screen_resume(self) -> None:
        self.watch_with(self._read, self._show)
        self._watch_preview()

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)
        self.deck.watch_store.unsubscribe((self, "preview"))

    def on_unmount(self) -> None:
        self.deck.watch_store.unsubscribe((self, "preview"))

    def _read(self, db: sqlite3.Connection) -> Listed:
        """In the watch's thread: of 10,000 runs the filter alone takes 0.2 s."""
        views = overview.of_all(db, self._views)
        shown = run_filter.ordered(run_filter.matching(views, self._conditions), self._order)
        return Listed({view.run.id: view for view in views}, shown, states.queue_rests(db, self.deck.home))

    def _show(self, listed: Listed) -> None:
        self._listed = listed
        self._marked = [run_id for run_id in self._marked if run_id in self._views]
        self._show_rows()
        self.query_one("#preview").set_class(not self._views, "-nothing")
        self.keys_changed()
        if self.deck.first_run_id in self._views and not self._opened_first:
            self._opened_first = True
            self._open(self.deck.first_run_id)

    @property
    def _views(self) -> dict[str, Overview]:
        return self._listed.views

    def _show_rows(self) -> None:
        table = self.query_one(Table)
        # Only now is it known; a store that can't be read is not an empty one.
        table.empty = _NONE_MATCH if self._views else _EMPTY
        table.update_rows(RunRows(self._listed.shown, self._views, self._marked, ascii_only=self.deck.ascii_only))
        self.title_line(self._heading(len(self._listed.shown)))

    def _read_again(self) -> None:
        self.watch_with(self._read, self._show)

    def _heading(self, shown: int) -> str:
        states = [
            run.state if run.state in ("running", "queued") else "ended"
            for run in (view.run for view in self._views.values())
        ]
        told = [f"{states.count(state)} {state}" for state in ("running", "queued", "ended") if state in states]
        picked = f"   {shown} of them: {self._filter}" if self._conditions else ""
        order = f"   by {self._order}" if self._order != run_filter.ORDERS[0] else ""
        rests = "   The queue rests: r on a queued run lets it go on." if self._listed.queue_rests else ""
        return "RUNS   " + (", ".join(told) or "none yet") + picked + order + rests

    # the run under the cursor

    @property
    def _chosen(self) -> Overview | None:
        return self._views.get(self.query_one(Table).cursor_key or "")

    @property
    def chosen_run(self) -> Run | None:
        return self._chosen.run if self._chosen else None

    @on(Table.Highlighted)
    def _on_highlighted(self) -> None:
        self.keys_changed()
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(_REST_SECONDS, self._watch_preview)

    def _watch_preview(self) -> None:
        chosen = self._chosen
        if chosen is None:
            self.deck.watch_store.unsubscribe((self, "preview"))
        elif self.query_one("#preview").display:
            read = PointsReader(chosen.run.id).loss
            self.deck.watch_store.subscribe((self, "preview"), read, self._show_preview)

    def _show_preview(self, points: LossPoints) -> None:
        if self._chosen is not None:
            show_loss(self.query_one("#preview", Chart), points, title=self._chosen.run.name)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._watch_preview)

    def why_not(self, action: str) -> str:
        """Why a key does nothing for the run under the cursor."""
        if action in ("new_run", "theme", "help", "back", "home", "data"):
            return ""
        if action == "compare":
            return "" if FEWEST <= len(self._marked) <= MOST else f"Mark {FEWEST} to {MOST} runs with space first."
        if action == "undo":
            return "" if self._deleted else "Nothing was deleted since the app was opened."
        chosen = self._chosen
        if chosen is None:
            return "There is no run yet: n sets one up."
        return why_not(action, chosen.run)

    # which runs are shown

    def action_filter(self) -> None:
        if self.refused("filter"):
            return
        field = self.query_one("#filter", Input)
        field.display, field.value = True, self._filter
        field.focus()

    @on(Input.Submitted, "#filter")
    def _filtered(self, event: Input.Submitted) -> None:
        try:
            self._conditions = run_filter.parse(event.value)
        except UserError as error:
            self.say(str(error), "error")
            return
        self._filter = event.value.strip()
        self._leave_filter()
        self._read_again()

    def _leave_filter(self) -> None:
        self.query_one("#filter").display = False
        self.query_one(Table).focus()

    def action_sort(self) -> None:
        if not self.refused("sort"):
            orders = run_filter.ORDERS
            self._order = orders[(orders.index(self._order) + 1) % len(orders)]
            self._read_again()
            self.say(f"The runs stand by {self._order}." if self._order != orders[0] else "The newest run is first.")

    # keys

    @on(Table.Opened)
    def _on_opened(self, event: Table.Opened) -> None:
        self._open(event.key)

    def action_open(self) -> None:
        if not self.refused("open") and self._chosen:
            self._open(self._chosen.run.id)

    def _open(self, run_id: str) -> None:
        from .review import ReviewScreen
        from .run import RunScreen

        is_augmentation = self._views[run_id].run.kind == made.KIND if run_id in self._views else False
        self.app.push_screen(ReviewScreen(run_id) if is_augmentation else RunScreen(run_id))

    def action_mark(self) -> None:
        """In the order of the marks runs are compared: the first is the baseline."""
        if self.refused("mark") or not self._chosen:
            return
        run = self._chosen.run
        if run.id in self._marked:
            self._marked.remove(run.id)
        else:
            self._marked.append(run.id)
        self._show_rows()
        self.query_one(Table).action_move(1)
        self.keys_changed()
        self.say(f"{len(self._marked)} marked; c compares them, the first is the baseline." if self._marked else "")

    def action_compare(self) -> None:
        from .compare import CompareScreen

        if not self.refused("compare"):
            self.app.push_screen(CompareScreen(self._marked))

    def action_stop(self) -> None:
        if not self.refused("stop") and self._chosen:
            self.stop_run(self._chosen)

    def action_resume(self) -> None:
        if not self.refused("resume") and self._chosen:
            self.resume_run(self._chosen)

    def action_delete(self) -> None:
        if self.refused("delete") or not self._chosen:
            return
        run = self._chosen.run
        self.act(
            lambda db: f"{actions.delete(db, self.deck.home, run)} u takes it out.",
            then=partial(self._remember_deleted, run),
        )

    def _remember_deleted(self, run: Run) -> None:
        if run.id not in (deleted.id for deleted in self._deleted):
            self._deleted.append(run)
        self.keys_changed()

    def action_undo(self) -> None:
        if not self.refused("undo"):
            run = self._deleted.pop()
            self.act(lambda db: actions.restore(db, self.deck.home, run), then=self.keys_changed)

    def action_copy(self) -> None:
        if not self.refused("copy") and self._chosen:
            self.copy(self._chosen.run.id, f"The id {self._chosen.run.id}")

    def action_home(self) -> None:
        self.query_one(Table).action_first()

    def action_back(self) -> None:
        """One layer out: the line of the filter, then the filter, then the app."""
        if self.query_one("#filter").display:
            self._leave_filter()
        elif self._conditions:
            self._filter, self._conditions = "", []
            self._read_again()
        else:
            self.app.exit()
