"""What one contender says of one training, and what is figured from it."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self


@dataclass(frozen=True)
class Trained:
    """One training from the start of its process to its saved weights; times in seconds.

    `seconds` and `tokens` (padding not among them) are those of the updates after the first, which pays for what is
    done once; `weights` is the folder of what was trained, `chosen` the settings in words.
    """

    contender: str
    updates: int
    examples: int
    tokens: int
    seconds: float
    first_update_at: float
    total_seconds: float
    eval_seconds: float
    peak_bytes: int
    weights: str
    chosen: str
    eval_loss: float | None = None

    @property
    def examples_per_second(self) -> float:
        return self.examples / self.seconds

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds

    @property
    def last_update_at(self) -> float:
        """When all updates were made, with all that was prepared for them before the first."""
        return self.first_update_at + self.seconds

    @property
    def eval_share(self) -> float:
        """The part of its time in which it evaluated."""
        return self.eval_seconds / self.total_seconds

    def scored(self, eval_loss: float) -> Self:
        return replace(self, eval_loss=eval_loss)

    def line(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        return cls(**{field.name: told[field.name] for field in fields(cls)})
