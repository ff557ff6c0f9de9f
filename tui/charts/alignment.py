"""By what curves are laid side by side: the step, the tokens seen by then, or the time spent on updates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import axis

if TYPE_CHECKING:
    # numpy takes 80 ms to import, which the first paint must not wait for.
    import numpy as np

    Points = tuple[np.ndarray, np.ndarray]

_PARTS = 10
_LEAST_USED = 0.7


@dataclass(frozen=True)
class Alignment:
    """An x axis of charts; `metric` is recorded at each step and says how much it was by then, "" for steps."""

    name: str
    metric: str = ""
    is_time: bool = False

    def along(self, points: Points, totals: Points) -> Points:
        """The points by where they lie on the axis, given its metric's; without those from before it was recorded.

        A run begins at 0. Between two totals, and so at a step that has none, it went on evenly.
        """
        import numpy as np

        (steps, values), (known, sums) = points, totals
        if not self.metric:
            return points
        if np.array_equal(known[: len(steps)], steps):
            # Nearly always: both are recorded at every step. To compare a million takes 1 ms, to look them up 25.
            return sums[: len(steps)], values
        if len(known) and known[0] <= 1:
            known, sums = np.concatenate(([0], known)), np.concatenate(([0.0], sums))
        first = int(np.searchsorted(steps, known[0])) if len(known) else len(steps)
        return np.interp(steps[first:], known, sums) if len(known) else sums, values[first:]

    def end(self, total_steps: int, totals: Points, before: float = 0.0) -> float:
        """Where the axis ends: what the run will have taken at its planned last step, if it goes on as it did.

        Every step foretells another end, and a window that moved with it would repaint the whole of each chart four
        times a second. So it lies on steps of 1, 2 and 5, where the window `before` ended until that is too small, or
        much too large.
        """
        steps, sums = totals
        if not self.metric or not len(steps):
            return float(total_steps)
        if steps[-1] >= total_steps:
            return float(sums[-1])
        foretold = float(sums[-1] / steps[-1]) * total_steps
        if not 0 < foretold < axis.LARGEST:
            return float(total_steps)
        if before * _LEAST_USED <= foretold <= before:
            return before
        step = (axis.time_step if self.is_time else axis.tick_step)(foretold, _PARTS)
        return -(-foretold // step) * step


STEPS = Alignment("steps")
ALIGNMENTS = (STEPS, Alignment("tokens", "num_input_tokens_seen"), Alignment("time", "train_seconds", is_time=True))


def named(name: str) -> Alignment:
    """The one of that name."""
    return next(one for one in ALIGNMENTS if one.name == name)


def following(present: Alignment, names: list[str]) -> Alignment:
    """The next one after the present of those that can be had: whose metric is among these names, and steps."""
    known = [one for one in ALIGNMENTS if not one.metric or one.metric in names]
    return known[(known.index(present) + 1) % len(known)] if present in known else STEPS


def telling(present: Alignment, names: list[str]) -> str:
    """What charts are laid along now, in a sentence, and what is missing among the names of what was recorded."""
    missing = [one.name for one in ALIGNMENTS if one.metric and one.metric not in names]
    return f"Charts by {present.name}." + (f" Not recorded of this run: {', '.join(missing)}." if missing else "")
