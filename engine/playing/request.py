"""One request of a conversation: what is asked, whom, and how freely it may be answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...store.errors import ConfigError

Which = Literal["tuned", "base"]
BOTH: tuple[Which, ...] = ("tuned", "base")
_LONGEST = 4096
# torch takes no larger seed.
_LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Request:
    """`fields` is all that was sent; at the temperature 0 the likeliest word is taken each time."""

    id: object
    fields: Mapping[str, Any]
    which: tuple[Which, ...]
    temperature: float
    top_p: float
    max_new_tokens: int
    seed: int


def read(fields: Mapping[str, Any], *, max_new_tokens: int, seed: int) -> Request:
    """The request with what it leaves open: both models, the temperature 0, the run's own length and seed.

    Raises:
        ConfigError: a value is of the wrong kind or out of its range.
    """
    which = fields.get("which", "both")
    if which not in ("both", *BOTH):
        raise ConfigError(f"which is {str(which)[:40]!r}, expected both, base or tuned.", field="which")
    return Request(
        id=fields.get("id"),
        fields=fields,
        which=BOTH if which == "both" else (which,),
        temperature=_number(fields, "temperature", 0.0, 0.0, 100.0),
        top_p=_number(fields, "top_p", 1.0, 0.001, 1.0),
        max_new_tokens=int(_number(fields, "max_new_tokens", max_new_tokens, 1, _LONGEST, whole=True)),
        seed=int(_number(fields, "seed", seed, 0, _LARGEST_SEED, whole=True)),
    )


def _number(
    fields: Mapping[str, Any], name: str, default: float, least: float, most: float, *, whole: bool = False
) -> float:
    value = fields.get(name, default)
    kinds = int if whole else int | float
    # So written NaN is refused too.
    if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
        what = "a whole number" if whole else "a number"
        raise ConfigError(f"{name} is {str(value)[:40]}, expected {what} from {least:g} to {most:g}.", field=name)
    return value
