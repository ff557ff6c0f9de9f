"""One kind of fault, injected again and again: how often, and what was lost by it."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Trial:
    """`losses` names each thing that was lost, so that it can be looked for."""

    fault: str
    tried: int = 0
    losses: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        return len(self.losses)

    def add(self, losses: Iterable[str] = ()) -> None:
        """One more injection, and what it lost."""
        self.tried += 1
        self.losses += losses

    def facts(self) -> dict[str, object]:
        """The trial as an object of JSON."""
        return {"fault": self.fault, "tried": self.tried, "lost": self.lost, "losses": self.losses}
