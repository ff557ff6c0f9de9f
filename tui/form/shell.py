"""What one types to queue the run of a form: a command that a shell takes as it is."""

import shlex
from collections.abc import Mapping

from ..words import written


def command(values: Mapping[str, object], base: Mapping[str, object], forked_from: str | None = None) -> str:
    """`tunedeck run --set ...`, or `tunedeck fork RUN --set ...`, with the values that differ from those of `base`."""
    start = ["tunedeck", "fork", forked_from] if forked_from else ["tunedeck", "run"]
    settings = (f"{name}={_setting(value)}" for name, value in values.items() if value != base.get(name))
    return shlex.join([*start, *(part for setting in settings for part in ("--set", setting))])


def _setting(value: object) -> str:
    # A list is written as JSON, and read as TOML, which has no DEL in a text.
    return written(value).replace("\x7f", "\\u007f") if isinstance(value, list) else written(value)
