"""What all charts of a run read at one place of their axis, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..charts.alignment import Alignment
from ..charts.axis import label, time_label
from ..points import MEMORY, RunPoints, titled

if TYPE_CHECKING:
    import numpy as np

    from ..charts.alignment import Points

_SHORT = {"learning_rate": "rate", "grad_norm": "gradient", "tokens_per_second": "tokens/s", MEMORY: "memory GB"}
_COLUMNS = 50


def reading(points: RunPoints, cursor: float, span: int) -> str:
    """The values at the cursor, or the last before it; with a `span` the mean of so many points of the loss besides."""
    loss = points.loss
    told = [_place(loss.alignment, cursor), f"train {_value(loss.train, cursor)}"]
    told += [f"mean of {span} {_value(loss.train, cursor, span)}"] if span > 1 else []
    told.append(f"eval {_value(loss.evaluation, cursor)}")
    places, values = loss.evaluation
    told += [f"base {label(float(values[0]))}"] if len(places) and places[0] == 0 else []
    told += [f"{_SHORT.get(name) or titled(name)} {_value(curve, cursor)}" for name, curve in points.others.items()]
    return "  ".join(told)


def _place(alignment: Alignment, cursor: float) -> str:
    if alignment.is_time:
        return f"after {time_label(cursor)}"
    return f"{cursor:,.0f} tokens" if alignment.metric else f"step {cursor:,.0f}"


def _value(curve: Points, cursor: float, span: int = 1) -> str:
    import numpy as np

    places, values = curve
    end = int(np.searchsorted(places, cursor, "right"))
    part = values[max(0, end - span) : end]
    part = part[np.isfinite(part)] if span > 1 else part
    return label(float(part.mean())) if len(part) else "-"


def nearest(curve: Points, place: float) -> float:
    """The place of the curve's point that is nearest; the place itself where it has none."""
    places, _ = curve
    return float(places[_index(places, place)]) if len(places) else place


def moved(curve: Points, cursor: float, length: float, by: int) -> float:
    """The place of a point that many fiftieths of the length further on, but at least of the next one."""
    places, _ = curve
    if not len(places):
        return cursor
    before, after = (_index(places, place) for place in (cursor, cursor + by * length / _COLUMNS))
    if after == before:
        after = min(max(before + (1 if by > 0 else -1), 0), len(places) - 1)
    return float(places[after])


def _index(places: np.ndarray, place: float) -> int:
    import numpy as np

    after = int(np.searchsorted(places, place))
    near = [at for at in (after - 1, after) if 0 <= at < len(places)]
    return min(near, key=lambda at: abs(places[at] - place))
