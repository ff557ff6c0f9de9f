"""RunConfig, the single declaration of every knob: form, command line, TOML, diff and README are drawn from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from .errors import ConfigError

SECTIONS = ("Run", "Data", "Model", "Method", "Optimisation", "Evaluation", "Checkpoints", "Hardware")


def knob(
    default: Any,
    help: str,
    *,
    section: str,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    method: str = "",
) -> Any:
    """One knob; `method` names the only method it applies to (empty: all of them)."""
    extra: JsonDict = {"section": section, "unit": unit, "method": method}
    limits: dict[str, Any] = {"ge": minimum, "le": maximum, "gt": above}
    return Field(default, description=help, json_schema_extra=extra, **limits)


class RunConfig(BaseModel):
    """Everything that decides what a run does; frozen into the run's row when it is queued."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)

    name: str = knob("", "A label for people; empty takes the model's and the data's name.", section="Run")
    task: Literal["causal-lm"] = knob("causal-lm", "What the model learns to do.", section="Run")
    seed: int = knob(
        42, "Fixes the split, the order of rows, dropout and new weights.", section="Run", minimum=0, maximum=2**32 - 1
    )

    data: str = knob(..., "Training rows: a chat JSONL file, or demo:chat.", section="Data")
    eval_data: str = knob(
        "", "Held-out rows in a file of their own; empty splits them off the training rows.", section="Data"
    )
    eval_fraction: float = knob(
        0.1,
        "Share of questions held out when there is no eval_data; 0.05 to 0.2 is usual.",
        section="Data",
        minimum=0.01,
        maximum=0.5,
    )
    drop_duplicates: bool = knob(True, "Leave out rows that say the same as an earlier one.", section="Data")
    on_bad_rows: Literal["refuse", "skip"] = knob(
        "refuse", "Refuse a file with bad rows, or skip them and list them in the events.", section="Data"
    )
    max_length: int = knob(
        512, "Longer rows are cut here; memory grows with it.", section="Data", unit="tokens", minimum=8, maximum=131072
    )

    model: str = knob(..., "Starting weights: demo:smollm2, a folder, a .gguf file, or a hub id.", section="Model")
    revision: str = knob("", "Branch, tag or commit of a hub id; empty is its main branch.", section="Model")

    method: Literal["lora", "full"] = knob(
        "lora",
        "lora trains small added matrices: little memory, a small file. full trains every weight.",
        section="Method",
    )
    r: int = knob(
        16,
        "Rank of the added matrices; 8 to 64 is usual, more learns more and costs more.",
        section="Method",
        minimum=1,
        maximum=1024,
        method="lora",
    )
    lora_alpha: int = knob(
        32,
        "Scale of the added matrices; twice the rank is usual.",
        section="Method",
        minimum=1,
        maximum=4096,
        method="lora",
    )
    lora_dropout: float = knob(
        0.05,
        "Share of adapter inputs dropped while training; 0 to 0.1 is usual.",
        section="Method",
        minimum=0.0,
        maximum=0.9,
        method="lora",
    )
    target_modules: str = knob(
        "all-linear",
        "Layers that get an adapter: all-linear, or names separated by commas.",
        section="Method",
        method="lora",
    )

    learning_rate: float = knob(
        2e-4,
        "Step size; LoRA most often 1e-4 to 5e-4, full weights 1e-5 to 5e-5.",
        section="Optimisation",
        above=0.0,
        maximum=1.0,
    )
    num_train_epochs: float = knob(
        3.0, "Passes over the training rows, when max_steps is 0.", section="Optimisation", above=0.0, maximum=1000.0
    )
    max_steps: int = knob(
        0,
        "Updates to make; 0 goes by num_train_epochs.",
        section="Optimisation",
        unit="updates",
        minimum=0,
        maximum=10_000_000,
    )
    per_device_train_batch_size: int = knob(
        8,
        "Rows at once on one device; halve it when memory runs out.",
        section="Optimisation",
        unit="rows",
        minimum=1,
        maximum=4096,
    )
    gradient_accumulation_steps: int = knob(
        1,
        "Batches added up into one update: more rows an update, no more memory.",
        section="Optimisation",
        minimum=1,
        maximum=4096,
    )
    lr_scheduler_type: Literal["linear", "cosine", "constant", "constant_with_warmup"] = knob(
        "cosine", "How the learning rate falls over the run.", section="Optimisation"
    )
    warmup_steps: int = knob(
        5,
        "Updates over which the learning rate rises from 0.",
        section="Optimisation",
        unit="updates",
        minimum=0,
        maximum=1_000_000,
    )
    weight_decay: float = knob(
        0.0, "Pull of the weights towards 0; 0 to 0.1 is usual.", section="Optimisation", minimum=0.0, maximum=1.0
    )
    max_grad_norm: float = knob(
        1.0, "Gradients longer than this are shortened to it.", section="Optimisation", above=0.0, maximum=1000.0
    )
    max_nonfinite_steps: int = knob(
        3,
        "Stop after this many updates in a row without a finite loss.",
        section="Optimisation",
        unit="updates",
        minimum=1,
        maximum=1000,
    )

    eval_steps: int = knob(
        25,
        "Updates between two evaluations on the held-out rows.",
        section="Evaluation",
        unit="updates",
        minimum=1,
        maximum=1_000_000,
    )
    per_device_eval_batch_size: int = knob(
        16,
        "Rows at once while evaluating; changes no result.",
        section="Evaluation",
        unit="rows",
        minimum=1,
        maximum=4096,
    )
    prompts: list[str] = knob(
        [],
        "Prompts answered by base and tuned model; none takes three held-out questions.",
        section="Evaluation",
    )
    max_new_tokens: int = knob(
        48, "Longest answer to a prompt.", section="Evaluation", unit="tokens", minimum=1, maximum=4096
    )

    save_steps: int = knob(
        25, "Updates between two checkpoints.", section="Checkpoints", unit="updates", minimum=1, maximum=1_000_000
    )
    save_total_limit: int = knob(
        3, "Checkpoints kept, the best one beside them; never under 2.", section="Checkpoints", minimum=2, maximum=1000
    )

    precision: Literal["auto", "fp32", "bf16"] = knob(
        "auto", "Arithmetic of the training; auto measures whether bf16 is faster here.", section="Hardware"
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = knob(
        "auto", "Where to train; auto takes a GPU where there is one.", section="Hardware"
    )

    @model_validator(mode="before")
    @classmethod
    def _no_booleans_for_numbers(cls, values: Any) -> Any:
        # pydantic reads true as 1, which nobody means by `r = true`.
        numbers = (name for name, info in cls.model_fields.items() if info.annotation in (int, float))
        for name in numbers if isinstance(values, dict) else ():
            if isinstance(values.get(name), bool):
                message = f"{name} is {str(values[name]).lower()}: expected a number"
                raise PydanticCustomError("needed", "{message}", {"field": name, "message": message})
        return values

    @model_validator(mode="after")
    def _needed(self) -> Self:
        for field in ("data", "model"):
            if not getattr(self, field):
                raise PydanticCustomError("needed", "{field} is empty: name one", {"field": field})
        if any(not prompt.strip() for prompt in self.prompts):
            raise PydanticCustomError("needed", "{field} holds an empty prompt", {"field": "prompts"})
        return self


@dataclass(frozen=True)
class Knob:
    """What a form, a command line or a table needs to know of one field of RunConfig."""

    name: str
    help: str
    section: str
    unit: str
    method: str
    choices: tuple[str, ...]
    default: Any
    required: bool
    range: str
    kind: type

    def applies(self, values: Mapping[str, object]) -> bool:
        """Whether the knob has an effect beside these other values."""
        return not self.method or values.get("method") == self.method


def _limit(info: FieldInfo, *names: str) -> float | None:
    return next((getattr(rule, n) for rule in info.metadata for n in names if hasattr(rule, n)), None)


def _range(info: FieldInfo) -> str:
    lowest, above, highest = _limit(info, "ge"), _limit(info, "gt"), _limit(info, "le")
    if highest is None:
        return ""
    return f"above {above:g}, at most {highest:g}" if above is not None else f"{lowest:g} to {highest:.12g}"


def _knob(name: str, info: FieldInfo) -> Knob:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    choices = tuple(str(choice) for choice in get_args(info.annotation) if isinstance(choice, str))
    kind = info.annotation if isinstance(info.annotation, type) else list if "list" in str(info.annotation) else str
    return Knob(
        name=name,
        help=info.description or "",
        section=str(extra["section"]),
        unit=str(extra["unit"]),
        method=str(extra["method"]),
        choices=choices,
        default=None if info.is_required() else info.default,
        required=info.is_required(),
        range=_range(info),
        kind=kind,
    )


def knobs() -> tuple[Knob, ...]:
    """Every knob, in the order of the sections."""
    found = [_knob(name, info) for name, info in RunConfig.model_fields.items()]
    return tuple(sorted(found, key=lambda knob: SECTIONS.index(knob.section)))


def _expected(field: str) -> str:
    knob = _knob(field, RunConfig.model_fields[field])
    if knob.choices:
        *others, last = knob.choices
        return f"{', '.join(others)} or {last}" if others else last
    words = {int: "a whole number", float: "a number", bool: "true or false", list: "a list of texts"}
    return f"{words.get(knob.kind, 'text')}{knob.range and ', '}{knob.range}"


def _sentence(error: ErrorDetails) -> tuple[str, str]:
    field = str((error.get("ctx") or {}).get("field") or error["loc"][0])
    if error["type"] == "extra_forbidden":
        return field, f"{field} is not a knob"
    if error["type"] == "missing":
        return field, f"{field} is missing"
    if error["type"] == "needed":
        return field, error["msg"]
    return field, f"{field} is {str(error['input'])[:80] or 'empty'}: expected {_expected(field)}"


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
