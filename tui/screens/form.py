"""A form: a line a knob, with its fault beside it and its help below."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from ...store import database, recent
from ...store.errors import ConfigError, UserError
from ..form.knob_rows import COLUMNS, choices, heading, help_of, row, takes
from ..form.recall import Recall
from ..widgets.table import Table
from ..widgets.told import Told
from ..words import written
from .deck import DeckScreen

if TYPE_CHECKING:
    from ...store.knobs.knob import Knob
    from ..app import TunedeckApp

    class Declared(Protocol):
        """What a form is drawn from: a module that declares knobs."""

        @property
        def SECTIONS(self) -> Sequence[str]: ...
        def knobs(self) -> tuple[Knob, ...]: ...
        def problems(self, values: Mapping[str, object]) -> dict[str, str]: ...


class FormScreen(DeckScreen):
    """Knobs with values that can be edited; a bad value stays in its place, with its fault, until it is mended."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit", tooltip="Change the knob: type a value, or go on to the next choice."),
        Binding("right_square_bracket", "section(1)", "Section", key_display="]", tooltip="Go to the next section."),
        Binding("left_square_bracket", "section(-1)", "Section before", tooltip="The section before.", show=False),
        Binding("l,right", "choose(1)", "Next choice", tooltip="Go on to the next choice.", show=False),
        Binding("h,left", "choose(-1)", "Choice before", tooltip="Go back to the choice before.", show=False),
        Binding("up", "recall(1)", "Recent", tooltip="While a value is typed: what an earlier run used.", show=False),
        Binding("down", "recall(-1)", "Newer", tooltip="While a value is typed: back to newer ones.", show=False),
        Binding("x", "default", "Default", tooltip="Set the knob back to its default."),
    ]

    def __init__(self, declared: "Declared", start: Mapping[str, object], *, words: str = "") -> None:
        super().__init__()
        self._declared = declared
        self._words = words
        self._knobs: dict[str, Knob] = {knob.name: knob for knob in declared.knobs()}
        self._start = self._filled(start)
        self._values: dict[str, object] = dict(self._start)
        self._faults: dict[str, str] = {}
        self._recent: Mapping[str, Sequence[object]] = {}
        self._recall = Recall()

    def _filled(self, start: Mapping[str, object]) -> dict[str, object]:
        """A value for each knob: an earlier run's configuration may hold others too, and lack those that are new."""
        return {name: start.get(name, knob.default) for name, knob in self._knobs.items()}

    def body(self) -> list[Widget]:
        editor = Input(id="editor", compact=True, select_on_focus=False)
        editor.cursor_blink = False
        return [Table(COLUMNS, id="form"), Told("", id="knob-help"), editor]

    def on_mount(self) -> None:
        self._editor.display = False
        self._show()
        self.query_one(Table).move_to("data")
        self.query_one(Table).focus()
        self.say(self.greeting)
        deck = self.deck
        deck.run_worker(lambda: self._read_recent(deck), thread=True, exit_on_error=False)

    @property
    def greeting(self) -> str:
        """What is said when the form is opened."""
        return self._words

    def _read_recent(self, deck: "TunedeckApp") -> None:
        """In a thread."""
        try:
            with closing(database.connect(deck.home)) as db:
                self._recent = recent.values(db)
        except (UserError, sqlite3.Error):
            return  # the watch says what is wrong with the store

    @property
    def _editor(self) -> Input:
        return self.query_one("#editor", Input)

    @property
    def is_editing(self) -> bool:
        """Whether a value is being typed."""
        return self._editor.display

    @property
    def _knob(self) -> "Knob | None":
        return self._knobs.get(self.query_one(Table).cursor_key or "")

    # what is shown

    def _show(self) -> None:
        rows = []
        for section in self._declared.SECTIONS:
            rows.append(heading(section))
            of_section = (knob for knob in self._knobs.values() if knob.section == section)
            rows += [row(knob, self._values, self._faults.get(knob.name, "")) for knob in of_section]
        self.query_one(Table).update_rows(rows)
        self._show_help()

    @on(Table.Highlighted)
    def _show_help(self) -> None:
        knob = self._knob
        fault = self._faults.get(knob.name, "") if knob else ""
        told = self.query_one("#knob-help", Told)
        # Only a fault may take more lines than its place has.
        if fault or told.has_class("-error"):
            told.set_class(bool(fault), "-error")
            told.refresh(layout=True)
        told.show(fault or (help_of(knob) if knob else self._hint))
        self.keys_changed()

    @property
    def _hint(self) -> str:
        before, after, change, launch = map(self.key_of, ("section(-1)", "section(1)", "edit", "launch"))
        return f"j k move, {before} {after} go to another section, {change} changes a knob, {launch} launches."

    def point_at_fault(self, not_done: str) -> None:
        """Put the cursor on the first fault, and say what came to nothing by it."""
        self._show()
        self.query_one(Table).move_to(next(iter(self._faults)))
        self.say(f"{not_done} {len(self._faults)} to mend, marked with !.", "error")

    def why_not(self, action: str) -> str:
        knob = self._knob
        if action.startswith(("edit", "default", "choose")) and knob is None:
            return "This line is a heading: go to a knob with j or k."
        if action.startswith("choose") and knob and not choices(knob):
            return f"{knob.name} is typed, not chosen: {self.key_of('edit')} changes it."
        if action.startswith("recall") and not self.is_editing:
            return f"No value is being typed: {self.key_of('edit')} begins."
        if action.startswith("recall") and not len(self._recall):
            return "No earlier run has set this knob."
        return ""

    # editing

    @on(Table.Opened)
    def action_edit(self) -> None:
        knob = self._knob
        if self.refused("edit") or knob is None:
            return
        if choices(knob):
            self.action_choose(1)
            return
        editor = self._editor
        editor.display = True
        editor.placeholder = f"{knob.name}: {takes(knob)}"
        editor.value = written(self._values[knob.name])
        editor.select_all()
        self.give_keys(editor)
        self._recall = Recall([written(value) for value in self._recent.get(knob.name, ())])
        earlier = f", {self.key_of('recall(1)')} brings earlier ones" if len(self._recall) else ""
        self.say(f"{knob.name}: enter keeps the value, esc leaves it{earlier}.")

    def action_recall(self, by: int) -> None:
        if not self.refused("recall"):
            self._editor.value = self._recall.step(by, self._editor.value)
            self._editor.cursor_position = len(self._editor.value)

    def action_choose(self, by: int) -> None:
        knob = self._knob
        if not self.refused("choose") and knob is not None:
            told = choices(knob)
            self.set_knob(knob.name, told[(told.index(written(self._values[knob.name])) + by) % len(told)])

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
            self.set_knob(knob.name, event.value)
        self._leave_editor()

    def _leave_editor(self) -> None:
        """Back to the form, whether or not the value was kept."""
        self._editor.display = False
        self.give_keys(self.query_one(Table))

    def set_knob(self, name: str, value: object) -> None:
        """Put a value into its place, whatever it is worth, and say what it is now."""
        unreadable = self._put(name, value)
        self._faults = self._declared.problems(self._values) | unreadable
        self.say("" if name in self._faults else f"{name} is {written(self._values[name]) or 'empty'}.")
        self._show()
        self.values_changed()

    def _put(self, name: str, value: object) -> dict[str, str]:
        from ...store.toml import read_value

        knob = self._knobs[name]
        self._values[name] = None if value == "" and knob.default is None and not knob.required else value
        if isinstance(value, str) and knob.kind is list:
            try:
                self._values[name] = read_value(name, value)
            except ConfigError as error:
                return {name: str(error)}
        return {}

    def take(self, values: Mapping[str, object]) -> None:
        """Put all these values into their places."""
        self._values |= {name: value for name, value in values.items() if name in self._knobs}
        self._faults = self._declared.problems(self._values)
        self._show()
        self.values_changed()

    def values_changed(self) -> None:
        """The values are others now."""

    def action_default(self) -> None:
        knob = self._knob
        if not self.refused("default") and knob is not None:
            self.set_knob(knob.name, knob.default if not knob.required else self._start[knob.name])

    def action_back(self) -> None:
        if self.is_editing:
            self._leave_editor()
            self.say("")
        else:
            self.app.pop_screen()
