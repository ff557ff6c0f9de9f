"""A line of facts: where it is narrow the least important give way, so that each stands whole or not at all."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events

from ..clean import clean_line
from .line import Line


class Fact(NamedTuple):
    """A few words; the one with the highest `drop` gives way first, one of 0 never."""

    text: str
    drop: int = 0


class Facts(Line):
    """Drawn anew at each width."""

    _facts: Sequence[Fact] = ()

    def tell(self, facts: Sequence[Fact]) -> None:
        self._facts = tuple(facts)
        self._fit()

    def on_resize(self, event: events.Resize) -> None:
        self._fit()

    def _fit(self) -> None:
        self.show(fitted(self._facts, self.content_size.width))


def fitted(facts: Sequence[Fact], width: int, gap: str = "  ") -> str:
    """The facts that so many cells have room for, in their order; a width of 0 is not known yet and holds all."""
    kept = [fact for fact in facts if fact.text]
    while width and _width(kept, gap) > width and any(fact.drop for fact in kept):
        kept.remove(max(kept, key=lambda fact: fact.drop))
    return gap.join(fact.text for fact in kept)


def _width(facts: Sequence[Fact], gap: str) -> int:
    return cell_len(clean_line(gap.join(fact.text for fact in facts)))
