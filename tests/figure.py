"""A figure that a bench or the soak has measured, as a line of what it prints."""

from typing import NamedTuple


class Figure(NamedTuple):
    """One thing that was measured, and what it may be at most; None where it is only told."""

    what: str
    value: float
    unit: str
    most: float | None = None

    @property
    def is_missed(self) -> bool:
        return self.most is not None and self.value > self.most

    def __str__(self) -> str:
        promised = "" if self.most is None else f"   at most {self.most:,.1f}"
        return f"{self.what:<58}{self.value:>12,.1f} {self.unit:<8}{promised}{'   MISSED' if self.is_missed else ''}"
