"""New run: the form of RunConfig, with presets, an estimate, and what a run of these values would be trained on."""

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Self

from textual.binding import Binding, BindingType
from textual.widget import Widget

from .. import actions
from ..form import estimate
from ..form.draft import Draft
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
    from ..app import TunedeckApp

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
        Binding(
            "N", "begin_anew", "Anew", tooltip="Begin the form anew; once more brings back what was typed.", show=False
        ),
    ]
    NEEDS_ROWS = frozenset({"launch", "check", "find_rate", "vary"})

    def __init__(
        self, start: Mapping[str, object] = _START, *, words: str = "", forked_from: str | None = None
    ) -> None:
        # The watch's thread has imported pydantic by now; here it only opens the door.
        from ...store import config

        super().__init__(config, start, words=words)
        self.forked_from = forked_from
        self._fresh = self._filled(_START)
        self._is_as_left = False
        self._before: Draft | None = None
        """What stood here before it was begun anew."""
        self._varied = ""
        """What was to vary when that was asked last; it may be there to be mended."""

    @classmethod
    def going_on(cls, deck: "TunedeckApp", values: Mapping[str, object] | None = None, words: str = "") -> Self:
        """The form as it was left, or else a new one, with these values in it."""
        draft = deck.draft
        if draft is None:
            return cls(values or _START, words=words)
        form = cls(draft.start, words=words, forked_from=draft.forked_from)
        form._is_as_left = True
        form._values |= {**draft.values, **(values or {})}
        form._faults = form._declared.problems(form._values)
        return form

    @property
    def greeting(self) -> str:
        as_left = f"The form is as you left it; {self.key_of('begin_anew')} begins anew." if self._is_as_left else ""
        return f"{super().greeting} {as_left}".strip()

    def body(self) -> list[Widget]:
        return [Line("", id="estimate"), *super().body()]

    def on_mount(self) -> None:
        # Textual calls the form's own besides.
        self._estimating = Estimating(self.deck, self, self._show_estimate, holds=lambda: self.is_editing)
        self._ask_estimate()

    # a draft

    def values_changed(self) -> None:
        super().values_changed()
        self.deck.draft = None if self._is_new else self._draft_of_this
        self._ask_estimate()

    @property
    def _is_new(self) -> bool:
        return self._values == self._fresh and not self.forked_from

    @property
    def _draft_of_this(self) -> Draft:
        return Draft(dict(self._values), self._start, self.forked_from)

    def why_not(self, action: str) -> str:
        if action == "begin_anew" and self._is_new and not self._before:
            return "The form is new: nothing was typed."
        return super().why_not(action)

    def action_begin_anew(self) -> None:
        if self.refused("begin_anew"):
            return
        begun = self._before or Draft(self._fresh, self._fresh)
        was_begun = self._before is not None
        self._before = self._draft_of_this
        self._start, self.forked_from = dict(begun.start), begun.forked_from
        self.take(begun.values)
        again = f"The form is new; {self.key_of('begin_anew')} again brings back what it was."
        self.say("The form is as it was before." if was_begun else again)

    def action_back(self) -> None:
        deck, is_left = self.deck, not self.is_editing
        super().action_back()
        if is_left and deck.draft and deck.front:
            deck.say(f"The form is kept: {deck.front.key_of('new_run')} goes on with it.")

    # what it will need

    def _ask_estimate(self) -> None:
        self._estimating.of(None if self._faults else dict(self._values))
        self._show_estimate()

    def _show_estimate(self) -> None:
        asked = self._estimating
        self.title_line(f"{self.heading}   {estimate.shape(self._values, asked.found, waits=asked.waits)}")
        self.query_one("#estimate", Line).show(estimate.needs(asked.found, asked.fault))

    # what it begins with

    def action_presets(self) -> None:
        if not self.refused("presets"):
            self.app.push_screen(PresetsScreen(self._values, self._begin_with))

    def _begin_with(self, beginning: Beginning) -> None:
        if beginning.run:
            # Its own values are those that a fork's differ from.
            self._start, self.forked_from = self._values | beginning.values, beginning.run
        self.take(beginning.values)
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
            self.app.push_screen(VaryAsk(self._varied), self._vary)

    def _vary(self, varied: str | None) -> None:
        if varied:
            self._varied = varied
            self.prepare(partial(_begin, queue=partial(actions.vary, varied=varied)))
        else:
            self.say("Nothing was queued.")

    def begun(self, begun: Begun) -> None:
        from .run import RunScreen

        deck, run = self.deck, begun.run
        if run is None:
            asked = self._estimating
            found, notes = asked.found, asked.found.notes if asked.found else ()
            told = [estimate.shape(self._values, found), estimate.needs(found, asked.fault), *notes]
            facts = [f"Every knob is good. {begun.found}", *filter(None, told)]
            deck.push_screen(PreflightScreen(dict(self._values), facts, self.action_launch))
            self.say("")
            return
        self.done_with(deck)
        deck.switch_screen(RunScreen(run.id))
        if run.kind == "lr-find":
            deck.call_after_refresh(deck.say, "A test of the learning rate is queued; this run will say which.")
        elif run.sweep_id:
            ranks = f"tunedeck sweep --show {run.sweep_id} ranks them."
            deck.call_after_refresh(deck.say, f"The runs of the sweep are queued, this one first; {ranks}")

    def done_with(self, deck: "TunedeckApp") -> None:
        deck.draft = None


def _begin(db: sqlite3.Connection, home: "Home", values: dict[str, object], *, queue: "Queue | None") -> Begun:
    """In a thread: let the engine look at the rows, and queue what was asked for."""
    from ...store import config, lineage

    checked = config.checked(values)
    if lineage.is_run(checked.model):
        lineage.origin(db, home, checked.model)
    found = actions.check(checked)
    return Begun(found, queue(db, home, checked) if queue else None)
