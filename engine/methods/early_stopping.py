"""When to stop for want of progress."""

import math


class EarlyStopping:
    """Counts the evaluations in a row that were no progress: not better than the last progress by over the threshold.

    Its whole state is what it was told: told the past values again, it goes on where it was.
    """

    def __init__(self, patience: int, threshold: float = 0.0, *, greater_is_better: bool = False) -> None:
        """A `patience` of 0 evaluations never stops."""
        self.patience, self.threshold, self.greater_is_better = patience, threshold, greater_is_better
        self.reached = math.nan
        self.without_progress = 0

    def update(self, value: float) -> bool:
        """Whether to stop, now that an evaluation gave this value; one that is not finite is no progress."""
        gain = value - self.reached if self.greater_is_better else self.reached - value
        if math.isfinite(value) and (math.isnan(self.reached) or gain > self.threshold):
            self.reached = value
            self.without_progress = 0
        else:
            self.without_progress += 1
        return 0 < self.patience <= self.without_progress
