"""Runs, the home screen: every run with its state and figures, and a preview of the one under the cursor."""

import sqlite3
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget

from ...store import states
from ...store.overview import Overview
from ..charts.chart import Chart
from ..points import LossPoints
from ..widgets.table import Table
from .charting import show_loss
from .run_list import Listed
from .run_marks import RunMarks
from .run_queue import RunQueue
from .run_rows import COLUMNS, Heading
from .run_showing import FilterLine, RunShowing
from .run_trash import RunTrash

# A preview is 5 to 12 KB on the wire: it is drawn for the run where the cursor rests, not for those it passes.
_REST_SECONDS = 0.1


class RunsScreen(RunMarks, RunQueue, RunTrash, RunShowing):
    """The list of runs, newest first."""

    heading = "RUNS"
    about = (
        "Every run of this store, the newest first. Two runs that differ in one knob teach more than one long "
        "run: mark them, and compare."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,5", "new_run", "New", key_display="n", tooltip="Set up a run: data, model, method, every knob."),
        Binding("enter", "open", "Open", tooltip="Open the run: live charts, samples, log, events, config."),
        Binding("space", "mark", "Mark", tooltip="Mark the run, or take the mark away, and go on to the next."),
        Binding("c,2", "compare", "Compare", key_display="c", tooltip="Hold the marked runs against each other."),
        Binding("slash", "filter", "Filter", key_display="/", tooltip="Show some: state=running tag:good best<1.2."),
        Binding(
            "o",
            "sort",
            "Sort",
            tooltip="Newest first, or by name, state, loss, best, step, left, place.",
            show=False,
        ),
        Binding("s", "stop", "Stop", tooltip="Save the run's state and stop it. Once more while it stops: kill it."),
        Binding(
            "r",
            "resume",
            "Resume",
            tooltip="Go on from the newest whole checkpoint; on a queued run: have the queue worked.",
        ),
        Binding("d", "delete", "Delete", tooltip="Put the run, or the marked ones, into the trash."),
        Binding("u", "undo", "Undo", tooltip="Take what was deleted last out of the trash."),
        Binding("y", "copy", "Copy id", tooltip="Copy the run's id.", show=False),
        Binding("t", "theme", "Theme", tooltip="Go on to the next theme; it is remembered."),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="All the keys of this screen."),
        Binding("escape", "out", "Out", tooltip="Leave the line of the filter, then the filter itself.", show=False),
        Binding("q", "back", "Quit", tooltip="Leave the app; runs go on."),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._preview_timer: Timer | None = None
        self._opened_first = False

    def body(self) -> list[Widget]:
        return [Horizontal(Table(COLUMNS, id="runs"), Chart("loss", id="preview"), id="runs-body"), FilterLine()]

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        self._tell_news("")
        if self.deck.presence.left_at is not None:
            self.deck.watch_store.subscribe((self, "news"), self._read_news, self._tell_news)

    def on_screen_resume(self) -> None:
        self.read_again()
        self._watch_preview()

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)
        self.deck.watch_store.unsubscribe((self, "preview"))

    def on_unmount(self) -> None:
        self.deck.watch_store.unsubscribe((self, "preview"))

    def show_listed(self, listed: Listed) -> None:
        super().show_listed(listed)
        # What stands in the place of the list says that nothing is there; a curve beside it would be of no run in it.
        self.query_one("#preview").set_class(not listed.lines, "-nothing")
        first = self.deck.first_run_id
        if first and first in listed.views and not self._opened_first:
            self._opened_first = True
            self._open(first)

    def _read_news(self, db: sqlite3.Connection) -> str:
        """In the watch's thread: what has ended since the last key in any app, those without a word included."""
        from .. import news

        states.settle(db, self.deck.home)
        return news.since(db, self.deck.presence.left_at or 0.0)

    def _tell_news(self, told: str) -> None:
        self.deck.watch_store.unsubscribe((self, "news"))
        if words := " ".join([*self.deck.first_words, *([told] if told else [])]):
            self.say(words, "warning" if self.deck.first_words else "info")

    # the preview of the run under the cursor

    @on(Table.Highlighted)
    def _on_highlighted(self) -> None:
        self.keys_changed()
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(_REST_SECONDS, self._watch_preview)

    def _watch_preview(self) -> None:
        if self.app.screen is not self:
            # The cursor came to rest behind a screen opened since: each chart drawn here would repaint all of that one.
            return
        previewed = self._previewed
        if previewed is None:
            self.deck.watch_store.unsubscribe((self, "preview"))
        elif self.query_one("#preview").display:
            read = partial(self._read_preview, previewed.run.id)
            self.deck.watch_store.subscribe((self, "preview"), read, self._show_preview)

    @property
    def _previewed(self) -> Overview | None:
        """The run under the cursor; on the heading of a group its best, or else its first."""
        line = self.chosen_line
        return (line.group.best or line.group.views[0]) if isinstance(line, Heading) else line

    def _read_preview(self, run_id: str, db: sqlite3.Connection) -> LossPoints:
        return self.deck.points.of_run(run_id).loss(db)

    def _show_preview(self, points: LossPoints) -> None:
        if previewed := self._previewed:
            show_loss(self.query_one("#preview", Chart), points, title=previewed.run.name)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._watch_preview)
        self.call_after_refresh(self.show_title)

    # keys

    @on(Table.Opened)
    def action_open(self) -> None:
        if self.refused("open"):
            return
        line = self.chosen_line
        if isinstance(line, Heading):
            self.fold(line)
        elif line:
            self._open(line.run.id)

    def _open(self, run_id: str) -> None:
        from ...store import made
        from .review import ReviewScreen
        from .run import RunScreen

        is_augmentation = self.listed.views[run_id].run.kind == made.KIND
        self.app.push_screen(ReviewScreen(run_id) if is_augmentation else RunScreen(run_id))

    def action_stop(self) -> None:
        if not self.refused("stop") and self.chosen:
            self.stop_run(self.chosen)

    def action_resume(self) -> None:
        if not self.refused("resume") and self.chosen:
            self.resume_run(self.chosen)

    def action_copy(self) -> None:
        if not self.refused("copy") and self.chosen:
            self.copy(self.chosen.run.id, f"The id {self.chosen.run.id}")

    def action_home(self) -> None:
        self.query_one(Table).action_first()

    def action_out(self) -> None:
        """Whoever presses it once too often, to get out of something, is not put out of the app."""
        if not self.step_out():
            self.say(f"{self.key_of('back')} leaves; runs go on.")

    def action_back(self) -> None:
        """One layer out: the line of the filter, then the filter, then the app."""
        if not self.step_out():
            self.app.exit()
