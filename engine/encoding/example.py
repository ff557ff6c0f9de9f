"""A tokenised row, and what became of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..data.row import Row

if TYPE_CHECKING:
    from .states import States

IGNORED = -100


@dataclass(frozen=True)
class Example:
    """A row, or a part of one, as the model sees it, unpadded.

    `labels` is the task's: a token id for each place (-100 where nothing is trained), a class, a number, the tokens of
    a target. `more` holds what else the model takes for each place, such as `token_type_ids`; `notes` what only the
    task needs again, when predictions are made. `states`, where a frozen part made them before, go with the batch.
    """

    input_ids: list[int]
    labels: Any
    line: int
    truncated: bool = False
    more: Mapping[str, list[int]] = field(default_factory=dict)
    notes: Any = None
    states: States | None = None

    @property
    def trained_tokens(self) -> int:
        """For labels by place: how many are trained."""
        return sum(label != IGNORED for label in self.labels)


@dataclass(frozen=True)
class Encoded:
    """The examples of some rows, and of each the place among these of the row that it was made from, in their order."""

    rows: Sequence[Row]
    examples: list[Example]
    places: list[int]

    @property
    def truncated(self) -> int:
        """How many examples were cut."""
        return sum(example.truncated for example in self.examples)

    @property
    def untrained_lines(self) -> list[int]:
        """The lines of the rows that made no example, as nothing in them would be trained."""
        made = set(self.places)
        return [row.line for place, row in enumerate(self.rows) if place not in made]
