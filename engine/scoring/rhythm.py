"""How often a run evaluates: as asked for, or as often as leaves nine tenths of its time to the training."""

from collections import deque
from statistics import median

from ...store.config import RunConfig
from ..model.measured import Measured
from ..session import Session

FIRST_STEPS = 25
"""Updates up to the first evaluation after the base's, and the least between two, where none are asked for."""
SHARE = 0.1
_KEPT = "eval_steps"


class Rhythm:
    """Tells after which updates to evaluate.

    Chosen intervals are 25 updates times a power of two: runs that differ in speed still meet at the same steps. Where
    a run may stop early, which is decided by evaluations, their number does not depend on the machine.
    """

    def __init__(self, config: RunConfig, session: Session) -> None:
        self._session, self._measured = session, Measured(session.folder.measured)
        self._is_free = not asked_steps(config)
        self.steps = asked_steps(config) or int(self._measured.known(_KEPT) or FIRST_STEPS)
        self._update_seconds = deque[float](maxlen=FIRST_STEPS)

    def is_due(self, step: int) -> bool:
        """Whether the update of that number is one to evaluate after."""
        return step % self.steps == 0

    def updated(self, seconds: float) -> None:
        """An update took so long."""
        self._update_seconds.append(seconds)

    def evaluated(self, seconds: float) -> None:
        """An evaluation took so long; the base's, in which libraries are loaded, says little of those to come."""
        if not (self._is_free and self._session.step and self._update_seconds):
            return
        update = median(self._update_seconds)
        steps = fitting(seconds, update)
        if steps != self.steps:
            self.steps = steps
            self._measured.keep(**{_KEPT: steps})
            self._session.event(
                f"evaluated every {steps:,} updates from here on: evaluating takes {seconds:.2g} s, an update"
                f" {update:.2g} s"
            )


def asked_steps(config: RunConfig) -> int:
    """The updates between two evaluations; 0 where the run chooses."""
    return config.eval_steps or (FIRST_STEPS if config.early_stopping_patience else 0)


def fitting(evaluation_seconds: float, update_seconds: float) -> int:
    """The least interval in updates at which evaluating takes a tenth of the time at most."""
    steps = FIRST_STEPS
    while evaluation_seconds > SHARE / (1 - SHARE) * steps * update_seconds:
        steps *= 2
    return steps
