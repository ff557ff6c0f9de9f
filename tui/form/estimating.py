"""When a form's values have rested, the engine is asked what they need, and no longer of those before."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..asking import Asking
from ..engine_process import Ending, ask
from .estimate import Estimate

if TYPE_CHECKING:
    from textual.timer import Timer

    from ..app import TunedeckApp
    from ..screens.deck import DeckScreen

_REST_SECONDS = 0.5
# Each takes a processor some seconds, which a small machine may not have to spare.
_SWITCH = "TUNEDECK_ESTIMATES"


class Estimating:
    """`changed` is called when there is something new to show: an answer, its failure, or that one is awaited.

    With TUNEDECK_ESTIMATES=off in the environment nothing is asked.
    """

    def __init__(
        self,
        deck: "TunedeckApp",
        screen: "DeckScreen",
        changed: Callable[[], None],
        *,
        holds: Callable[[], bool] = lambda: False,
    ) -> None:
        """Nothing is asked as long as `holds` says so."""
        self._screen, self._changed, self._holds = screen, changed, holds
        self._asking = Asking(deck, self._fail, ended=changed)
        self._timer: Timer | None = None
        self._wanted: Mapping[str, object] | None = None
        self._asked: Mapping[str, object] | None = None
        self._answer: Estimate | None = None
        self._fault = ""

    @property
    def found(self) -> Estimate | None:
        """The answer; None where there is none, or none to these values."""
        return self._answer if self._wanted is None else None

    @property
    def fault(self) -> str:
        """Why there is none."""
        return self._fault if self._wanted is None else ""

    @property
    def waits(self) -> bool:
        return self._wanted is not None or self._asking.is_open

    def of(self, values: Mapping[str, object] | None) -> None:
        """From now on it is these values that matter; None where they are not good."""
        if os.environ.get(_SWITCH) == "off":
            return
        if values == self._asked:
            values = None
        elif values is None:
            self._asked, self._answer, self._fault = None, None, ""
            self._asking.drop()
        self._wanted = values
        if self._timer:
            self._timer.stop()
        if values:
            self._timer = self._screen.set_timer(_REST_SECONDS, self._rested)

    def _rested(self) -> None:
        if self._wanted is not None and self._holds():
            self._timer = self._screen.set_timer(_REST_SECONDS, self._rested)
        elif self._wanted is not None:
            self._asked, self._wanted = self._wanted, None
            self._answer, self._fault = None, ""
            ending = Ending()
            self._asking.of(_answers(self._asked, ending), self._hear, ending)
        self._changed()

    def _hear(self, answer: Any) -> None:
        self._answer = Estimate.read(answer)
        self._changed()

    def _fail(self, sentence: str) -> None:
        self._fault = sentence
        self._changed()


def _answers(values: Mapping[str, object], ending: Ending) -> Iterator[Any]:
    """In a thread."""
    from ...store import config, toml

    checked = config.checked(toml.resolved(dict(values), Path.cwd()))
    yield from ask("estimate", [checked.model_dump_json()], ending=ending)
