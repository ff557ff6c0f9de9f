"""What a report finds: which rows, a sentence that says how many and what to do, and whether dropping them is right."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]
SEVERITIES: Sequence[Severity] = ("error", "warning", "info")
DROP = "drop"


@dataclass(frozen=True)
class Finding:
    """Rows are indices, ascending: those that the cure drops, or that are to be looked at.

    `groups` are rows that belong together, such as a text and its duplicates; the one that is kept comes first. `count`
    is the number of rows, where nothing else is counted.
    """

    kind: str
    severity: Severity
    sentence: str
    rows: Sequence[int]
    groups: Sequence[Sequence[int]] = ()
    cure: str = ""
    count: int = -1

    def told(self) -> dict[str, Any]:
        return asdict(self) | {"count": len(self.rows) if self.count < 0 else self.count}
