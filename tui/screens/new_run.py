"""New run: the form of RunConfig, with presets, an estimate, and what a run of these values would be trained on."""

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from .. import actions
from ..form import estimate
from ..form.estimating import Estimating
from ..widgets.line import Line
from ..words import counted
from .checked_form import Begun, CheckedForm
from .form import FormScreen
from .form_texts import FormTexts
from .preflight import PreflightScreen
from .presets import Beginning, PresetsScreen
from .vary import VaryAsk

if TYPE_CHECKING:
    from ...store.config import RunConfig
    from ...store.paths import Home
    from ...store.records import Run

    Queue = Callable[[sqlite3.Connection, Home, RunConfig], Run]

_START = {"data": "demo:chat", "model": "demo:smollm2"}


class NewRunScreen(FormTexts):
    """Every knob of a run."""

    heading = "NEW RUN"
    about = (
        "Data and model are all that a run needs. Every knob says what it does; learning_rate matters most, and "
        "a short test finds it."
    )
    WITHOUT = frozenset({"new_run"})
    BINDINGS: ClassVar[list[BindingType]] = [
        *CheckedForm.BINDINGS,
        Binding("P", "check", "Check", tooltip="Check everything, and show three rows as they will be trained."),
        Binding("p", "presets", "Presets", tooltip="Begin with a preset, or with the knobs of an earlier run."),
        *FormScreen.BINDINGS,
        Binding("F", "find_rate", "Find rate", tooltip="Queue a short test of which learning_rate suits this run."),
        Binding("V", "vary", "Vary", tooltip="Queue runs that differ in a few knobs: a sweep."),
        *FormTexts.BINDINGS,
    ]
    NEEDS_ROWS = frozenset({"launch", "check", "find_rate", "vary"})

    def __init__(
        self, start: Mapping[str, object] = _START, *, words: str = "", forked_from: str | None = None
    ) -> None:
        # The watch's thread has imported pydantic by now; here it only opens the door.
        from ...store import config

        super().__init__(config, start, words=words)
        self.forked_from = forked_from

    def body(self) -> list[Widget]:
        return [Line("", id="estimate"), *super().body()]

    def on_mount(self) -> None:
        # Textual calls the form's own besides.
        self._estimating = Estimating(self.deck, self, self._show_estimate, holds=lambda: self.is_editing)
        self.values_changed()

    # what it will need

    def values_changed(self) -> None:
        super().values_changed()
        self._estimating.of(None if self._declared.problems(self._values) else dict(self._values))
        self._show_estimate()

    def _show_estimate(self) -> None:
        self.query_one("#estimate", Line).show(self._estimate)

    @property
    def _estimate(self) -> str:
        asked = self._estimating
        return estimate.told(self._values, asked.found, waits=asked.waits, fault=asked.fault)

    # what it begins with

    def action_presets(self) -> None:
        if not self.refused("presets"):
            self.app.push_screen(PresetsScreen(self._values, self._begin_with))

    def _begin_with(self, beginning: Beginning) -> None:
        self.take(beginning.values)
        if beginning.run:
            # Its own values are those that a fork's differ from.
            self._start, self.forked_from = dict(self._values), beginning.run
        self.say(f"{beginning.title}: {counted(len(beginning.changes), 'knob')} changed.")

    # checking and launching

    def action_check(self) -> None:
        self.prepare(partial(_begin, queue=None))

    def action_launch(self) -> None:
        self.prepare(partial(_begin, queue=partial(actions.start, forked_from=self.forked_from)))

    def action_find_rate(self) -> None:
        self.prepare(partial(_begin, queue=actions.find_rate))

    def action_vary(self) -> None:
        if not self.refused("vary"):
            self.app.push_screen(VaryAsk(), self._vary)

    def _vary(self, varied: str | None) -> None:
        if varied:
            self.prepare(partial(_begin, queue=partial(actions.vary, varied=varied)))
        else:
            self.say("Nothing was queued.")

    def begun(self, begun: Begun) -> None:
        from .run import RunScreen

        deck, run = self.deck, begun.run
        if run is None:
            notes = self._estimating.found.notes if self._estimating.found else ()
            facts = [f"Every knob is good. {begun.found}", self._estimate, *notes]
            deck.push_screen(PreflightScreen(dict(self._values), facts, self.action_launch))
            self.say("")
            return
        deck.switch_screen(RunScreen(run.id))
        if run.kind == "lr-find":
            deck.call_after_refresh(deck.say, "A test of the learning rate is queued; this run will say which.")
        elif run.sweep_id:
            ranks = f"tunedeck sweep --show {run.sweep_id} ranks them."
            deck.call_after_refresh(deck.say, f"The runs of the sweep are queued, this one first; {ranks}")


def _begin(db: sqlite3.Connection, home: "Home", values: dict[str, object], *, queue: "Queue | None") -> Begun:
    """In a thread: let the engine look at the rows, and queue what was asked for."""
    from ...store import config, lineage

    checked = config.checked(values)
    if lineage.is_run(checked.model):
        lineage.origin(db, home, checked.model)
    found = actions.check(checked)
    return Begun(found, queue(db, home, checked) if queue else None)
