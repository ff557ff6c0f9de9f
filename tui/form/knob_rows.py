"""A knob as a line of a form, and what is said of it below."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..widgets.cells import Column, Row
from ..words import written

if TYPE_CHECKING:
    from ...store.knobs.knob import Knob

COLUMNS = (Column("knob", 29), Column("value", 24, flex=1), Column("what it takes", 21, flex=1, drop=1))


def heading(section: str) -> Row:
    """The line over the knobs of a section."""
    return Row(f"[{section}]", ((section, "strong"), "", ""))


def row(knob: "Knob", values: Mapping[str, object], fault: str = "") -> Row:
    """The knob with its value; dim where it has no effect beside the others, strong where it is not the default."""
    applies = knob.applies(values)
    value = written(values[knob.name])
    style = "dim" if not applies else "strong" if values[knob.name] != knob.default else ""
    note = (f"! {fault.partition(': ')[2] or fault}", "state-failed") if fault else (takes(knob, applies), "dim")
    shown = f"< {value} >" if choices(knob) else value or "-"
    return Row(knob.name, ((f"  {knob.name}", "" if applies else "dim"), (shown, style), note))


def choices(knob: "Knob") -> tuple[str, ...]:
    """What can be chosen from; empty where the value is typed."""
    return ("true", "false") if knob.kind is bool else knob.choices


def takes(knob: "Knob", applies: bool = True) -> str:
    """What the knob takes, or, where it has no effect, with which others it would."""
    if not applies:
        return f"only with {knob.where}"
    return " ".join(filter(None, (knob.range or ", ".join(knob.choices), knob.unit)))


def help_of(knob: "Knob") -> str:
    """What it does, what that costs, what it takes, and its default."""
    default = written(knob.default)
    sentences = [knob.help, knob.costs, takes(knob) and f"Takes {takes(knob)}.", default and f"Default {default}."]
    return " ".join(filter(None, sentences))
