"""The end of the log of a run that died, which often says more than the cause."""

from ..store.paths import Home
from ..store.records import Run
from .widgets.tail import read_tail

MOST_LINES = 8
_DIED = ("failed", "killed", "interrupted")


def last_words(home: Home, run: Run) -> list[str]:
    """The last lines that say something; none of a run that did not die, or that has no log."""
    if run.state not in _DIED:
        return []
    try:
        tail = read_tail(home.run(run.id).log)
    except OSError:
        return []
    return [line.rstrip() for line in (*tail.lines, tail.partial) if line.strip()][-MOST_LINES:]
