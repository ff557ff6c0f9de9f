"""What has ended since somebody looked, in one sentence, the same in the app and on the command line."""

import sqlite3
from collections import Counter

from ..store import endings, scores
from ..store.endings import WAYS, Ending
from .words import figure

# More of them are counted, not named.
_MOST_NAMED = 3
_VERBS = {
    "stopped": "was stopped", "pruned": "was pruned", "out of memory": "ran out of memory", "killed": "was killed",
    "interrupted": "was interrupted",
}  # fmt: skip


def since(db: sqlite3.Connection, moment: float, opening: str = "Since you left") -> str:
    """The sentence about the runs that ended after the moment; "" where none has."""
    return told(db, endings.since(db, moment), opening)


def told(db: sqlite3.Connection, found: list[Ending], opening: str) -> str:
    """The endings by their names where they are few, the first one first, or else as counts."""
    if not found:
        return ""
    if len(found) <= _MOST_NAMED:
        return f"{opening}: {', '.join(_named(db, ending) for ending in reversed(found))}."
    counts = Counter(ending.way for ending in found)
    return f"{opening}: {', '.join(f'{counts[way]} {way}' for way in WAYS if counts[way])}."


def _named(db: sqlite3.Connection, ending: Ending) -> str:
    words = f"{ending.run.name} {_VERBS.get(ending.way, ending.way)}"
    best = scores.best(db, ending.run.id) if ending.way in ("completed", "stopped early") else None
    return f"{words} at {best.label} {figure(best.value)}" if best else words
