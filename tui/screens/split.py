"""The question of a split: how rows are set apart for evaluation, and how many."""

import shlex
from typing import Any

from ...store.errors import ConfigError
from .line_ask import LineAsk

# What each kind sets apart, and whether it needs a column to go by.
_KINDS = {"random": False, "stratified": False, "group": True, "time": True}
_START = "random fraction=0.1 seed=42"
_EXAMPLES = """\
 random fraction=0.1 seed=42      a tenth, by chance
 stratified                       of each label in proportion
 group by=author                  each author on one side
 time by=date fraction=0.2        the latest fifth

Rows to train on that ask what is set apart are left out.
The rows set apart become a version of their own, never trained."""

Operation = dict[str, Any]


class SplitAsk(LineAsk[Operation]):
    """The operation that `datasets.derive` takes; None where nothing is to be split."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Set rows of {name} apart for evaluation:", _EXAMPLES, read_split, _START)


def read_split(text: str) -> Operation:
    """What was typed, such as `group by=author fraction=0.1 seed=42`; what is left out is as in the example.

    Raises:
        ConfigError: it names no kind, or a value is not one.
    """
    try:
        kind, *settings = shlex.split(text) or [""]
    except ValueError as error:
        raise ConfigError("A quotation mark is left open.", "Close it.") from error
    if kind not in _KINDS:
        raise ConfigError(f"There is no split {kind[:40]!r}.", f"There is {', '.join(_KINDS)}.")
    values = {name: value for name, _, value in (setting.partition("=") for setting in settings)}
    if unknown := values.keys() - {"by", "fraction", "seed"}:
        raise ConfigError(f"A split has no {min(unknown)[:40]!r}.", "Write by=..., fraction=... or seed=...")
    if _KINDS[kind] and not values.get("by"):
        raise ConfigError(f"A split by {kind} needs a column.", f"Write {kind} by=COLUMN.")
    if kind == "random" and values.get("by"):
        raise ConfigError("A random split goes by no column.", "Leave by= out, or write stratified, group or time.")
    fraction, seed = _fraction(values.get("fraction", "0.1")), _seed(values.get("seed", "42"))
    return {"op": "split", "kind": kind, "by": values.get("by", ""), "fraction": fraction, "seed": seed}


def _fraction(text: str) -> float:
    try:
        fraction = float(text)
    except ValueError:
        fraction = 0.0
    if not 0 < fraction < 1:
        raise ConfigError(f"fraction is {text[:40]!r}.", "It is more than 0 and less than 1, such as 0.1.")
    return fraction


def _seed(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise ConfigError(f"seed is {text[:40]!r}.", "It is a whole number, such as 42.")
    return int(text)
