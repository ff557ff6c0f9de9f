"""Pruning: whether a run of a sweep is hopeless beside the others."""

import sqlite3
from bisect import bisect_right
from statistics import median

from ...store import attempts, metrics, sweeps
from ...store.records import Run, Sweep

FEWEST_OTHERS = 3
# The first evaluation after the base says little: rates warm up meanwhile.
_WARM_UP = 1


def reason(db: sqlite3.Connection, run: Run, step: int) -> str:
    """Why the run is given up at the evaluation of that step, which the store has; empty while it goes on.

    The median stopping rule (Golovin et al., "Google Vizier", 2017, section 3.2.1) as Optuna's MedianPruner has it: the
    run's best value so far is worse than the median of what the others had at that step, or at their last one before.
    A run that was resumed is wanted, and never given up.
    """
    sweep = sweeps.get(db, run.sweep_id) if run.sweep_id else None
    if sweep is None or not sweep.prune or len(attempts.of_run(db, run.id)) > 1:
        return ""
    own = _until(db, run, sweep, step)
    others = [values[-1] for other in sweeps.siblings(db, run) if (values := _until(db, other, sweep, step))]
    if len(own) <= _WARM_UP or len(others) < FEWEST_OTHERS:
        return ""
    best, middle = sweeps.best_of(own, sweep.metric), median(sweeps.best_of([value], sweep.metric) for value in others)
    if best == middle or sweeps.best_of([best, middle], sweep.metric) == best:
        return ""
    return (
        f"{sweeps.PRUNED} at step {step}: {sweep.metric} {best:.4g},"
        f" the median of {len(others)} others was {middle:.4g} there"
    )


def _until(db: sqlite3.Connection, run: Run, sweep: Sweep, step: int) -> list[float]:
    """The metric at the run's evaluations up to that step, the base's left out."""
    steps, values = metrics.series(db, run.id, sweep.metric, after_step=0)
    return values[: bisect_right(steps, step)]
