"""Marking runs, and what is done to all that are marked: comparing them, tagging them, pinning them."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from ...store import tags
from ...store.errors import ConfigError
from ...store.overview import Overview
from ...store.tags import PINNED, Change
from .. import tagging
from ..comparing.bounds import FEWEST, MOST
from ..widgets.table import Table
from .run_list import RunList

_EXAMPLES = "Words, separated by blanks: good paper-2 puts two on, -good takes one off."
_TAG = "Put words on the run, or on the marked ones, and take them off: tag:good in a filter finds them."
_ALL = "Mark all runs that are listed; once more: take their marks away."
_PIN = "Keep the run, or the marked ones, at the head of the list; once more: no longer."


class RunMarks(RunList):
    """Without a mark the run under the cursor is meant."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("number_sign", "tag", "Tag", key_display="#", tooltip=_TAG, show=False),
        Binding("p", "pin", "Pin", tooltip=_PIN, show=False),
        Binding("asterisk", "mark_all", "Mark all", key_display="*", tooltip=_ALL, show=False),
    ]

    def why_not(self, action: str) -> str:
        if action == "compare" and not FEWEST <= len(self.marked) <= MOST:
            return f"Mark {FEWEST} to {MOST} runs with {self.key_of('mark')} first."
        if action == "compare" or (action in ("tag", "pin") and self.marked):
            return ""
        if action == "mark_all" and self.listed.lines:
            return ""
        return super().why_not(action)

    def action_mark(self) -> None:
        """In the order of the marks runs are compared: the first is the baseline."""
        if self.refused("mark") or not self.chosen:
            return
        run = self.chosen.run
        if run.id in self.marked:
            self.marked.remove(run.id)
        else:
            self.marked.append(run.id)
        self.show_rows()
        self.query_one(Table).action_move(1)
        self._tell_marked()

    def action_mark_all(self) -> None:
        """Those that a filter leaves out, and those in folded groups, keep the mark that they have, or have not."""
        if self.refused("mark_all"):
            return
        shown = [line.run.id for line in self.listed.lines if isinstance(line, Overview)]
        known = frozenset(self.marked)
        new = [run_id for run_id in shown if run_id not in known]
        taken = frozenset(() if new else shown)
        self.marked = [run_id for run_id in [*self.marked, *new] if run_id not in taken]
        self.show_rows()
        self._tell_marked()

    def _tell_marked(self) -> None:
        self.keys_changed()
        count, compare = len(self.marked), self.key_of("compare")
        if not count:
            self.say("No run is marked.")
        elif count < FEWEST:
            self.say(f"{count} marked; with another one {compare} compares them, this one the baseline.")
        elif count <= MOST:
            self.say(f"{count} marked; {compare} compares them, the first is the baseline.")
        else:
            tag, delete = self.key_of("tag"), self.key_of("delete")
            self.say(
                f"{count} marked, of which at most {MOST} can be compared; {tag} tags and {delete} deletes them all."
            )

    def action_compare(self) -> None:
        from .compare import CompareScreen

        if not self.refused("compare"):
            self.app.push_screen(CompareScreen(self.marked))

    def action_tag(self) -> None:
        from .line_ask import LineAsk

        if self.refused("tag"):
            return
        meant = self.meant
        carried = sorted({tag for view in meant for tag in view.tags})
        question = f"{tagging.named([view.run for view in meant])}: {' '.join(carried) or 'no tag yet'}."
        ask = LineAsk(question, _EXAMPLES, _read)
        self.app.push_screen(ask, lambda wanted: self._tag(meant, wanted) if wanted else None)

    def action_pin(self) -> None:
        if not self.refused("pin"):
            meant = self.meant
            pinned = all(PINNED in view.tags for view in meant)
            self._tag(meant, Change(off=(PINNED,)) if pinned else Change(on=(PINNED,)))

    def _tag(self, meant: list[Overview], wanted: Change) -> None:
        self.change(partial(tagging.change, runs=[view.run for view in meant], wanted=wanted))


def _read(line: str) -> Change:
    if not line:
        raise ConfigError("No tag was written.", _EXAMPLES, field="tag")
    return tags.read(line.split())
