"""Trash: the runs that were deleted, with what room they take; each can be taken out until the trash is emptied."""

import json
import sqlite3
import time
from functools import partial
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...store import runs
from ...store.records import Run
from ...store.run_filter import model_name
from ...store.upkeep import spare
from .. import actions
from ..widgets.cells import Column, Row
from ..widgets.table import Table
from ..words import counted, duration, megabytes
from .ask import Ask
from .deck import DeckScreen

COLUMNS = (
    Column("state", 11),
    Column("name", 14, flex=1),
    Column("model", 12, drop=2),
    Column("deleted", 10, align="right"),
    Column("size", 9, align="right"),
)
_READING = "The trash is being read..."
_EMPTY = "The trash is empty: what is deleted in the list of runs comes here."


class Deleted(NamedTuple):
    """A run in the trash, and what its folder takes in bytes."""

    run: Run
    size_bytes: int

    @property
    def row(self) -> Row:
        ago = f"{duration(time.time() - (self.run.deleted_at or 0.0))} ago"
        model = model_name(json.loads(self.run.config)["model"])
        cells = (self.run.state, self.run.name, (model, "dim"), ago, megabytes(self.size_bytes))
        return Row(self.run.id, cells)


class TrashScreen(DeckScreen):
    """The runs in the trash, the one deleted last first."""

    heading = "TRASH"
    about = "Runs that were deleted: they can be taken out as they were, until the trash is emptied."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u,enter", "restore", "Take out", tooltip="Take the run out of the trash, with all its files."),
        Binding("E", "empty", "Empty", tooltip="Delete all runs in the trash for good; asks for a word first."),
        Binding("q,escape,D", "back", "Back", key_display="q", tooltip="Leave the trash."),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._deleted: dict[str, Deleted] = {}

    def body(self) -> list[Widget]:
        return [Table(COLUMNS, empty=_READING, id="trash")]

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def on_screen_resume(self) -> None:
        self._read_again()

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)

    def _read_again(self) -> None:
        self.watch_with(self._read, self._show)

    def _read(self, db: sqlite3.Connection) -> list[Deleted]:
        """In the watch's thread; what lies in the trash does not change, so each folder is looked through once."""
        known, home = self._deleted, self.deck.home
        found = [
            Deleted(run, known[run.id].size_bytes if run.id in known else spare.size(home.trash / run.id))
            for run in runs.listed(db, deleted=True)
        ]
        return sorted(found, key=lambda deleted: -(deleted.run.deleted_at or 0.0))

    def _show(self, found: list[Deleted]) -> None:
        self._deleted = {deleted.run.id: deleted for deleted in found}
        table = self.query_one(Table)
        table.empty = _EMPTY
        table.update_rows([deleted.row for deleted in found])
        total = megabytes(sum(deleted.size_bytes for deleted in found))
        self.title_line(f"TRASH   {counted(len(found), 'run')}, {total}" if found else "TRASH   empty")
        self.keys_changed()

    @property
    def _chosen(self) -> Run | None:
        deleted = self._deleted.get(self.query_one(Table).cursor_key or "")
        return deleted.run if deleted else None

    def why_not(self, action: str) -> str:
        # What stands in its place says why there is no run: it is still being read, or there is none.
        return self.query_one(Table).empty if action in ("restore", "empty") and not self._deleted else ""

    @on(Table.Opened)
    def action_restore(self) -> None:
        run = self._chosen
        if not self.refused("restore") and run:
            self.act(lambda db: actions.restore(db, self.deck.home, run), then=self._read_again)

    def action_empty(self) -> None:
        if not self.refused("empty"):
            question = f"Delete {counted(len(self._deleted), 'run')} for good? Weights, logs and curves are lost."
            self.app.push_screen(Ask(question, word="empty"), self._empty)

    def _empty(self, yes: bool | None) -> None:
        if yes:
            self.act(partial(actions.empty_trash, home=self.deck.home), then=self._read_again)
        else:
            self.say("The trash was left as it is.")
