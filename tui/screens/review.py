"""Review: the synthetic rows of an augmentation beside their sources, judged by a key, and the proof of their worth."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from ...store import overview, runs
from ...store.datasets import Dataset
from ...store.made import KEPT
from ...store.overview import Overview
from ...store.paths import Home
from ...store.records import Run
from .. import actions
from ..asking import Asking
from ..augment import augmenting, proving, reviewing
from ..augment.reviewing import ALL, REJECTED, Reviewed, ReviewRows, Saving, Sources
from ..data import datasets
from ..widgets.cells import Column
from ..widgets.resting_pane import RestingPane
from ..widgets.table import Table
from ..widgets.told import Told
from ..words import counted
from .ask import Ask
from .deck import DeckScreen

_COLUMNS = (
    Column("state", 17),
    Column("from line", 9, align="right", drop=2),
    Column("made", 20, flex=1),
    Column("generator", 18, drop=1),
)
_MARKS = {"rejected": "✗", "accepted": "✓", "kept": " ", "": "-"}
_ASCII_MARKS = {"rejected": "x", "accepted": "+", "kept": " ", "": "-"}


@dataclass(frozen=True)
class Looked:
    """What the store and the run's folder have now."""

    view: Overview
    count: int
    version: Dataset | None
    proof: str


