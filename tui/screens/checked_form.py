"""A form whose values are looked at by the engine, in a thread, before anything comes of them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from ...store import database
from ...store.errors import ConfigError, UserError
from .form import FormScreen

if TYPE_CHECKING:
    from ...store.paths import Home
    from ...store.records import Run
    from ..app import TunedeckApp

    Values = dict[str, object]
    Begin = Callable[[sqlite3.Connection, Home, Values], "Begun"]

_NOTHING = "Nothing was queued:"


class Begun(NamedTuple):
    """What was found in the rows, and the run that was queued, if one was to be."""

    found: str
    run: "Run | None" = None


class CheckedForm(FormScreen):
    """Nothing is queued until every knob is good and the rows can be read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("L", "launch", "Launch", tooltip="Check everything, queue the run, and open it."),
    ]
    NEEDS_ROWS: ClassVar[frozenset[str]] = frozenset({"launch", "check"})
    """Actions that read the rows, of which there is one at a time."""

    _busy = False

    def why_not(self, action: str) -> str:
        if action in self.NEEDS_ROWS and self._busy:
            return "The rows are being read."
        return super().why_not(action)

    def are_good(self, not_done: str) -> bool:
        """Whether all values are; if not, the first fault is pointed at, and what comes to nothing by it is said."""
        self._faults = self._declared.problems(self._values)
        if self._faults:
            self.point_at_fault(not_done)
        return not self._faults

    def prepare(self, begin: "Begin") -> None:
        """Have `begin` called in a thread with the values, paths in them resolved; then `begun` is told."""
        if self.refused("launch") or not self.are_good(_NOTHING):
            return
        self._show()
        self._busy = True
        self.say("Reading the rows...")
        self.keys_changed()
        # A worker of the app: who leaves the form meanwhile has launched all the same.
        self.deck.run_worker(
            partial(self._work, self.deck, begin, dict(self._values)), thread=True, exit_on_error=False
        )

    def _work(self, deck: "TunedeckApp", begin: "Begin", values: "Values") -> None:
        """In a thread."""
        from pathlib import Path

        from ...store import toml

        try:
            with closing(database.connect(deck.home)) as db:
                begun = begin(db, deck.home, toml.resolved(values, Path.cwd()))
        except (UserError, sqlite3.Error, OSError) as error:
            deck.call_from_thread(self._refuse, deck, error)
        else:
            deck.call_from_thread(self._tell, deck, begun)

    def _refuse(self, deck: "TunedeckApp", error: Exception) -> None:
        self._busy = False
        if self not in deck.screen_stack:
            deck.say(f"{error} Nothing was queued.", "error")
            return
        field = error.field if isinstance(error, ConfigError) else str(error).partition(":")[0]
        if field in self._knobs:
            self._faults = {field: str(error)}
            self.point_at_fault(_NOTHING)
        else:
            self.say(f"{error} Nothing was queued.", "error")
        self.keys_changed()

    def _tell(self, deck: "TunedeckApp", begun: Begun) -> None:
        self._busy = False
        run, found = begun.run, begun.found
        if deck.screen is self:
            self.keys_changed()
            self.begun(begun)
        else:
            if run:
                self.done_with(deck)
            deck.say(f"Run {run.id} is queued." if run else f"Every knob is good. {found}")

    def done_with(self, deck: "TunedeckApp") -> None:
        """Its run is queued."""

    def begun(self, begun: Begun) -> None:
        """It went well, and this screen is still in front."""
        raise NotImplementedError
