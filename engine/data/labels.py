"""Labels as people write them: read, ordered, counted and weighed."""

import math
import re
from collections.abc import Mapping, Sequence

from .chat import filled_text_of

SHOWN = 8
_WHOLE_WITH_POINT = re.compile(r"-?\d+\.0+", re.ASCII)
SHOWN_CHARACTERS = 40


def written(label: object, place: str) -> str:
    """A label as text: booleans as JSON writes them, whole numbers without a point. Raises RowFault for none.

    So is text that writes one, as CSV can't hold anything else: `True` and `4.0` are the same there as in JSON.
    """
    if isinstance(label, bool):
        return str(label).lower()
    if isinstance(label, int | float):
        return f"{label:.12g}"
    text = filled_text_of(label, place).strip()
    if text.lower() in ("true", "false"):
        return text.lower()
    return text.partition(".")[0] if _WHOLE_WITH_POINT.fullmatch(text) else text


def number_of(label: str) -> float | None:
    """The finite number that the label writes, if it writes one."""
    try:
        value = float(label)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def ordered(names: Mapping[str, int]) -> tuple[str, ...]:
    """Numbers by their size, then words by their letters."""
    return tuple(sorted(names, key=_place))


def _place(name: str) -> tuple[bool, float, str]:
    number = number_of(name)
    return number is None, number or 0.0, name


def balanced(names: Sequence[str], counts: Mapping[str, int]) -> list[float]:
    """A weight for each name, as scikit-learn's "balanced": total / (names * its count)."""
    total = sum(counts[name] for name in names)
    return [total / (len(names) * counts[name]) for name in names]


def some(names: Sequence[str]) -> str:
    """The first names in quotes, and how many more there are."""
    shown = ", ".join(repr(name[:SHOWN_CHARACTERS]) for name in names[:SHOWN])
    return shown + _more(len(names))


def shares(counts: Mapping[str, int], total: int) -> str:
    """The labels with their share of all, the most frequent first: `3 labels: positive 66%, ...`."""
    by_count = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{name[:SHOWN_CHARACTERS]} {count / total:.0%}" for name, count in by_count[:SHOWN])
    return f"{len(by_count):,} labels: {told}{_more(len(by_count))}"


def _more(count: int) -> str:
    return f" and {count - SHOWN:,} more" if count > SHOWN else ""
