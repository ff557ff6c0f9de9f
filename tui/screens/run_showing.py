"""The keys that say which runs are listed: filter, order and groups."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from ...store import run_filter
from ...store.errors import UserError
from ...store.run_groups import GROUPINGS
from ..widgets.table import Table
from .run_list import RunList
from .run_rows import Heading

_HINT = "words, state=running, tag:good, task=chat, best<1.2, age<2d, r>8, !word"


class FilterLine(Input):
    """Where the filter is written; hidden until it is asked for."""

    def __init__(self) -> None:
        super().__init__(id="filter", compact=True, placeholder=_HINT, select_on_focus=False)
        self.cursor_blink = False
        self.display = False


class RunShowing(RunList):
    """Each takes effect at once, and can be taken back by the same key or by one layer out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "group", "Group", tooltip="In groups: by sweep, parent, model, task, or none.", show=False),
    ]

    def why_not(self, action: str) -> str:
        if action in ("filter", "sort", "group") and self.listed.views:
            return ""
        if action == "open" and isinstance(self.chosen_line, Heading):
            return ""
        return super().why_not(action)

    @property
    def filter_line(self) -> FilterLine:
        return self.query_one(FilterLine)

    def action_filter(self) -> None:
        if not self.refused("filter"):
            self.filter_line.display, self.filter_line.value = True, self.shown.text
            self.filter_line.select_all()
            self.give_keys(self.filter_line)
            self.say("Enter shows such runs, an empty line all of them; esc leaves the line.")

    @on(Input.Submitted, "#filter")
    def _filtered(self, event: Input.Submitted) -> None:
        try:
            conditions = run_filter.parse(event.value)
        except UserError as error:
            self.say(str(error), "error")
            return
        self.leave_filter()
        self.show_as(self.shown._replace(text=event.value.strip(), conditions=conditions))

    def leave_filter(self) -> None:
        self.filter_line.display = False
        self.give_keys(self.query_one(Table))
        self.say("")

    def action_sort(self) -> None:
        if not self.refused("sort"):
            orders = run_filter.ORDERS
            order = orders[(orders.index(self.shown.order) + 1) % len(orders)]
            self.show_as(self.shown._replace(order=order))
            self.say(f"The runs stand by {order}." if order != orders[0] else "The newest run is first.")

    def action_group(self) -> None:
        if not self.refused("group"):
            cycle = ("", *GROUPINGS)
            groups = cycle[(cycle.index(self.shown.groups) + 1) % len(cycle)]
            self.show_as(self.shown._replace(groups=groups, folded=frozenset()))
            self.say(f"The runs stand in groups by {groups}; enter folds one." if groups else "There are no groups.")

    def fold(self, heading: Heading) -> None:
        """Show the heading of the group alone, or the group whole again."""
        self.show_as(self.shown._replace(folded=self.shown.folded ^ {heading.group.key}))

    def step_out(self) -> bool:
        """Leave the line of the filter, else the filter; False where there is neither."""
        if self.filter_line.display:
            self.leave_filter()
        elif self.shown.conditions:
            self.show_as(self.shown._replace(text="", conditions=()))
        else:
            return False
        return True
