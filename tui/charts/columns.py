"""Thins a curve to the columns of a chart: minimum and maximum of each stay, so that no spike is lost."""

from dataclasses import dataclass

import numpy as np

from .axis import LARGEST


@dataclass(frozen=True)
class Points:
    """What can be drawn: finite points in rising order of steps; `starts` marks those not joined to the one before."""

    steps: np.ndarray
    values: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.steps)


def thin(points: Points, window: tuple[float, float], columns: int) -> Points:
    """The curve inside the window (low step, high step), at most two points for each of its columns.

    Columns are fixed to the window, never to the data, so that a column that is full does not change when more data
    comes: only new columns must be repainted.
    """
    points = clip(points, window)
    if len(points) == 0:
        return points
    low, high = window
    column = np.minimum(((points.steps - low) / (high - low) * columns).astype(np.int64), columns - 1)
    return _extremes(points, np.flatnonzero(np.diff(column, prepend=-1)))


def finite(steps: np.ndarray, values: np.ndarray, *, positive: bool = False) -> Points:
    """The points that can be drawn (above zero too, for a log axis), in rising order; what is left out makes a gap."""
    steps, values = np.asarray(steps, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if np.any(steps[1:] < steps[:-1]):
        order = np.argsort(steps, kind="stable")
        steps, values = steps[order], values[order]
    keep = np.isfinite(values) & np.isfinite(steps)
    if positive:
        keep &= values > 0
    starts = keep & ~np.concatenate(([False], keep[:-1]))
    return Points(steps[keep].clip(-LARGEST, LARGEST), values[keep].clip(-LARGEST, LARGEST), starts[keep])


def clip(points: Points, window: tuple[float, float]) -> Points:
    """The part inside the window; where a line crosses its edge, a point is interpolated there."""
    low, high = window
    first, last = int(np.searchsorted(points.steps, low, "left")), int(np.searchsorted(points.steps, high, "right"))
    enters = 0 < first < len(points) and not points.starts[first] and points.steps[first] > low
    leaves = 0 < last < len(points) and not points.starts[last] and points.steps[last - 1] < high
    inside = Points(points.steps[first:last], points.values[first:last], points.starts[first:last].copy())
    if len(inside) and not enters:
        inside.starts[0] = True
    parts = [_between(points, first, low, start=True)] if enters else []
    parts.append(inside)
    if leaves:
        parts.append(_between(points, last, high, start=False))
    return Points(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("steps", "values", "starts")))


def _between(points: Points, index: int, step: float, *, start: bool) -> Points:
    value = np.interp(step, points.steps[index - 1 : index + 1], points.values[index - 1 : index + 1])
    return Points(np.array([step]), np.array([value]), np.array([start]))


def _extremes(points: Points, edges: np.ndarray) -> Points:
    """Two points per column at its first step, down or up, whichever begins nearer to where the one before ends."""
    last = np.append(edges[1:], len(points)) - 1
    low, high = np.minimum.reduceat(points.values, edges), np.maximum.reduceat(points.values, edges)
    rising = _rising(low.tolist(), high.tolist(), bool(points.values[edges[0]] <= points.values[last[0]]))
    pairs = np.where(rising, [low, high], [high, low]).T.ravel()
    starts = np.zeros(2 * len(edges), dtype=bool)
    starts[::2] = np.logical_or.reduceat(points.starts, edges)
    steps = np.repeat(points.steps[edges], 2)
    single = np.zeros_like(starts)
    single[1::2] = low == high
    return Points(steps[~single], pairs[~single], starts[~single])


def _rising(lows: list[float], highs: list[float], first: bool) -> list[bool]:
    """Which columns are drawn upwards. From the end of each the way to the next is the shortest: where a noisy curve
    was drawn as it goes, each column was drawn over once more by the line to the next, in twice the time."""
    found = [first]
    end = highs[0] if first else lows[0]
    for low, high in zip(lows[1:], highs[1:], strict=True):
        found.append(abs(low - end) <= abs(high - end))
        end = high if found[-1] else low
    return found
