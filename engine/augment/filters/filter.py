"""What every filter is: it looks at synthetic rows beside their sources, and says which are not to be kept, and why."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ....store.made import Verdict
from ..editable import Editable


class Candidate(NamedTuple):
    """A synthetic row beside the row that it was made from."""

    number: int
    made: Editable
    source: Editable

    @property
    def texts(self) -> tuple[str, str]:
        """Of the new row and of its source, all passages as one."""
        return "\n".join(self.made.texts), "\n".join(self.source.texts)


class Objection(NamedTuple):
    """Why a row is not kept, as a word and in a sentence's part."""

    verdict: Verdict
    note: str


class Filter(Protocol):
    """Objects to rows or lets them pass."""

    def objections(self, candidates: Sequence[Candidate]) -> list[Objection | None]:
        """For each row in order what speaks against it; None where nothing does."""
        ...
