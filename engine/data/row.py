"""What every task's rows have in common: a line, and what makes two of them the same."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row as a task understands it, and the line it was read from, counted from 1."""

    line: int

    @property
    def identity(self) -> tuple[str, ...]:
        """The texts that two rows share when one is the other's duplicate."""
        raise NotImplementedError

    @property
    def question(self) -> tuple[str, ...]:
        """The texts that must not stand on both sides of a split: all of them, where the task knows no better."""
        return self.identity

    @property
    def stratum(self) -> str:
        """Rows of each stratum are held out in the same proportion, small ones together; most tasks have only one."""
        return ""


def key(texts: Iterable[str]) -> bytes:
    """A digest of the texts that is the same for all that differ in case and white space only."""
    digest = hashlib.sha256()
    for text in texts:
        normalised = " ".join(text.split()).casefold()
        # The unit separator can't remain in normalised text (it splits there), so no two sequences collide.
        digest.update(f"{normalised}\x1f".encode())
    return digest.digest()
