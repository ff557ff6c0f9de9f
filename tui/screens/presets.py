"""Presets, and earlier runs: what a form can begin with, and what each would change in it."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...store import database, lineage, recent, runs
from ...store.errors import NotFoundError, UserError
from .. import actions
from ..widgets.cells import Column, Row
from ..widgets.log import TextPane
from ..widgets.table import Table
from ..words import written
from .deck import DeckScreen

if TYPE_CHECKING:
    from ...store.preset import Preset
    from ...store.records import Run
    from ..app import TunedeckApp

_COLUMNS = (Column("begin with", 22, flex=1), Column("what it is for", 30, flex=4), Column("changes", 7, align="right"))
_RUNS = 20
_HEADING = "This line is a heading: go to a preset with j or k."
_EARLIER = "like an earlier run"


@dataclass(frozen=True)
class Beginning:
    """Values for a form; `run` is the id of the run that they are from, empty for a preset."""

    key: str
    group: str
    title: str
    what: str
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    run: str = ""

    @property
    def values(self) -> dict[str, object]:
        return {name: after for name, (_, after) in self.changes.items()}

    @property
    def row(self) -> Row:
        count = str(len(self.changes)) if self.changes else "none"
        return Row(self.key, (f"  {self.title}", self.what, (count, "dim")))


class PresetsScreen(DeckScreen):
    """Whatever is taken goes back to the form with its changes."""

    heading = "PRESETS"
    about = "Knobs that go well together, to begin a run with; all of them can be changed afterwards."
    WITHOUT = frozenset({"new_run"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take", tooltip="Lay these values over those of the form, and go back to it."),
        Binding("p,q,escape", "back", "Back", key_display="q", tooltip="Go back to the form as it was."),
    ]

    def __init__(self, values: Mapping[str, object], take: Callable[[Beginning], None]) -> None:
        super().__init__()
        self._values, self._take = dict(values), take
        self._beginnings: dict[str, Beginning] = {}

    def body(self) -> list[Widget]:
        table = Table(_COLUMNS, id="presets", empty="The presets are being read...")
        return [table, TextPane(id="changes", empty=_HEADING)]

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        deck = self.deck
        deck.run_worker(lambda: self._read(deck), thread=True, exit_on_error=False)

    def _read(self, deck: "TunedeckApp") -> None:
        """In a thread."""
        from ...store import preset

        presets, failed = preset.load()
        found = [_of_preset(one, self._values) for one in presets]
        # The watch says what is wrong with the store.
        with suppress(UserError, sqlite3.Error), closing(database.connect(deck.home)) as db:
            now = preset.typed(self._values)
            found += [_of_run(db, run, now) for run in recent.runs(db, _RUNS)]
        deck.call_from_thread(self._show, found, failed)

    def _show(self, found: list[Beginning], failed: list[str]) -> None:
        if not self.is_attached:
            return
        self._beginnings = {one.key: one for one in found}
        rows = []
        for group, members in groupby(found, key=lambda one: one.group):
            rows += [Row(f"[{group}]", ((group, "strong"), "", "")), *(one.row for one in members)]
        table = self.query_one(Table)
        table.update_rows(rows)
        table.move_to(found[0].key)
        if failed:
            self.say(" ".join(failed), "warning")

    @property
    def _chosen(self) -> Beginning | None:
        return self._beginnings.get(self.query_one(Table).cursor_key or "")

    @on(Table.Highlighted)
    def _show_changes(self) -> None:
        chosen = self._chosen
        self.query_one(TextPane).show_text(_changes(chosen) if chosen else "")
        self.keys_changed()

    def why_not(self, action: str) -> str:
        if action == "take" and self._chosen is None:
            return _HEADING
        if action == "take" and self._chosen and not self._chosen.changes:
            return "The form has these values already."
        return ""

    @on(Table.Opened)
    def action_take(self) -> None:
        chosen = self._chosen
        if not self.refused("take") and chosen:
            self.app.pop_screen()
            self._take(chosen)


def _of_preset(one: "Preset", values: Mapping[str, object]) -> Beginning:
    return Beginning(f"preset:{one.name}", one.kind, one.title, one.what, one.changes(values))


def _of_run(db: sqlite3.Connection, run: "Run", now: Mapping[str, object]) -> Beginning:
    from ...store import preset

    after = preset.typed(actions.forked(run))
    changes = {name: (now[name], after[name]) for name in now if name in after and now[name] != after[name]}
    told = [written(after.get("task")), written(after.get("method")), _model(db, after), written(after.get("data"))]
    return Beginning(run.id, _EARLIER, run.name, ", ".join(told), changes, run=run.id)


def _model(db: sqlite3.Connection, values: Mapping[str, object]) -> str:
    """What it started from; an earlier run by the name that people know it by."""
    model = str(values.get("model"))
    if not lineage.is_run(model):
        return model
    reference, at = lineage.parted(model)
    try:
        name = runs.find(db, reference).name
    except NotFoundError:
        return model
    return f"{name}@{at}" if at else name


def _changes(chosen: Beginning) -> str:
    if not chosen.changes:
        return f"{chosen.what}\n\n  The form has these values already."
    width = max(map(len, chosen.changes))
    lines = (
        f"  {name:<{width}}  {written(before) or 'empty'} -> {written(after) or 'empty'}"
        for name, (before, after) in chosen.changes.items()
    )
    return "\n".join([chosen.what, "", *lines])
