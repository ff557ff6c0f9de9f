"""Runs, the home screen: every run with its state and figures, and a preview of the one under the cursor."""

import json
import sqlite3
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget

from ...store import overview, states
from ...store.overview import Overview
from ...store.records import Run
from .. import actions
from ..charts.chart import Chart
from ..charts.sparkline import sparkline
from ..comparing.bounds import FEWEST, MOST
from ..widgets.cells import Column, Row
from ..widgets.table import Table
from ..words import ASCII_MARKS, STATE_MARKS, bar, duration, figure, share
from .charting import LossPoints, PointsReader, show_loss
from .run_keys import RunKeys, why_not

_COLUMNS = (
    Column("", 1),
    Column("state", 13),
    Column("name", 14, flex=1),
    Column("model", 12, drop=4),
    Column("method", 6, drop=6),
    Column("progress", 14),
    Column("loss", 7, align="right", drop=2),
    Column("eval", 8, drop=5),
    Column("best eval", 11, align="right"),
    Column("left", 6, align="right", drop=1),
)
_STYLES = {
    "queued": "state-waiting", "running": "state-running", "completed": "state-done", "stopped": "state-warning",
    "interrupted": "state-warning", "failed": "state-failed", "killed": "state-failed",
}  # fmt: skip
# A preview is 5 to 12 KB on the wire: it is drawn for the run where the cursor rests, not for those it passes.
_REST_SECONDS = 0.1
_EMPTY = "No runs yet. Press n to set one up, or leave with q and try `tunedeck demo`."


class RunsScreen(RunKeys):
    """The list of runs, newest first."""

    heading = "RUNS"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,5", "new_run", "New", key_display="n", tooltip="Set up a run: data, model, method, every knob."),
        Binding("enter", "open", "Open", tooltip="Open the run: live charts, samples, log, events, config."),
        Binding("space", "mark", "Mark", tooltip="Mark the run, or take the mark away, and go on to the next."),
        Binding("c,2", "compare", "Compare", key_display="c", tooltip="Hold the marked runs against each other."),
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
        self._views: dict[str, Overview] = {}
        self._deleted: list[Run] = []
        self._marked: list[str] = []
        self._preview_timer: Timer | None = None
        self._opened_first = False

    def body(self) -> list[Widget]:
        return [
            Horizontal(
                Table(_COLUMNS, id="runs"),
                Chart("loss", id="preview"),
                id="runs-body",
            )
        ]

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        if self.deck.first_words:
            more = len(self.deck.first_words) - 1
            self.say(self.deck.first_words[0] + (f" ({more} more: `tunedeck themes`)" if more else ""), "warning")

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.watch_with(self._read, self._show)
        self._watch_preview()

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)
        self.deck.watch_store.unsubscribe((self, "preview"))

    def on_unmount(self) -> None:
        super().on_unmount()
        self.deck.watch_store.unsubscribe((self, "preview"))

    def _read(self, db: sqlite3.Connection) -> tuple[list[Overview], bool]:
        return overview.of_all(db), states.queue_rests(db, self.deck.home)

    def _show(self, read: tuple[list[Overview], bool]) -> None:
        views, queue_rests = read
        self._views = {view.run.id: view for view in views}
        self._marked = [run_id for run_id in self._marked if run_id in self._views]
        table = self.query_one(Table)
        # Only now is it known; a store that can't be read is not an empty one.
        table.empty = _EMPTY
        table.update_rows([self._row(view) for view in views])
        self.query_one("#preview").set_class(not views, "-nothing")
        self.title_line(_heading(views, queue_rests=queue_rests))
        self.keys_changed()
        if self.deck.first_run_id in self._views and not self._opened_first:
            self._opened_first = True
            self._open(self.deck.first_run_id)

    def _row(self, view: Overview) -> Row:
        run, config, plain = view.run, json.loads(view.run.config), self.deck.ascii_only
        marks = ASCII_MARKS if plain else STATE_MARKS
        done = bar(share(view.step, view.total_steps), 8, ascii_only=plain) if view.total_steps else ""
        percent = f"{share(view.step, view.total_steps):>5.0%}" if view.total_steps else ""
        best = f"{figure(view.best_eval_loss)}@{view.best_step}" if view.best_step else "-"
        return Row(
            run.id,
            (
                ("*" if run.id in self._marked else "", "strong"),
                (f"{marks[run.state]} {view.state}", _STYLES[run.state]),
                run.name,
                (self._model(run, config["model"]), "dim"),
                (config["method"], "dim"),
                f"{done} {percent}",
                figure(view.loss),
                sparkline(view.eval_losses, 8, ascii=plain),
                best,
                duration(view.seconds_left) if view.seconds_left is not None else "-",
            ),
        )

    def _model(self, run: Run, model: str) -> str:
        """The model's name; of an earlier run its own name, and the step."""
        parent = self._views.get(run.parent_run or "")
        if parent is None:
            return Path(model.removeprefix("demo:")).name
        return parent.run.name if run.parent_checkpoint is None else f"{parent.run.name}@{run.parent_checkpoint}"

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
        super().on_resize(event)
        self.call_after_refresh(self._watch_preview)

    def why_not(self, action: str) -> str:
        """Why a key does nothing for the run under the cursor."""
        if action in ("new_run", "theme", "help", "back", "home"):
            return ""
        if action == "compare":
            return "" if FEWEST <= len(self._marked) <= MOST else f"Mark {FEWEST} to {MOST} runs with space first."
        if action == "undo":
            return "" if self._deleted else "Nothing was deleted since the app was opened."
        chosen = self._chosen
        if chosen is None:
            return "There is no run yet: n sets one up."
        return why_not(action, chosen.run)

    # keys

    @on(Table.Opened)
    def _on_opened(self, event: Table.Opened) -> None:
        self._open(event.key)

    def action_open(self) -> None:
        if not self.refused("open") and self._chosen:
            self._open(self._chosen.run.id)

    def _open(self, run_id: str) -> None:
        from .run import RunScreen

        self.app.push_screen(RunScreen(run_id))

    def action_mark(self) -> None:
        """In the order of the marks runs are compared: the first is the baseline."""
        if self.refused("mark") or not self._chosen:
            return
        run = self._chosen.run
        if run.id in self._marked:
            self._marked.remove(run.id)
        else:
            self._marked.append(run.id)
        table = self.query_one(Table)
        table.update_rows([self._row(view) for view in self._views.values()])
        table.action_move(1)
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
        self.app.exit()


def _heading(views: list[Overview], *, queue_rests: bool) -> str:
    states = [view.run.state if view.run.state in ("running", "queued") else "ended" for view in views]
    told = [f"{states.count(state)} {state}" for state in ("running", "queued", "ended") if state in states]
    rests = "   The queue rests: r on a queued run lets it go on." if queue_rests else ""
    return "RUNS   " + (", ".join(told) or "none yet") + rests
