"""Values from outside, taken into a dataclass where they are of the types that its fields say."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from .errors import ConfigError

SHOWN_CHARACTERS = 80
Kind = TypeVar("Kind")


def made_of(kind: type[Kind], values: Mapping[str, object], what: str) -> Kind:
    """An object of the dataclass; `what` is how the values are called in an error.

    Raises:
        ConfigError: there is no such field, one is missing, or a value is of another type.
    """
    assert is_dataclass(kind)
    names = [field.name for field in fields(kind)]
    for name in values.keys() - {*names}:
        raise ConfigError(
            f"{what} can't be read: {name[:SHOWN_CHARACTERS]}: there is no such field.", f"There is {', '.join(names)}."
        )
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))[:SHOWN_CHARACTERS]
        raise ConfigError(f"{what} can't be read: {place}: {fault['msg']}.") from error
