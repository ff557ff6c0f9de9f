"""New run: a form drawn from RunConfig, a line a knob, with its fault beside it and its help below."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from ...store import database
from ...store.errors import ConfigError, UserError
from .. import actions
from ..widgets.cells import Column, Row
from ..widgets.line import Line
from ..widgets.table import Table
from .deck import DeckScreen

if TYPE_CHECKING:
    from ...store.config import Knob

_COLUMNS = (Column("knob", 30), Column("value", 24, flex=1), Column("what it takes", 26, flex=1))
_START = {"data": "demo:chat", "model": "demo:smollm2"}


class NewRunScreen(DeckScreen):
    """Nothing is queued until every knob is good and the rows can be read."""

    heading = "NEW RUN"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit", tooltip="Change the knob: type a value, or go on to the next choice."),
        Binding("L", "launch", "Launch", tooltip="Check everything, queue the run, and open it."),
        Binding("P", "check", "Check", tooltip="Check every knob and read the rows, without queueing."),
        Binding("x", "default", "Default", tooltip="Set the knob back to its default."),
        Binding("t", "theme", "Theme", tooltip="Go on to the next theme; it is remembered.", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        # pydantic was imported by the watch's thread by now; here it only opens the door.
        from ...store import config

        self._config = config
        self._knobs: dict[str, Knob] = {knob.name: knob for knob in config.knobs()}
        self._values: dict[str, object] = {**{name: knob.default for name, knob in self._knobs.items()}, **_START}
        self._faults: dict[str, str] = {}
        self._busy = False

    def body(self) -> list[Widget]:
        editor = Input(id="editor", compact=True)
        editor.cursor_blink = False
        return [Table(_COLUMNS, id="form"), Line("", id="knob-help"), editor]

    def on_mount(self) -> None:
        self.query_one("#editor").display = False
        self._show()
        self.query_one(Table).move_to("data")
        self.query_one(Table).focus()

    # the form

    def _show(self) -> None:
        rows: list[Row] = []
        for section in self._config.SECTIONS:
            rows.append(Row(f"[{section}]", ((section, "strong"), "", "")))
            rows += [self._row(knob) for knob in self._knobs.values() if knob.section == section]
        self.query_one(Table).update_rows(rows)
        self._show_help()

    def _row(self, knob: "Knob") -> Row:
        value = _written(self._values[knob.name])
        applies = knob.applies(self._values)
        shown = f"< {value} >" if self._choices(knob) else value or "-"
        style = "" if not applies else "strong" if self._values[knob.name] != knob.default else ""
        fault = self._faults.get(knob.name)
        note = (f"! {fault}", "state-failed") if fault else (_takes(knob, applies), "dim")
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
        words = f"{fault}. {knob.help}" if knob and fault else knob.help if knob else "j k move, enter changes a knob."
        self.query_one("#knob-help", Line).show(words)
        self.keys_changed()

    def why_not(self, action: str) -> str:
        if action in ("edit", "default") and self._knob is None:
            return "This line is a heading: go to a knob with j or k."
        if action in ("launch", "check") and self._busy:
            return "The rows are being read."
        return ""

    # editing

    @on(Table.Opened)
    def action_edit(self) -> None:
        knob = self._knob
        if knob is None or self.refused("edit"):
            return
        if choices := self._choices(knob):
            now = choices.index(_written(self._values[knob.name]))
            self._set(knob.name, choices[(now + 1) % len(choices)])
            return
        editor = self.query_one("#editor", Input)
        editor.display = True
        editor.placeholder = f"{knob.name}: {_takes(knob, applies=True)}"
        editor.value = _written(self._values[knob.name])
        editor.focus()
        self.say(f"{knob.name}: Enter keeps the value, Esc leaves it as it was.")

    @on(Input.Submitted, "#editor")
    def _typed(self, event: Input.Submitted) -> None:
        knob = self._knob
        if knob is not None:
            self._set(knob.name, event.value)
        self._leave_editor()

    def _leave_editor(self) -> None:
        self.query_one("#editor").display = False
        self.query_one(Table).focus()

    def _set(self, name: str, value: object) -> None:
        from ...store.toml import read_value

        try:
            self._values[name] = read_value(name, value) if isinstance(value, str) else value
        except ConfigError as error:
            self._faults = {name: error.what.rstrip(".")}
            self._show()
            return
        self._faults = self._config.problems(self._values)
        fault = self._faults.get(name)
        self.say(
            f"{fault}." if fault else f"{name} is {_written(self._values[name]) or 'empty'}.",
            "error" if fault else "info",
        )
        self._show()

    def action_default(self) -> None:
        knob = self._knob
        if knob is not None and not self.refused("default"):
            self._set(knob.name, _START.get(knob.name, knob.default))

    def action_back(self) -> None:
        if self.query_one("#editor").display:
            self._leave_editor()
        else:
            self.app.pop_screen()

    # checking and launching

    def action_check(self) -> None:
        self._prepare(launch=False)

    def action_launch(self) -> None:
        self._prepare(launch=True)

    def _prepare(self, *, launch: bool) -> None:
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
        self.run_worker(partial(self._work, launch), thread=True, exit_on_error=False)

    def _point_at(self, name: str) -> None:
        self.query_one(Table).move_to(name)
        count = len(self._faults)
        self.say(f"{self._faults[name]}.{f' {count - 1} more.' if count > 1 else ''} Nothing was queued.", "error")

    def _work(self, launch: bool) -> None:
        """In a thread: resolve paths, let the engine look at the rows, and queue."""
        from pathlib import Path

        from ...store import toml

        try:
            config = self._config.checked(toml.resolved(self._values, Path.cwd()))
            actions.check(config)
            run_id = ""
            if launch:
                db = database.connect(self.deck.home)
                run_id = actions.start(db, self.deck.home, config).id
                db.close()
        except UserError as error:
            self.app.call_from_thread(self._refuse, error)
        else:
            self.app.call_from_thread(self._done, run_id)

    def _refuse(self, error: UserError) -> None:
        self._busy = False
        field = error.field if isinstance(error, ConfigError) else error.what.partition(":")[0]
        if field in self._knobs:
            self._faults = {field: error.what.rstrip(".")}
            self._show()
            self.query_one(Table).move_to(field)
        self.say(f"{error} Nothing was queued.", "error")
        self.keys_changed()

    def _done(self, run_id: str) -> None:
        from .run import RunScreen

        self._busy = False
        self.keys_changed()
        if run_id:
            self.app.switch_screen(RunScreen(run_id))
        else:
            self.say("Every knob is good and every row can be read. L launches.")


def _written(value: object) -> str:
    """A value as one would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]" if value else ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _takes(knob: "Knob", applies: bool) -> str:
    if not applies:
        return f"only with method {knob.method}"
    return " ".join(filter(None, (knob.range or ", ".join(knob.choices), knob.unit)))
