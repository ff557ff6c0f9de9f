"""In which knobs runs differ."""

import json
from collections.abc import Sequence

from ...store.records import Run
from ..words import written

# Every run has its own.
_NAMES = {"name"}


def differing(runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """Each knob that is not the same in all runs, with its value in each; a run of an older version may lack one."""
    configs = [json.loads(run.config) for run in runs]
    names = dict.fromkeys(name for config in configs for name in config)
    found = [(name, [config.get(name) for config in configs]) for name in names if name not in _NAMES]
    return [(name, [written(value) or "-" for value in values]) for name, values in found if _differ(values)]


def same_count(runs: Sequence[Run]) -> int:
    """How many knobs are the same in all of them."""
    return len(json.loads(runs[0].config).keys() - _NAMES) - len(differing(runs))


def _differ(values: Sequence[object]) -> bool:
    return any(value != values[0] for value in values[1:])
