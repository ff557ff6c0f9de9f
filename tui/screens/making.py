"""What screens share that make versions of data: one at a time, each to its end, whether or not somebody stays."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from ...store.datasets import Dataset
from ..asking import Asking
from ..data import datasets
from .deck import DeckScreen

BEING_MADE = "A version is being made."


class MakingScreen(DeckScreen):
    """A screen whose keys make versions."""

    @cached_property
    def _making(self) -> Asking:
        return Asking(self.deck, partial(self.deck.say, level="error"), ended=self._changed, outlives=True)

    @property
    def is_making(self) -> bool:
        return self._making.is_open

    def make(
        self, source: str, operation: Mapping[str, Any], show: Callable[[list[Dataset]], None] = lambda made: None
    ) -> None:
        """Have the versions made, as `datasets.derive` does, and told; `show` is called where the screen still stands.

        Of a split the version set apart comes first.
        """
        self._making.of(_made(source, operation), partial(self._tell, show))
        self.say("The version is being made...")
        self.keys_changed()

    def _tell(self, show: Callable[[list[Dataset]], None], made: list[Dataset]) -> None:
        if self in self.deck.screen_stack:
            show(made)
        self.deck.say(" ".join(map(datasets.told, made)))

    def _changed(self) -> None:
        if self in self.deck.screen_stack:
            self.keys_changed()


def _made(source: str, operation: Mapping[str, Any]) -> Iterator[list[Dataset]]:
    """In a thread."""
    yield datasets.derive(source, operation)
