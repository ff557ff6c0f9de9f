"""The language that picks runs from a list: `state=running task=chat best<1.2 tag:good age<2d !imdb`."""

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from .errors import ConfigError
from .overview import Overview
from .records import Run
from .tags import PINNED

_CONDITION = re.compile(r"([a-z_]+)(<=|>=|!=|=|<|>|~)(.*)", re.DOTALL)
_LONE_MARKS = re.compile(r"(?<!\S)(!+)\s+")
_TAGGED = re.compile(r"tag:(.*)", re.DOTALL)
_DURATION = re.compile(r"(\d+(?:\.\d*)?)(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
# What people call the tasks.
_TASKS = {
    "chat": "causal-lm", "classify": "sequence-classification", "extract": "token-classification",
    "answer": "question-answering", "rewrite": "seq2seq-lm",
}  # fmt: skip
_FACTS: dict[str, Callable[[Overview], object]] = {
    "id": lambda view: view.run.id,
    "name": lambda view: view.run.name,
    "state": lambda view: view.state,
    "kind": lambda view: view.run.kind,
    "sweep": lambda view: (view.run.sweep_id or "", view.sweep_name),
    "parent": lambda view: (view.run.parent_run or view.run.forked_from or "", view.parent_name),
    "tag": lambda view: view.tags,
    "cause": lambda view: view.run.cause or "",
    "number": lambda view: view.run.number,
    "place": lambda view: view.place,
    "step": lambda view: view.step,
    "loss": lambda view: view.loss,
    "eval_loss": lambda view: view.eval_loss,
    "base_eval_loss": lambda view: view.base_eval_loss,
    "best_eval_loss": lambda view: view.best_eval_loss,
    "best": lambda view: view.best and view.best.value,
    "left": lambda view: view.seconds_left,
    "age": lambda view: _ago(view.run.created_at),
    "started": lambda view: _ago(view.started_at),
    "ended": lambda view: _ago(view.ended_at),
}
_DURATIONS = ("left", "age", "started", "ended")
# Newest first is how a list comes; of a number the smallest is looked for most often, but for scores.
ORDERS = ("newest", "name", "state", "loss", "best", "step", "left", "place")


def fields() -> list[str]:
    """Every fact and every knob that can be asked of."""
    # Imports pydantic (0.1 s), which the first picture of the list must not wait for.
    from .config import RunConfig

    return list(dict.fromkeys([*_FACTS, *RunConfig.model_fields]))


@dataclass(frozen=True)
class Condition:
    """One part of a filter: a word that is to be found, or a field with what is asked of it."""

    field: str
    operator: str
    value: str
    inverse: bool = False

    def holds(self, view: Overview) -> bool:
        return self._found(view) != self.inverse

    def _found(self, view: Overview) -> bool:
        if not self.field:
            return any(self.value in text.casefold() for text in _texts(view))
        value = value_of(view, self.field)
        if self.operator == "~":
            return any(self.value in str(one).casefold() for one in _all_of(value))
        if self.operator in ("=", "!="):
            return any(_is(one, self.value) for one in _all_of(value)) == (self.operator == "=")
        return isinstance(value, int | float) and _compared(float(value), self.operator, float(self.value))


def parse(text: str) -> list[Condition]:
    """The conditions of a filter, all of which are to hold.

    A word is looked for in name, id, model, data and tags; `field=value`, `!=`, `<`, `<=`, `>`, `>=` and `~` (contains)
    ask of a fact or a knob; `tag:good` of a tag, `age<2d` of the time since it was made (`started`, `ended`); `!` in
    front of either, with or without a space, asks for the opposite.

    Raises:
        ConfigError: there is no such field, or what is compared is no number.
    """
    return [_condition(part) for part in _LONE_MARKS.sub(r"\1", text).split()]


def matching(views: Iterable[Overview], conditions: Iterable[Condition]) -> list[Overview]:
    """The runs of which all conditions hold, in their order."""
    conditions = list(conditions)
    return [view for view in views if all(condition.holds(view) for condition in conditions)]


def ordered(views: Iterable[Overview], order: str) -> list[Overview]:
    """The runs in another order than the newest first, those without a value last; pinned ones before all others.

    Raises:
        ConfigError: there is no such order.
    """
    if order not in ORDERS:
        raise ConfigError(f"There is no order {order[:40]!r}.", f"There are {', '.join(ORDERS)}.", field="sort")
    found = list(views)
    if order != "newest":
        known = [(_rank(view, order), view) for view in found]
        some = sorted(((rank, view) for rank, view in known if rank is not None), key=lambda pair: pair[0])
        found = [view for _, view in some] + [view for rank, view in known if rank is None]
    return sorted(found, key=lambda view: PINNED not in view.tags)


def value_of(view: Overview, field: str) -> object:
    """A fact of a run, several of one kind as a tuple, or the value of one of its knobs."""
    return _FACTS[field](view) if field in _FACTS else knob(view.run, field)


def knob(run: Run, field: str) -> object:
    """The value of a knob of the run."""
    value = _knob(run.config, field)
    return list(value) if isinstance(value, tuple) else value


# The rows of runs that have ended are kept from look to look, and with them their texts: a lookup costs no parsing.
@lru_cache(maxsize=1 << 16)
def _knob(config: str, field: str) -> object:
    value = json.loads(config).get(field)
    return tuple(value) if isinstance(value, list) else value


def model_name(model: str) -> str:
    """The model as people call it: without folder, owner, or the word `demo:`."""
    return model.removeprefix("demo:").rstrip("/").rpartition("/")[2] or model


def task_word(task: str) -> str:
    """The task as people call it: chat, classify, ..., or its own name."""
    return next((word for word, name in _TASKS.items() if name == task), task)


def seconds(text: str) -> float | None:
    """How long `90s`, `30m`, `8h`, `2d` or `1w` are; None for what is written otherwise."""
    spoken = _DURATION.fullmatch(text)
    return float(spoken.group(1)) * _SECONDS[spoken.group(2)] if spoken else None


def _ago(moment: float | None) -> float | None:
    return None if moment is None else time.time() - moment


def _condition(part: str) -> Condition:
    text = part.lstrip("!")
    inverse = (len(part) - len(text)) % 2 == 1
    if tagged := _TAGGED.fullmatch(text):
        return Condition("tag", "=", tagged.group(1).casefold(), inverse)
    match = _CONDITION.fullmatch(text)
    if match is None:
        return Condition("", "", text.casefold(), inverse)
    field, operator, value = match.groups()
    if field not in (known := fields()):
        near = get_close_matches(field, known, n=1)
        raise ConfigError(
            f"{part[:60]}: runs have no {field[:40]}.",
            f"Did you mean {near[0]}?" if near else "state, task, model, data, best, loss and every knob can be asked.",
            field="filter",
        )
    if field in _DURATIONS and (spoken := seconds(value)) is not None:
        value = str(spoken)
    if operator in ("<", "<=", ">", ">=") and not _is_number(value):
        kind, example = ("duration", "2d") if field in _DURATIONS else ("number", "1.2")
        raise ConfigError(
            f"{part[:60]}: {value[:40]!r} is no {kind}.", f"Write it like {field}{operator}{example}", field="filter"
        )
    wanted = value.casefold()
    return Condition(field, operator, _TASKS.get(wanted, wanted) if field == "task" else wanted, inverse)


def _texts(view: Overview) -> list[str]:
    run = view.run
    return [*view.tags, *(text.casefold() for text in (run.name, run.id)), *_searched(run.config)]


@lru_cache(maxsize=1 << 14)
def _searched(config: str) -> tuple[str, str]:
    values = json.loads(config)
    return str(values["model"]).casefold(), str(values["data"]).casefold()


def _all_of(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _is(value: object, wanted: str) -> bool:
    if isinstance(value, bool):
        return str(value).casefold() == wanted
    if isinstance(value, int | float):
        return _is_number(wanted) and float(wanted) == value
    return str(value or "").casefold() == wanted


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _compared(value: float, operator: str, bound: float) -> bool:
    return {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound}[operator]


def _rank(view: Overview, order: str) -> tuple[float, float, str] | None:
    """Numbers by size, texts by the alphabet; None where the run has no value."""
    if order == "best":
        return (*view.best.rank, "") if view.best else None
    value = value_of(view, order)
    if value is None:
        return None
    return (value, 0.0, "") if isinstance(value, int | float) else (0.0, 0.0, str(value).casefold())
