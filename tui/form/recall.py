"""Going back through the values that earlier runs had, as a shell goes through its history."""

from collections.abc import Sequence


class Recall:
    """The values of one knob, newest first; before them stands what was typed."""

    def __init__(self, values: Sequence[str] = ()) -> None:
        self._values = values
        self._at = -1
        self._typed = ""

    def __len__(self) -> int:
        return len(self._values)

    def step(self, by: int, now: str) -> str:
        """The value that is so many older, or newer, in place of the one that stands there now."""
        if self._at < 0:
            self._typed = now
        self._at = min(max(self._at + by, -1), len(self._values) - 1)
        return self._values[self._at] if self._at >= 0 else self._typed
