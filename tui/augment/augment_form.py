"""The form of an augmentation: the knobs that make synthetic rows, and those of a run that say what the rows are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...store import augment, config
from ...store.config import RunConfig
from ...store.errors import ConfigError
from ...store.knobs.knob import Knob

if TYPE_CHECKING:
    from ...store.augment import AugmentKnobs

# Of the run that the rows are for; the model only matters for the proof.
_OF_RUN = ("data", "eval_data", "task", "columns", "model", "on_bad_rows", "device")
# From this knob on they say which rows are kept.
_FIRST_FILTER = "length_min"
_DEFAULT_MODEL = "demo:minilm"
SECTIONS = ("Rows", "Generator", "Filters")


def knobs() -> tuple[Knob, ...]:
    """Every knob in the order of the sections."""
    of_run = {knob.name: replace(knob, section="Rows", only={}) for knob in config.knobs() if knob.name in _OF_RUN}
    of_rows = augment.knobs()
    first = next(place for place, knob in enumerate(of_rows) if knob.name == _FIRST_FILTER)
    return (
        *(of_run[name] for name in _OF_RUN),
        *(replace(knob, section="Generator") for knob in of_rows[:first]),
        *(replace(knob, section="Filters") for knob in of_rows[first:]),
    )


def start(source: str, *, eval_data: str = "", task: str = "", columns: str = "") -> dict[str, object]:
    """What the form begins with, for these rows."""
    known = {"data": source, "eval_data": eval_data, "task": task, "columns": columns, "model": _DEFAULT_MODEL}
    return {name: value for name, value in known.items() if value}


def parted(values: Mapping[str, object]) -> tuple[RunConfig, "AugmentKnobs"]:
    """The run that the rows are for, and the knobs of their making.

    Raises:
        ConfigError: naming the first bad one.
    """
    of_run, others = _parted(values)
    return config.checked(of_run), augment.checked(others)


def problems(values: Mapping[str, object]) -> dict[str, str]:
    """The fault of each bad field that is found, as a sentence by field name."""
    of_run, others = _parted(values)
    found = config.problems(of_run)
    try:
        augment.checked(others)
    except ConfigError as error:
        found[error.field] = error.what
    return found


def _parted(values: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Any]]:
    of_run = {name: value for name, value in values.items() if name in _OF_RUN}
    return of_run, {name: value for name, value in values.items() if name not in of_run}
