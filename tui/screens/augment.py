"""Augment: the form of an augmentation, drawn like that of a run; its launch opens the review of what it makes."""

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from ...store import database, datasets
from ...store.errors import UserError
from .. import actions
from ..augment import augmenting
from .deck import DeckScreen
from .new_run import NewRunScreen

if TYPE_CHECKING:
    from ...store.records import Run
    from ..app import TunedeckApp

_WORDS = "L makes the rows and opens their review; nothing is trained on them before they are written."
_ONLY_RUNS = frozenset({"find_rate", "vary"})


class AugmentScreen(NewRunScreen, inherit_bindings=False):
    """The knobs of the rows, the generator and the filters; rows set apart for evaluation are found by their name."""

    heading = "AUGMENT"
    WITHOUT = _ONLY_RUNS
    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in (*NewRunScreen.BINDINGS, *DeckScreen.BINDINGS)
        if isinstance(binding, Binding) and binding.action not in ("find_rate", "vary")
    ]

    def __init__(self, source: str, *, eval_data: str = "", task: str = "", columns: str = "") -> None:
        from ..augment import augment_form

        super().__init__(words=_WORDS)
        self._config: Any = augment_form
        self._knobs = {knob.name: knob for knob in augment_form.knobs()}
        self._start = {name: knob.default for name, knob in self._knobs.items()}
        self._start |= augment_form.start(source, eval_data=eval_data, task=task, columns=columns)
        self._values = dict(self._start)
        self._has_task = bool(task)

    def on_mount(self) -> None:
        # Textual calls the form's own besides.
        if not self._values["eval_data"]:
            self.deck.run_worker(partial(self._find_evaluation, self.deck), thread=True, exit_on_error=False)
        if not self._has_task:
            self.deck.run_worker(partial(self._find_task, self.deck), thread=True, exit_on_error=False)

    def _find_task(self, deck: "TunedeckApp") -> None:
        """In a thread: what rows of such a shape are for."""
        try:
            task = augmenting.suited(str(self._values["data"]))
        except UserError:
            return  # it is said when the rows are to be used
        deck.call_from_thread(self._take_task, task)

    def _take_task(self, task: str) -> None:
        if self.is_attached and task and self._values["task"] == self._start["task"]:
            self._set("task", task)

    def _find_evaluation(self, deck: "TunedeckApp") -> None:
        """In a thread: a split leaves the rows that it sets apart under the set's own name."""
        name = datasets.slug(str(self._values["data"]).removeprefix(datasets.PREFIX).partition("@")[0])
        try:
            with closing(database.connect(deck.home)) as db:
                found = datasets.find(db, f"{name}-eval")
        except (UserError, sqlite3.Error):
            return  # there are none, or the watch says what is wrong with the store
        if found.role == datasets.EVALUATION:
            deck.call_from_thread(self._take_evaluation, found.reference)

    def _take_evaluation(self, reference: str) -> None:
        if self.is_attached and not self._values["eval_data"]:
            self._set("eval_data", reference)
            self.say(f"eval_data is {reference}: no synthetic row will be near one of these.")

    def _work(self, deck: "TunedeckApp", queue: object) -> None:
        """In a thread: resolve paths, let the engine look at the rows, and queue the augmentation."""
        from pathlib import Path

        from ...store import toml
        from ..augment import augment_form

        try:
            config, knobs = augment_form.parted(toml.resolved(self._values, Path.cwd()))
            found = actions.check(config)
            with closing(database.connect(deck.home)) as db:
                run = augmenting.queue(db, deck.home, config, knobs) if queue else None
        except (UserError, sqlite3.Error, OSError) as error:
            deck.call_from_thread(self._refuse, deck, error)
        else:
            deck.call_from_thread(self._done, deck, run, found)

    def _done(self, deck: "TunedeckApp", run: "Run | None", found: str) -> None:
        from .review import ReviewScreen

        if run and deck.screen is self:
            self._busy = False
            deck.switch_screen(ReviewScreen(run.id))
        else:
            super()._done(deck, run, found)