class ReviewScreen(DeckScreen):
    """The rows come in sight as they are made; what is said of them is written down at once."""

    heading = "REVIEW"
    about = (
        "Rows that were made by a machine. None is trained on before you have written it into a version; the "
        "proof tells whether they help."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "accept", "Accept", key_display="y", tooltip="Take the row into the new version."),
        Binding("x", "reject", "Reject", tooltip="Leave the row out of the new version."),
        Binding("a", "all_like(True)", "All like", tooltip="Accept all rows of the same generator and verdict."),
        Binding("L", "write", "Write", tooltip="Write the accepted rows, behind their sources, as a new version."),
        Binding("B", "prove", "Prove", tooltip="Queue the same run with and without them: to see whether they help."),
        Binding("f", "filter", "Filter", tooltip="Only the rows of the next verdict, then those rejected, then all."),
        Binding("X", "all_like(False)", "None like", tooltip="Reject all rows of the same generator and verdict."),
        Binding("tab", "pane", "Pane", tooltip="Go to the row in full, and back to the list.", show=False),
        Binding("s", "stop", "Stop", tooltip="Stop making rows; those made are kept, and it can go on."),
        Binding("r", "resume", "Go on", tooltip="Go on making rows where it stopped.", show=False),
        Binding("l", "log", "Run", tooltip="The run that makes the rows: its log, events and figures.", show=False),
    ]

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id
        self._looked: Looked | None = None
        self._reviewed: Reviewed | None = None
        self._sources: Sources | None = None
        self._wanted = ALL
        self._busy = ""

    def body(self) -> list[Widget]:
        table = Table(_COLUMNS, empty="No row was made yet: they appear here as they are.", id="made")
        return [Horizontal(table, RestingPane(id="made-row"), id="review-body"), Told("", id="proof")]

    def on_mount(self) -> None:
        self._telling = Asking(self.deck, partial(self.say, level="error"))
        self._table.focus()
        self.watch_with(partial(self._look, self.deck.home), self._show)

    @property
    def _table(self) -> Table:
        return self.query_one(Table)

    # what there is

    def _look(self, home: Home, db: sqlite3.Connection) -> Looked:
        """In the watch's thread."""
        run = runs.get(db, self.run_id)
        if self._reviewed is None:
            self._sources = Sources(home, json.loads(run.config)["data"])
            self._reviewed = Reviewed(home.run(run.id))
        count = self._reviewed.look()
        version = reviewing.written(db, run)
        told = proving.state(db, home, version.reference) if version else ""
        return Looked(overview.of_run(db, run), count, version, told)

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        self._show_rows()
        proof = self.query_one("#proof", Told)
        proof.show(looked.proof)
        proof.display = bool(looked.proof)

    def _show_rows(self) -> None:
        reviewed, looked = self._reviewed, self._looked
        if reviewed is None or looked is None:
            return
        marks = _ASCII_MARKS if self.deck.ascii_only else _MARKS
        self._table.update_rows(ReviewRows(reviewed, reviewed.places(self._wanted), marks))
        self.title_line(_heading(looked, reviewed, self._wanted))
        self.keys_changed()

    @on(Table.Highlighted)
    def _show_row_soon(self) -> None:
        self.keys_changed()
        self.query_one(RestingPane).rest(self._show_row)

    def _show_row(self) -> None:
        place, reviewed, of = self.chosen, self._reviewed, self._sources
        pane = self.query_one(RestingPane)
        if place is None or reviewed is None or of is None:
            pane.show_text("")
        elif pane.display:
            self._telling.of(_told(reviewed, of, place), partial(self._show_told, place))

    def _show_told(self, place: int, text: str) -> None:
        if place == self.chosen:
            self.query_one(RestingPane).show_whole(text)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._show_row_soon)

    @property
    def chosen(self) -> int | None:
        """The place of the row under the cursor."""
        key = self._table.cursor_key
        return None if key is None else int(key)

    def why_not(self, action: str) -> str:
        if action.startswith(("accept", "reject", "all_like", "filter", "write", "prove")) and not self._has_rows:
            return "No row was made yet."
        if action.startswith(("accept", "reject", "all_like")):
            return self._why_not_judged()
        if action in ("write", "prove"):
            return self._busy or self._why_not_written(action)
        state = self._looked.view.run.state if self._looked else ""
        if action == "stop" and state not in ("running", "queued"):
            return f"It is {state or 'still being read'}."
        if action == "resume" and state not in (*runs.RESUMABLE, "queued"):
            return f"It is {state or 'still being read'}: there is nothing to go on with."
        return ""

    @property
    def _has_rows(self) -> bool:
        return self._looked is not None and self._looked.count > 0

    def _why_not_judged(self) -> str:
        if self.chosen is None or self._reviewed is None:
            return f"No row is shown: {self.key_of('filter')} shows others."
        verdict = self._reviewed.kind(self.chosen)[1]
        return "" if verdict == KEPT else f"The filters left it out as {verdict}: only kept rows are judged."

    def _why_not_written(self, action: str) -> str:
        assert self._looked and self._reviewed
        if action == "prove":
            first = f"{self.key_of('write')} writes the version first, which is what is proven."
            return "" if self._looked.version else first
        if self._looked.view.run.state in ("running", "queued"):
            return f"Rows are still being made: {self.key_of('stop')} stops that."
        return "" if self._reviewed.accepted else "Every row was left out."

    # keys

    @on(Table.Opened)
    def action_accept(self) -> None:
        if not self.refused("accept") and self.chosen is not None:
            self._judge([self.chosen], accept=True)
            self._table.action_move(1)

    def action_reject(self) -> None:
        if not self.refused("reject") and self.chosen is not None:
            self._judge([self.chosen], accept=False)
            if self._wanted != REJECTED:
                self._table.action_move(1)

    def action_all_like(self, accept: bool) -> None:
        if self.refused("all_like") or self._reviewed is None or self.chosen is None:
            return
        alike, (generator, _) = self._reviewed.alike(self.chosen), self._reviewed.kind(self.chosen)
        self._judge(alike, accept=accept)
        self.say(f"{'Accepted' if accept else 'Rejected'}: {counted(len(alike), 'row')} of {generator}.")

    def _judge(self, places: Sequence[int], *, accept: bool) -> None:
        assert self._reviewed is not None
        self._reviewed.judge(places, accept=accept)
        self._show_rows()
        self.deck.run_worker(partial(self._save, self._reviewed.save()), thread=True, exit_on_error=False)

    def _save(self, saving: Saving) -> None:
        deck = self.deck
        try:
            saving.done()
        except OSError as error:
            deck.call_from_thread(deck.say, f"What you said could not be written down: {error.strerror}.", "error")

    def action_filter(self) -> None:
        if self.refused("filter") or self._reviewed is None:
            return
        steps = [ALL, *self._reviewed.verdicts, *([REJECTED] if self._reviewed.review.rejected else [])]
        self._wanted = steps[(steps.index(self._wanted) + 1) % len(steps)] if self._wanted in steps else ALL
        self._show_rows()
        self.say(f"Shown are {'all rows' if self._wanted == ALL else f'the rows that are {self._wanted}'}.")

    def action_pane(self) -> None:
        (self.query_one("#made-row") if self._table.has_focus else self._table).focus()

    def action_write(self) -> None:
        if self.refused("write") or self._looked is None or self._reviewed is None:
            return
        saving, home, run, prove = self._reviewed.save(), self.deck.home, self._looked.view.run, self.key_of("prove")
        self._do("The version is being written.", lambda db: f"{_written(saving, home, run)} {prove} proves it.")

    def action_prove(self) -> None:
        if self.refused("prove") or self._looked is None or self._looked.version is None:
            return
        run, version, home = self._looked.view.run, self._looked.version, self.deck.home
        self._do("Both sets are being read.", lambda db: proving.prove_version(db, home, run, version))

    def _do(self, doing: str, action: Callable[[sqlite3.Connection], str]) -> None:
        """In a thread; until it is done it is not begun again."""
        deck = self.deck

        def work(db: sqlite3.Connection) -> str:
            try:
                return action(db)
            finally:
                deck.call_from_thread(self._set_busy, "")

        self._set_busy(doing)
        self.say(doing)
        self.act(work)

    def _set_busy(self, doing: str) -> None:
        self._busy = doing
        if self.is_attached:
            self.keys_changed()

    def action_stop(self) -> None:
        if self.refused("stop") or self._looked is None:
            return
        run = self._looked.view.run
        ask = Ask(f"Stop making rows in {run.name}? Those made are kept.")
        stop = partial(actions.stop, run=run)
        self.app.push_screen(ask, lambda yes: self.act(stop) if yes else self.say(f"{run.name} goes on."))

    def action_resume(self) -> None:
        if not self.refused("resume") and self._looked:
            self.act(partial(actions.resume, home=self.deck.home, run=self._looked.view.run))

    def action_log(self) -> None:
        from .run import RunScreen

        self.app.push_screen(RunScreen(self.run_id))


def _written(saving: Saving, home: Home, run: Run) -> str:
    """In a thread; what was said a moment ago may not be on the disk yet, from where it is accepted."""
    saving.done()
    return datasets.told(augmenting.accept(home, run))


def _told(reviewed: Reviewed, of: Sources, place: int) -> Iterator[str]:
    row = reviewed.rows[place]
    yield reviewing.told(row, of.value(row.origin))


def _heading(looked: Looked, reviewed: Reviewed, wanted: str) -> str:
    run, verdicts = looked.view.run, reviewed.verdicts
    rejected = len(reviewed.review.rejected)
    told = [f"REVIEW {run.name}", looked.view.state, f"{looked.count:,} made, {verdicts.get(KEPT, 0):,} kept"]
    told += [f"{rejected:,} rejected"] if rejected else []
    told += [f"as {looked.version.label}"] if looked.version else []
    told += [f"f {wanted}"] if wanted != ALL else []
    return "   ".join(told)
