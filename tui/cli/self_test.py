"""`tunedeck doctor --self-test`: faults injected on this machine, as a table that grows while they are."""

import time
from collections.abc import Iterable

from ..self_test import ADVICE, Trial
from .output import say, say_json

_WIDTH = 36


def tell(trials: Iterable[Trial], *, as_json: bool) -> bool:
    """Print what comes of each; whether nothing was lost. Raises whatever the trials raise."""
    began, done = time.monotonic(), list[Trial]()
    if not as_json:
        say("Real runs, made small, are harmed; yours are not touched. It takes a minute or two.")
        say(f"{'fault':<{_WIDTH}}  {'tried':>6}  {'lost':>6}")
    for trial in trials:
        done.append(trial)
        if not as_json:
            _tell(trial)
    is_well, seconds = not any(trial.lost for trial in done), time.monotonic() - began
    if as_json:
        say_json({"well": is_well, "seconds": seconds, "trials": [trial.__dict__ for trial in done]})
    else:
        say(f"Nothing was lost. ({seconds:.0f} s)" if is_well else ADVICE)
    return is_well


def _tell(trial: Trial) -> None:
    say(f"{trial.fault:<{_WIDTH}}  {trial.tried:>6}  {trial.lost:>6}")
    for loss in trial.losses:
        say(f"  lost: {loss}")
