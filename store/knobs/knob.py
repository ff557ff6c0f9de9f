"""How a knob is declared, and what a form, a command line or a table needs to know of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo


class Section(BaseModel):
    """The knobs of one section."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


def knob(
    default: Any,
    help: str,
    *,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    method: str = "",
    task: str = "",
    generator: str = "",
    costs: str = "",
) -> Any:
    """One knob; `method`, `task` and `generator` name, apart by blanks, those that it applies to (empty: all).

    `costs` is a sentence on what it does to memory and speed; empty where that is next to nothing.
    """
    extra: JsonDict = {"unit": unit, "costs": costs, "task": task, "method": method, "generator": generator}
    limits: dict[str, Any] = {"ge": minimum, "le": maximum, "gt": above}
    return Field(default, description=help, json_schema_extra=extra, **limits)


@dataclass(frozen=True)
class Knob:
    """What a form, a command line or a table needs to know of one field of a section."""

    name: str
    help: str
    costs: str
    section: str
    unit: str
    only: dict[str, tuple[str, ...]]
    choices: tuple[str, ...]
    default: Any
    required: bool
    range: str
    kind: type

    @classmethod
    def of(cls, name: str, info: FieldInfo, section: str) -> "Knob":
        """The knob that the field declares."""
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        only = {other: tuple(str(extra[other]).split()) for other in ("task", "method", "generator") if extra[other]}
        return cls(
            name=name,
            help=info.description or "",
            costs=str(extra["costs"]),
            section=section,
            unit=str(extra["unit"]),
            only=only,
            choices=tuple(choice for choice in get_args(info.annotation) if isinstance(choice, str)),
            default=None if info.is_required() else info.get_default(call_default_factory=True),
            required=info.is_required(),
            range=_range(info),
            kind=_kind(info.annotation),
        )

    def applies(self, values: Mapping[str, object]) -> bool:
        """Whether the knob has an effect beside these other values."""
        return all(values.get(other) in allowed for other, allowed in self.only.items())

    @property
    def where(self) -> str:
        """What it applies to, in words: `method lora or qlora`; empty where it always applies."""
        return ", ".join(f"{other} {' or '.join(allowed)}" for other, allowed in self.only.items())

    @property
    def expected(self) -> str:
        """What it takes, in words: `edits, mask or model`, `a whole number, 1 to 32`."""
        if self.choices:
            *others, last = self.choices
            return f"{', '.join(others)} or {last}" if others else last
        words = {int: "a whole number", float: "a number", bool: "true or false", list: "a list of texts"}
        return f"{words.get(self.kind, 'text')}{self.range and ', '}{self.range}"


def is_number(info: FieldInfo) -> bool:
    """Whether the field takes a number, or a number or nothing."""
    return _kind(info.annotation) in (int, float)


def may_be_empty(info: FieldInfo) -> bool:
    """Whether nothing is a value of the field."""
    return type(None) in get_args(info.annotation)


def _kind(annotation: Any) -> type:
    if isinstance(annotation, type):
        return annotation
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if "list" in str(annotation):
        return list
    return parts[0] if parts and isinstance(parts[0], type) else str


def _limit(info: FieldInfo, *names: str) -> float | None:
    return next((getattr(rule, n) for rule in info.metadata for n in names if hasattr(rule, n)), None)


def _range(info: FieldInfo) -> str:
    lowest, above, highest = _limit(info, "ge"), _limit(info, "gt"), _limit(info, "le")
    if highest is None:
        return ""
    return f"above {above:g}, at most {highest:g}" if above is not None else f"{lowest:g} to {highest:.12g}"
