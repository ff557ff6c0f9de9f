"""How well one colour can be told from another, by the formulas of WCAG 2.1."""

from functools import cache

from textual.color import Color

_SHARES = (0.2126, 0.7152, 0.0722)


def linear(color: str) -> list[float]:
    """Red, green and blue as light, from 0 to 1, of a colour as Textual writes it."""
    channels = (channel / 255 for channel in Color.parse(color).rgb)
    return [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]


@cache
def luminance(color: str) -> float:
    """0 of black, 1 of white."""
    return sum(share * light for share, light in zip(_SHARES, linear(color), strict=True))


def contrast(one: str, other: str) -> float:
    """1 where both are the same, 21 of black on white."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
