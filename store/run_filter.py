"""The language that picks runs from a list: `state=running task=chat best<1.2 !imdb`."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from .errors import ConfigError
from .overview import Overview

_CONDITION = re.compile(r"([a-z_]+)(<=|>=|!=|=|<|>|~)(.*)", re.DOTALL)
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
    "sweep": lambda view: view.run.sweep_id or "",
    "parent": lambda view: view.run.parent_run or "",
    "cause": lambda view: view.run.cause or "",
    "number": lambda view: view.run.number,
    "step": lambda view: view.step,
    "loss": lambda view: view.loss,
    "eval": lambda view: view.eval_loss,
    "base": lambda view: view.base_eval_loss,
    "best": lambda view: view.best_eval_loss,
    "left": lambda view: view.seconds_left,
}
# Newest first is how a list comes; of a number the smallest is looked for most often.
ORDERS = ("newest", "name", "state", "loss", "best", "step", "left")


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
            return self.value in str(value).casefold()
        if self.operator in ("=", "!="):
            return _is(value, self.value) == (self.operator == "=")
        return isinstance(value, int | float) and _compared(float(value), self.operator, float(self.value))


def parse(text: str) -> list[Condition]:
    """The conditions of a filter, all of which are to hold.

    A word is looked for in name, id, model and data; `field=value`, `!=`, `<`, `<=`, `>`, `>=` and `~` (contains) ask
    of a fact or a knob; `!` in front of either asks for the opposite.

    Raises:
        ConfigError: there is no such field, or what is compared is no number.
    """
    return [_condition(part) for part in text.split()]


def matching(views: Iterable[Overview], conditions: Iterable[Condition]) -> list[Overview]:
    """The runs of which all conditions hold, in their order."""
    conditions = list(conditions)
    return [view for view in views if all(condition.holds(view) for condition in conditions)]


def ordered(views: Iterable[Overview], order: str) -> list[Overview]:
    """The runs in another order than the newest first; those without a value come last.

    Raises:
        ConfigError: there is no such order.
    """
    if order not in ORDERS:
        raise ConfigError(f"There is no order {order[:40]!r}.", f"There are {', '.join(ORDERS)}.", field="sort")
    if order == "newest":
        return list(views)
    known = [(value_of(view, order), view) for view in views]
    some = sorted((pair for pair in known if pair[0] is not None), key=lambda pair: _rank(pair[0]))
    return [view for _, view in some] + [view for value, view in known if value is None]


def value_of(view: Overview, field: str) -> object:
    """A fact of a run, or the value of one of its knobs."""
    return _FACTS[field](view) if field in _FACTS else json.loads(view.run.config).get(field)


def _condition(part: str) -> Condition:
    inverse, text = part.startswith("!"), part.removeprefix("!")
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
    if operator in ("<", "<=", ">", ">=") and not _is_number(value):
        raise ConfigError(
            f"{part[:60]}: {value[:40]!r} is no number.", f"Write it like {field}{operator}1.2", field="filter"
        )
    wanted = value.casefold()
    return Condition(field, operator, _TASKS.get(wanted, wanted) if field == "task" else wanted, inverse)


def _texts(view: Overview) -> list[str]:
    config = json.loads(view.run.config)
    return [text.casefold() for text in (view.run.name, view.run.id, str(config["model"]), str(config["data"]))]


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


def _rank(value: object) -> tuple[float, str]:
    """Numbers by size, texts by the alphabet; the values of one order are of one kind."""
    return (value, "") if isinstance(value, int | float) else (0.0, str(value).casefold())
