"""Ticks, their labels and the limits of an axis, all on steps of 1, 2 and 5."""

import math
from itertools import pairwise

Limits = tuple[float, float]

# Values are cut to this size: spans, slopes and squares of larger ones could overflow.
LARGEST = 1e150
_DAY_SECONDS = 86_400
_TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, _DAY_SECONDS)
_SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def tick_step(span: float, count: int) -> float:
    """The smallest step of 1, 2 or 5 times a power of ten that cuts the span into at most `count` parts."""
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10, 20) if factor * power >= rough * (1 - 1e-9))


def time_step(span: float, count: int) -> float:
    """As `tick_step`, in seconds: parts of minutes, hours and days that clocks have."""
    rough = span / max(count, 1)
    if rough <= 0.5 or rough > _DAY_SECONDS:
        unit = 1.0 if rough <= 0.5 else float(_DAY_SECONDS)
        return unit * tick_step(span / unit, count)
    return float(next(step for step in _TIME_STEPS if step >= rough * (1 - 1e-9)))


def ticks(low: float, high: float, count: int, *, time: bool = False) -> list[float]:
    """The multiples of the tick step from low to high."""
    step = (time_step if time else tick_step)(high - low, count)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def log_ticks(low: float, high: float, count: int) -> list[float]:
    """1, 2 and 5 times the powers of ten from low to high; where that is too many, every n-th power only."""
    powers = range(math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9) + 1)
    for factors in ((1, 2, 5), (1, 5), (1,)):
        found = [factor * 10.0**power for power in powers for factor in factors]
        found = [tick for tick in found if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
        if len(found) <= count + 1:
            return found
    return found[:: math.ceil(len(found) / max(count, 1))]


def limits(low: float, high: float, previous: Limits | None = None, count: int = 5, *, log: bool = False) -> Limits:
    """The limits for data from low to high, on ticks.

    With the previous limits there is hysteresis: they grow at once, but shrink only when the data leaves half of them
    unused. Or every new minimum of a loss would repaint the whole chart.
    """
    low, high = (min(max(value, -LARGEST), LARGEST) for value in (low, high))
    if previous is not None and previous[0] <= low and high <= previous[1] and _fills_half((low, high), previous, log):
        return previous
    return _log_limits(low, high) if log else _linear_limits(low, high, count)


def _fills_half(used: Limits, previous: Limits, log: bool) -> bool:
    if log:
        if previous[0] <= 0:
            return False
        used, previous = _log10(used), _log10(previous)
    return used[1] - used[0] >= (previous[1] - previous[0]) / 2


def _log10(pair: Limits) -> Limits:
    return math.log10(pair[0]), math.log10(pair[1])


def _linear_limits(low: float, high: float, count: int) -> Limits:
    # Below 1e-9 of the value, neighbouring ticks would carry the same label.
    size = max(abs(low), abs(high))
    if high - low <= max(size * 1e-9, 1 / LARGEST):
        margin = size * 0.1 if size > 10 / LARGEST else 1.0
        low, high = low - margin, high + margin
    step = tick_step(high - low, count)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _log_limits(low: float, high: float) -> Limits:
    low, high = max(low, 1 / LARGEST), max(high, 1 / LARGEST)
    bottom, top = _factor_below(low), _factor_above(high)
    return (bottom, top) if top > bottom else (bottom / 2, top * 2)


def _factor_below(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return max((factor * power for factor in (1, 2, 5) if factor * power <= value * (1 + 1e-9)), default=power)


def _factor_above(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 5, 10, 20) if factor * power >= value * (1 - 1e-9))


def labels(values: list[float]) -> list[str]:
    """The ticks in as few characters as tell them apart: `0.5`, `1.0`; `500`, `1.5k`; `0`, `2e-4`."""
    if not values:
        return []
    step = min((abs(after - before) for before, after in pairwise(values)), default=abs(values[0]))
    if max(abs(value) for value in values) < 1e-2:
        return ["0" if value == 0 else _scientific(value) for value in values]
    return ["0" if value == 0 else _decimal(value, step, trim=abs(value) >= 1000) for value in values]


def time_label(seconds: float, *, parts: int = 4) -> str:
    """Seconds in so many of their largest parts: `0`, `2.5s`, `1m30s`, `2h5m`, `1d6h`."""
    if not math.isfinite(seconds) or abs(seconds) < 60:
        return f"{label(seconds)}s" if seconds else "0"
    whole = round(seconds)
    counts = ((whole // _DAY_SECONDS, "d"), (whole // 3600 % 24, "h"), (whole // 60 % 60, "m"), (whole % 60, "s"))
    return "".join([f"{count}{unit}" for count, unit in counts if count][:parts])


def label(value: float, *, trim: bool = True) -> str:
    """One value in four digits: `1.204`, `12.35k`, `1.2e-4`, `nan`; with `trim` zeros at the end are left out."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    if abs(value) < 1e-3 or abs(value) >= 1e15:
        return _scientific(value)
    return _decimal(value, 10.0 ** (math.floor(math.log10(abs(value))) - 3), trim=trim)


def _scientific(value: float) -> str:
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _decimal(value: float, step: float, *, trim: bool) -> str:
    if abs(value) >= 1e15:
        return _scientific(value)
    unit, suffix = next(((unit, suffix) for unit, suffix in _SUFFIXES if abs(value) >= unit), (1.0, ""))
    decimals = max(0, -math.floor(math.log10(step / unit) + 1e-9)) if step > 0 else 0
    text = f"{value / unit:.{min(decimals, 9)}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text + suffix
