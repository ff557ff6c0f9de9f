"""RunConfig, the single declaration of every knob: form, command line, TOML, diff and README are drawn from it."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from .errors import ConfigError
from .knobs.data import DataKnobs
from .knobs.evaluation import EvaluationKnobs
from .knobs.knob import Knob, Section, is_number, may_be_empty
from .knobs.machine import CheckpointKnobs, HardwareKnobs
from .knobs.method import MethodKnobs
from .knobs.model import ModelKnobs
from .knobs.optimisation import OptimisationKnobs
from .knobs.regularisation import RegularisationKnobs
from .knobs.run import RunKnobs

_SECTIONS: dict[str, type[Section]] = {
    "Run": RunKnobs,
    "Data": DataKnobs,
    "Model": ModelKnobs,
    "Method": MethodKnobs,
    "Optimisation": OptimisationKnobs,
    "Regularisation": RegularisationKnobs,
    "Evaluation": EvaluationKnobs,
    "Checkpoints": CheckpointKnobs,
    "Hardware": HardwareKnobs,
}
SECTIONS = tuple(_SECTIONS)


class RunConfig(
    HardwareKnobs,
    CheckpointKnobs,
    EvaluationKnobs,
    RegularisationKnobs,
    OptimisationKnobs,
    MethodKnobs,
    ModelKnobs,
    DataKnobs,
    RunKnobs,
):
    """Everything that decides what a run does; frozen into the run's row when it is queued."""

    @model_validator(mode="before")
    @classmethod
    def _as_typed(cls, values: Any) -> Any:
        """Nothing typed is None where that has a meaning; a boolean is no number."""
        if not isinstance(values, dict):
            return values
        read = dict(values)
        for name, info in cls.model_fields.items():
            value = read.get(name)
            # pydantic reads true as 1, which nobody means by `r = true`.
            if isinstance(value, bool) and is_number(info):
                message = f"{name} is {str(value).lower()}: expected a number"
                raise PydanticCustomError("needed", "{message}", {"field": name, "message": message})
            if value == "" and may_be_empty(info):
                read[name] = None
        return read

    @model_validator(mode="after")
    def _needed(self) -> Self:
        for field in ("data", "model"):
            if not getattr(self, field):
                raise PydanticCustomError("needed", "{field} is empty: name one", {"field": field})
        if any(not prompt.strip() for prompt in self.prompts):
            raise PydanticCustomError("needed", "{field} holds an empty prompt", {"field": "prompts"})
        return self


def knobs() -> tuple[Knob, ...]:
    """Every knob, in the order of the sections."""
    return tuple(
        Knob.of(name, info, title)
        for title, section in _SECTIONS.items()
        for name, info in section.model_fields.items()
    )


def applied(config: RunConfig) -> RunConfig:
    """The configuration with every knob that has no effect beside the others at its default."""
    values = config.model_dump()
    idle = {knob.name: knob.default for knob in knobs() if not knob.applies(values)}
    return config.model_copy(update=idle)


def _sentence(error: ErrorDetails) -> tuple[str, str]:
    field = str((error.get("ctx") or {}).get("field") or error["loc"][0])
    if error["type"] == "extra_forbidden":
        return field, f"{field} is not a knob"
    if error["type"] == "missing":
        return field, f"{field} is missing"
    if error["type"] == "needed":
        return field, error["msg"]
    expected = Knob.of(field, RunConfig.model_fields[field], "").expected
    return field, f"{field} is {str(error['input'])[:80] or 'empty'}: expected {expected}"


def problems(values: Mapping[str, object]) -> dict[str, str]:
    """The fault of each bad field, as a sentence by field name; empty when the values are good."""
    try:
        RunConfig.model_validate(dict(values))
    except ValidationError as error:
        return dict(_sentence(details) for details in error.errors())
    return {}


def _closest(field: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(field, RunConfig.model_fields, n=1)
    return f"Did you mean {close[0]}?" if close else "`tunedeck knobs` lists them all."


def checked(values: Mapping[str, object], *, where: Callable[[str], str] = lambda field: "") -> RunConfig:
    """The configuration that the values make.

    Raises:
        ConfigError: naming where the first bad field stands (a file, say), the field and the reason.
    """
    found = problems(values)
    if not found:
        return RunConfig.model_validate(dict(values))
    field, sentence = next(iter(found.items()))
    more = f" ({len(found) - 1} more: {', '.join(list(found)[1:])})" if len(found) > 1 else ""
    next_step = _closest(field) if sentence.endswith("is not a knob") else _advice(field)
    place = where(field)
    raise ConfigError(f"{place}: {sentence}{more}." if place else f"{sentence}{more}.", next_step, field=field)


def _advice(field: str) -> str:
    info = RunConfig.model_fields.get(field.split(".")[0])
    return info.description or "" if info else ""
