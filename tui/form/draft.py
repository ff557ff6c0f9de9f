"""A form that was left with something typed in it, to be gone on with."""

from collections.abc import Mapping
from typing import NamedTuple


class Draft(NamedTuple):
    """What the knobs are, and what they began with; `forked_from` is the id of the run whose knobs these were."""

    values: Mapping[str, object]
    start: Mapping[str, object]
    forked_from: str | None = None
