"""How freely answers are made: what a conversation sends with each request."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ...store.errors import ConfigError
from ..words import written

_STEP = 0.1
_HOTTEST = 2.0
_RANGES: Mapping[str, tuple[type, float, float]] = {
    "temperature": (float, 0.0, 100.0),
    "top_p": (float, 0.001, 1.0),
    "seed": (int, 0, 2**63 - 1),
    "max_new_tokens": (int, 1, 4096),
}


@dataclass(frozen=True)
class PlaySettings:
    """At the temperature 0 the likeliest word is taken each time, as in evaluations."""

    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    max_new_tokens: int = 48

    @property
    def request(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def told(self) -> str:
        """In a line: `temperature 0.7, top_p 1, seed 42, up to 48 tokens`."""
        drawn = f", top_p {self.top_p:g}, seed {self.seed}" if self.temperature else " (greedy)"
        return f"temperature {self.temperature:g}{drawn}, up to {self.max_new_tokens:,} tokens"

    @property
    def typed(self) -> str:
        """As one types them: `temperature=0.7 top_p=1 seed=42 max_new_tokens=48`."""
        return " ".join(f"{name}={written(value)}" for name, value in self.request.items())

    def warmer(self, steps: int) -> "PlaySettings":
        """By so many tenths, from 0 to 2."""
        return replace(self, temperature=round(min(max(self.temperature + steps * _STEP, 0.0), _HOTTEST), 3))

    def with_typed(self, line: str) -> "PlaySettings":
        """With what the line changes.

        Raises:
            ConfigError: a word of it is no setting, or its value is out of range.
        """
        return replace(self, **dict(map(_setting, line.split())))


def _setting(word: str) -> tuple[str, Any]:
    name, _, text = word.partition("=")
    if name not in _RANGES:
        raise ConfigError(f"{word[:40]!r} is no setting.", f"There are {', '.join(_RANGES)}.", field="settings")
    kind, least, most = _RANGES[name]
    try:
        value = kind(text)
    except ValueError:
        value = None
    # So written NaN is refused too.
    if value is None or not least <= value <= most:
        raise ConfigError(f"{name} is {text[:40]!r}, expected {least:g} to {most:g}.", field=name)
    return name, value
