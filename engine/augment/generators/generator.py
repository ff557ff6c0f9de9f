"""What every generator is: it is asked for variants of rows, many at once, and gives one answer to each request."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple, Protocol

from ..editable import Editable, Unusable


class Request(NamedTuple):
    """One synthetic row to be made: its number in the run from 1, and the row to make it from.

    `variant` counts the rows asked for of the same source, from 0. `seed` belongs to this row alone, so that it comes
    out the same whatever rows are made beside it, before it or after a stop. `examples` are other source rows of the
    same label, as many as there are, and none where there is no label.
    """

    number: int
    source: Editable
    variant: int
    seed: int
    examples: Sequence[Editable] = ()

    @property
    def random(self) -> Random:
        """A source of chance for this row alone."""
        return Random(self.seed)


class Variant(NamedTuple):
    """The answer to a request: a row of the same shape as its source, or why there is none.

    `generator` says what made it, such as `edits:swap`; `tokens` were written for it, at a `cost` in US dollars.
    """

    value: object
    generator: str
    fault: str = ""
    tokens: int = 0
    cost: float = 0.0


class Generator(Protocol):
    """Makes variants."""

    @property
    def rows_at_once(self) -> int:
        """How many requests it likes to be given together."""
        ...

    def variants(self, requests: Sequence[Request]) -> list[Variant]:
        """One variant for each request, in order; what can't be made has a fault, and the others go on.

        Raises:
            StopRequested: the run is to stop. UserError: nothing can be made any more (a server is gone, say).
        """
        ...


def rewritten(request: Request, texts: Sequence[str], generator: str, *, tokens: int = 0, cost: float = 0.0) -> Variant:
    """The variant that new texts make, one for each passage of the source, its label and spans kept."""
    try:
        value = request.source.rewritten(texts)
    except Unusable as fault:
        return Variant(None, generator, str(fault), tokens, cost)
    return Variant(value, generator, "", tokens, cost)
