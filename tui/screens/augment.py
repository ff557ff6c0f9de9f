"""Augment: the form of an augmentation, drawn like that of a run; its launch opens the review of what it makes."""

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from ...store import database, datasets
from ...store.errors import UserError
from .. import actions
from ..augment import augmenting
from .checked_form import Begun, CheckedForm

if TYPE_CHECKING:
    from ...store.paths import Home
    from ..app import TunedeckApp


class AugmentScreen(CheckedForm):
    """The knobs of the rows, the generator and the filters; rows set apart for evaluation are found by their name."""

    heading = "AUGMENT"
    about = (
        "Rows made of your rows. They help most where rows are few, and are filtered before you see them; those "
        "set apart for evaluation are left alone."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("P", "check", "Check", tooltip="Check every knob and read the rows, without queueing."),
    ]

    def __init__(self, source: str, *, eval_data: str = "", task: str = "", columns: str = "") -> None:
        from ..augment import augment_form

        start = augment_form.start(source, eval_data=eval_data, task=task, columns=columns)
        super().__init__(augment_form, start)
        self._has_task = bool(task)

    @property
    def greeting(self) -> str:
        launch = self.key_of("launch")
        return f"{launch} makes the rows and opens their review; nothing is trained on them before they are written."

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
            self.take({"task": task})

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
            self.set_knob("eval_data", reference)
            self.say(f"eval_data is {reference}: no synthetic row will be near one of these.")

    def action_check(self) -> None:
        self.prepare(partial(_begin, queues=False))

    def action_launch(self) -> None:
        self.prepare(partial(_begin, queues=True))

    def begun(self, begun: Begun) -> None:
        from .review import ReviewScreen

        if begun.run:
            self.deck.switch_screen(ReviewScreen(begun.run.id))
        else:
            self.say(f"Every knob is good; {self.key_of('launch')} launches. {begun.found}")


def _begin(db: sqlite3.Connection, home: "Home", values: dict[str, object], *, queues: bool) -> Begun:
    """In a thread: let the engine look at the rows, and queue the augmentation."""
    from ..augment import augment_form

    config, knobs = augment_form.parted(values)
    found = actions.check(config)
    return Begun(found, augmenting.queue(db, home, config, knobs) if queues else None)
