"""The filter of lengths: a row far shorter or longer than its source says something else."""

from collections.abc import Sequence
from dataclasses import dataclass

from .filter import Candidate, Objection


@dataclass(frozen=True)
class Length:
    """Objects to lengths, in characters, outside of a band around the source's."""

    least: float
    most: float

    def objections(self, candidates: Sequence[Candidate]) -> list[Objection | None]:
        return [self._objection(*candidate.texts) for candidate in candidates]

    def _objection(self, made: str, source: str) -> Objection | None:
        ratio = len(made) / len(source)
        if self.least <= ratio <= self.most:
            return None
        return Objection("length", f"it has {len(made):,} characters, {ratio:.2f} times as many as its source")
