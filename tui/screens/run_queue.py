"""The keys that let a queued run be taken sooner or later."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from .. import queueing
from .run_list import RunList


class RunQueue(RunList):
    """They move the run under the cursor, which the cursor follows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("K", "sooner", "Sooner", tooltip="Let the queued run be taken one place sooner.", show=False),
        Binding("J", "later", "Later", tooltip="Let the queued run be taken one place later.", show=False),
    ]

    def why_not(self, action: str) -> str:
        view = self.chosen
        if action in ("sooner", "later") and view and view.run.state != "queued":
            return f"{view.run.name} is {view.run.state}: only a queued run has a place in the queue."
        return super().why_not(action)

    def action_sooner(self) -> None:
        self._move("sooner", -1)

    def action_later(self) -> None:
        self._move("later", 1)

    def _move(self, action: str, places_later: int) -> None:
        if not self.refused(action) and self.chosen:
            self.change(partial(queueing.move, run=self.chosen.run, places_later=places_later))
