"""The space of a sweep: which knobs vary, and the values that a grid or chance takes from it."""

import itertools
import json
import math
import random
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .config import RunConfig, checked, knobs
from .errors import ConfigError
from .sweeps import MOST_TRIALS
from .toml import resolved

Values = dict[str, object]

# To draw all of 200 combinations takes some 1,200 draws.
_TRIES = 100


@dataclass(frozen=True)
class Choices:
    """Some values of a knob."""

    choices: tuple[object, ...]

    def draw(self, chance: random.Random) -> object:
        return chance.choice(self.choices)


@dataclass(frozen=True)
class Range:
    """All numbers from low to high, over their logarithms where high is ten times low or more."""

    low: float
    high: float

    @property
    def is_whole(self) -> bool:
        return isinstance(self.low, int)

    @property
    def is_log(self) -> bool:
        return self.low > 0 and self.high / self.low >= 10

    def draw(self, chance: random.Random) -> float:
        # A whole number stands for the half below and the half above it.
        margin = 0.5 if self.is_whole else 0.0
        low, high = self.low - margin, self.high + margin
        if self.is_log:
            return self.rounded(math.exp(chance.uniform(math.log(low), math.log(high))))
        return self.rounded(chance.uniform(low, high))

    def rounded(self, value: float) -> float:
        """The value in three digits, which name a run and are all that matters of it; never out of the range."""
        near = round(value) if self.is_whole else float(f"{value:.3g}")
        return min(max(near, self.low), self.high)


Dimension = Choices | Range
Space = dict[str, Dimension]


def read(config: RunConfig, settings: Iterable[str]) -> Space:
    """The space that texts such as `learning_rate=1e-5..1e-3` and `r=8,16,32` mean, around that configuration.

    Values with commas of their own are written as a TOML list: `target_modules=["q_proj,v_proj", "all-linear"]`.

    Raises:
        ConfigError: a text is no setting, or a value is none of its knob.
    """
    space: Space = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not equals or not text:
            raise ConfigError(f"{setting!r} has no knob and values.", "Write it as learning_rate=1e-4,3e-4.")
        if name in space or name == "name":
            raise ConfigError(f"{name} can't vary{' twice' if name in space else ''}.", "Leave it out.", field=name)
        space[name] = _dimension(config, name, text)
    if not space:
        raise ConfigError("Nothing varies.", "Name a knob and its values, such as learning_rate=1e-4,3e-4.")
    return space


def _dimension(config: RunConfig, name: str, text: str) -> Dimension:
    kind = next((knob.kind for knob in knobs() if knob.name == name), None)
    low, dots, high = text.partition("..")
    if dots and kind in (int, float):
        ends = [_value(config, name, end) for end in (low, high)]
        if not all(isinstance(end, int | float) for end in ends) or ends[0] >= ends[1]:  # type: ignore[operator]
            raise ConfigError(f"{name} can't go from {low} to {high}.", "Write the lower end first.", field=name)
        return Range(*ends)  # type: ignore[arg-type]
    return Choices(tuple(dict.fromkeys(_value(config, name, choice) for choice in _parts(name, text))))


def _parts(name: str, text: str) -> list[object]:
    if not text.startswith("["):
        return [part.strip() for part in text.split(",")]
    try:
        return tomllib.loads(f"values = {text}")["values"]
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{name} is {text!r}: not a TOML list ({error}).", 'Write it as ["a,b", "c"].') from error


def _value(config: RunConfig, name: str, typed: object) -> object:
    values = resolved({name: typed}, Path.cwd())
    return getattr(checked(config.model_dump() | values), name)


def grid(space: Mapping[str, Dimension]) -> list[Values]:
    """Every combination of the choices.

    Raises:
        ConfigError: a knob varies over a range, or they are too many.
    """
    choices: list[tuple[object, ...]] = []
    for name, dimension in space.items():
        if isinstance(dimension, Range):
            advice = f"Such as {name}={dimension.low},{dimension.high}; a range is for random or optuna."
            raise ConfigError(f"{name} is a range: a grid takes values.", advice, field=name)
        choices.append(dimension.choices)
    check_count(math.prod(map(len, choices)))
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*choices)]


def drawn(space: Mapping[str, Dimension], count: int, seed: int) -> list[Values]:
    """So many different combinations by chance, the same for the same seed.

    Raises:
        ConfigError: the space has not so many, or they are too many to run.
    """
    check_count(count)
    # A string seed goes through SHA-512, so that neighbouring seeds have nothing in common.
    chance = random.Random(f"sweep:{seed}")
    found: dict[str, Values] = {}
    for _ in range(_TRIES * count):
        values = {name: dimension.draw(chance) for name, dimension in space.items()}
        found.setdefault(json.dumps(values), values)
        if len(found) == count:
            return list(found.values())
    raise ConfigError(
        f"Only {len(found)} combinations are different.", "Draw fewer, vary more, or try them all as a grid."
    )


def check_count(count: int) -> None:
    """Refuse more runs than anybody means. Raises ConfigError."""
    if count > MOST_TRIALS:
        raise ConfigError(f"The sweep would be {count:,} runs.", f"{MOST_TRIALS} at most: vary less.")


def dumped(space: Mapping[str, Dimension]) -> str:
    """The space as JSON; `loaded` is the way back."""
    return json.dumps({name: asdict(dimension) for name, dimension in space.items()})


def loaded(text: str) -> Space:
    return {
        name: Choices(tuple(parts["choices"])) if "choices" in parts else Range(**parts)
        for name, parts in json.loads(text).items()
    }
