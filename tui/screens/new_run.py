"""New run: a form drawn from RunConfig, a line a knob, with its fault beside it and its help below."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from ...store import database
from ...store.errors import ConfigError, UserError
from .. import actions
from ..clean import clean_line
from ..widgets.cells import Column, Row
from ..widgets.table import Table
from ..words import written
from .deck import DeckScreen
from .vary import VaryAsk

if TYPE_CHECKING:
    from ...store.config import Knob, RunConfig
    from ...store.paths import Home
    from ...store.records import Run
    from ..app import TunedeckApp

    Queue = Callable[[sqlite3.Connection, Home, RunConfig], Run]

_COLUMNS = (Column("knob", 29), Column("value", 24, flex=1), Column("what it takes", 21, flex=1, drop=1))
_HINT = "j k move, [ ] go to another section, enter changes a knob, L launches."
_START = {"data": "demo:chat", "model": "demo:smollm2"}


class NewRunScreen(DeckScreen):
    """Nothing is queued until every knob is good and the rows can be read."""

    heading = "NEW RUN"
    WITHOUT = frozenset({"new_run"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit", tooltip="Change the knob: type a value, or go on to the next choice."),
        Binding("right_square_bracket", "section(1)", "Section", key_display="]", tooltip="Go to the next section."),
        Binding("left_square_bracket", "section(-1)", "Section before", tooltip="The section before.", show=False),
        Binding("l,right", "choose(1)", "Next choice", tooltip="Go on to the next choice.", show=False),
        Binding("h,left", "choose(-1)", "Choice before", tooltip="Go back to the choice before.", show=False),
        Binding("L", "launch", "Launch", tooltip="Check everything, queue the run, and open it."),
        Binding("F", "find_rate", "Find rate", tooltip="Queue a short test of which learning_rate suits this run."),
        Binding("V", "vary", "Vary", tooltip="Queue runs that differ in a few knobs: a sweep.", show=False),
        Binding("P", "check", "Check", tooltip="Check every knob and read the rows, without queueing."),
        Binding("x", "default", "Default", tooltip="Set the knob back to its default."),
        Binding("t", "theme", "Theme", tooltip="Go on to the next theme; it is remembered.", show=False),
    ]

    def __init__(self, start: Mapping[str, object] = _START, *, words: str = "") -> None:
        super().__init__()
        # The watch's thread has imported pydantic by now; here it only opens the door.
        from ...store import config

        self._config = config
        self._words = words
        self._knobs: dict[str, Knob] = {knob.name: knob for knob in config.knobs()}
        # An earlier run's configuration may hold knobs that there are no more, and lack those that are new.
        self._start = {name: knob.default for name, knob in self._knobs.items()} | {
            name: value for name, value in start.items() if name in self._knobs
        }
        self._values: dict[str, object] = dict(self._start)
        self._faults: dict[str, str] = {}
        self._busy = False

    def body(self) -> list[Widget]:
        editor = Input(id="editor", compact=True)
        editor.cursor_blink = False
        return [Table(_COLUMNS, id="form"), Static("", id="knob-help"), editor]

    def on_mount(self) -> None:
        self.query_one("#editor").display = False
        self._show()
        self.query_one(Table).move_to("data")
        self.query_one(Table).focus()
        self.say(self._words)

    # the form

    def _show(self) -> None:
        rows: list[Row] = []
        for section in self._config.SECTIONS:
            rows.append(Row(f"[{section}]", ((section, "strong"), "", "")))
            rows += [self._row(knob) for knob in self._knobs.values() if knob.section == section]
        self.query_one(Table).update_rows(rows)
        self._show_help()

    def _row(self, knob: "Knob") -> Row:
        value = written(self._values[knob.name])
        applies = knob.applies(self._values)
        shown = f"< {value} >" if self._choices(knob) else value or "-"
        style = "" if not applies else "strong" if self._values[knob.name] != knob.default else ""
        fault = self._faults.get(knob.name)
        note = (f"! {fault.partition(': ')[2] or fault}", "state-failed") if fault else (_takes(knob, applies), "dim")
        return Row(
            knob.name, ((f"  {knob.name}", "" if applies else "dim"), (shown, style if applies else "dim"), note)
        )

    @staticmethod
    def _choices(knob: "Knob") -> tuple[str, ...]:
        return ("true", "false") if knob.kind is bool else knob.choices

    @property
    def _knob(self) -> "Knob | None":
        return self._knobs.get(self.query_one(Table).cursor_key or "")

    @on(Table.Highlighted)
    def _show_help(self) -> None:
        knob = self._knob
        fault = self._faults.get(knob.name, "") if knob else ""
        told = self.query_one("#knob-help", Static)
        # Only a fault may take more lines than its place has.
        layout = bool(fault) or told.has_class("-error")
        told.set_class(bool(fault), "-error")
        told.update(Content(clean_line(fault or (_help(knob) if knob else _HINT))), layout=layout)
        self.keys_changed()

    def why_not(self, action: str) -> str:
        if action.startswith(("edit", "default", "choose")) and self._knob is None:
            return "This line is a heading: go to a knob with j or k."
        if action.startswith("choose") and self._knob and not self._choices(self._knob):
            return f"{self._knob.name} is typed, not chosen: enter changes it."
        if action in ("launch", "find_rate", "vary", "check") and self._busy:
            return "The rows are being read."
        return ""

    # editing

    @on(Table.Opened)
    def action_edit(self) -> None:
        knob = self._knob
        if self.refused("edit") or knob is None:
            return
        if self._choices(knob):
            self.action_choose(1)
            return
        editor = self.query_one("#editor", Input)
        editor.display = True
        editor.placeholder = f"{knob.name}: {_takes(knob, applies=True)}"
        editor.value = written(self._values[knob.name])
        editor.focus()
        self.say(f"{knob.name}: Enter keeps the value, Esc leaves it as it was.")

    def action_choose(self, by: int) -> None:
        knob = self._knob
        if not self.refused("choose") and knob is not None:
            choices = self._choices(knob)
            now = choices.index(written(self._values[knob.name]))
            self._set(knob.name, choices[(now + by) % len(choices)])

    def action_section(self, by: int) -> None:
        """To the heading of the next section; backwards first to that of this one."""
        table = self.query_one(Table)
        keys = [row.key for row in table.rows]
        here = keys.index(table.cursor_key) if table.cursor_key in keys else 0
        headings = [place for place, key in enumerate(keys) if key.startswith("[")]
        beyond = [place for place in headings[::by] if (place - here) * by > 0]
        table.move_to(keys[(beyond or headings[::by])[0]])

    @on(Input.Submitted, "#editor")
    def _typed(self, event: Input.Submitted) -> None:
        knob = self._knob
        if knob is not None:
            self._set(knob.name, event.value)
        self._leave_editor()

    def _leave_editor(self) -> None:
        """Back to the form, whether or not the value was kept."""
        self.query_one("#editor").display = False
        self.query_one(Table).focus()

    def _set(self, name: str, value: object) -> None:
        from ...store.toml import read_value

        knob = self._knobs[name]
        self._values[name] = None if value == "" and knob.default is None and not knob.required else value
        unreadable = {}
        if isinstance(value, str) and knob.kind is list:
            try:
                self._values[name] = read_value(name, value)
            except ConfigError as error:
                unreadable = {name: str(error)}
        self._faults = self._config.problems(self._values) | unreadable
        self.say("" if name in self._faults else f"{name} is {written(self._values[name]) or 'empty'}.")
        self._show()

    def action_default(self) -> None:
        knob = self._knob
        if not self.refused("default") and knob is not None:
            self._set(knob.name, knob.default if not knob.required else self._start[knob.name])

    def action_back(self) -> None:
        if self.query_one("#editor").display:
            self._leave_editor()
            self.say("")
        else:
            self.app.pop_screen()

    # checking and launching

    def action_check(self) -> None:
        self._prepare(None)

    def action_launch(self) -> None:
        self._prepare(actions.start)

    def action_find_rate(self) -> None:
        self._prepare(actions.find_rate)

    def action_vary(self) -> None:
        if not self.refused("vary"):
            self.app.push_screen(VaryAsk(), self._vary)

    def _vary(self, varied: str | None) -> None:
        if varied:
            self._prepare(partial(actions.vary, varied=varied))
        else:
            self.say("Nothing was queued.")

    def _prepare(self, queue: "Queue | None") -> None:
        if self.refused("launch"):
            return
        self._faults = self._config.problems(self._values)
        self._show()
        if self._faults:
            self._point_at(next(iter(self._faults)))
            return
        self._busy = True
        self.say("Reading the rows...")
        self.keys_changed()
        # A worker of the app: who leaves the form meanwhile has launched all the same.
        self.deck.run_worker(partial(self._work, self.deck, queue), thread=True, exit_on_error=False)

    def _point_at(self, name: str) -> None:
        self.query_one(Table).move_to(name)
        self.say(f"Nothing was queued: {len(self._faults)} to mend, marked with !.", "error")

    def _work(self, deck: "TunedeckApp", queue: "Queue | None") -> None:
        """In a thread: resolve paths, let the engine look at the rows, and queue what was asked for."""
        from pathlib import Path

        from ...store import lineage, toml

        try:
            config = self._config.checked(toml.resolved(self._values, Path.cwd()))
            with closing(database.connect(deck.home)) as db:
                if lineage.is_run(config.model):
                    lineage.origin(db, deck.home, config.model)
                found = actions.check(config)
                run = queue(db, deck.home, config) if queue else None
        except (UserError, sqlite3.Error, OSError) as error:
            deck.call_from_thread(self._refuse, deck, error)
        else:
            deck.call_from_thread(self._done, deck, run, found)

    def _refuse(self, deck: "TunedeckApp", error: Exception) -> None:
        self._busy = False
        if self not in deck.screen_stack:
            deck.say(f"{error} Nothing was queued.", "error")
            return
        field = error.field if isinstance(error, ConfigError) else str(error).partition(":")[0]
        if field in self._knobs:
            self._faults = {field: str(error)}
            self._show()
            self._point_at(field)
        else:
            self.say(f"{error} Nothing was queued.", "error")
        self.keys_changed()

    def _done(self, deck: "TunedeckApp", run: "Run | None", found: str) -> None:
        from .run import RunScreen

        self._busy = False
        if deck.screen is not self:
            deck.say(f"Run {run.id} is queued." if run else f"Every knob is good. {found}")
        elif run:
            deck.switch_screen(RunScreen(run.id))
            if run.kind == "lr-find":
                deck.call_after_refresh(deck.say, "A test of the learning rate is queued; this run will say which.")
            elif run.sweep_id:
                ranks = f"tunedeck sweep --show {run.sweep_id} ranks them."
                deck.call_after_refresh(deck.say, f"The runs of the sweep are queued, this one first; {ranks}")
        else:
            self.keys_changed()
            self.say(f"Every knob is good; L launches. {found}")


def _help(knob: "Knob") -> str:
    takes, default = _takes(knob, applies=True), written(knob.default)
    sentences = [knob.help, takes and f"Takes {takes}.", default and f"Default {default}."]
    return " ".join(filter(None, sentences))


def _takes(knob: "Knob", applies: bool) -> str:
    if not applies:
        return f"only with {knob.where}"
    return " ".join(filter(None, (knob.range or ", ".join(knob.choices), knob.unit)))
