"""What can be done by a key to the rows that are shown: new versions without some or with one changed, and looks."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from ...store.datasets import Dataset
from ...store.errors import UserError
from ..asking import Asking
from ..data import sources
from ..editor import edited
from ..rows.rows_file import DataRow, RowsFile
from ..words import counted
from .ask import Ask
from .making import BEING_MADE, MakingScreen
from .rows_opened import OpenedRows

if TYPE_CHECKING:
    import numpy as np


class RowKeys(OpenedRows, MakingScreen):
    """Rows are never changed where they are: a drop or an edit makes the next version, and that is shown then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "drop", "Drop", tooltip="A new version without the marked rows, or without this one; asks first."),
        Binding("e", "edit", "Edit", tooltip="Change the row in your $EDITOR, as JSON: a new version."),
        Binding("M", "mask", "Mask", tooltip="The row as the tokens that the model sees, and which are trained."),
        Binding("R", "report", "Report", tooltip="What is wrong with the rows: duplicates, leaks, conflicts, ..."),
        Binding("n,5", "new_run", "New run", key_display="n", tooltip="Set up a run with this data.", show=False),
        Binding("y", "copy", "Copy", tooltip="Copy the row, as JSON.", show=False),
    ]  # fmt: skip

    def on_mount(self) -> None:
        # Textual calls that of the class above by itself.
        self._looking = Asking(self.deck, self._fail)
        # What was typed and is no JSON, by the row's line: it is there again when the row is edited next.
        self._drafts: dict[int, str] = {}

    def why_not(self, action: str) -> str:
        if action in ("drop", "edit") and self.is_making:
            return BEING_MADE
        return ""

    def _with_row(self, then: Callable[[DataRow], None]) -> None:
        """Read the row under the cursor in a thread, and do this with it."""
        rows, index = self._rows, self.chosen
        if rows is not None and index is not None:
            self._looking.of((row for row in rows.file.take([index])), then)

    # new versions

    def action_drop(self) -> None:
        if self.refused("drop") or self.chosen is None:
            return
        marked = self.marked
        what = f"the {counted(len(marked), 'marked row')}" if len(marked) else "this row"
        question = f"Drop {what}? The others become a new version; {sources.name_of(self.source)} stays as it is."
        operation = {"op": "drop", "rows": marked if len(marked) else [self.chosen], "reason": "by hand"}
        self.app.push_screen(
            Ask(question), lambda yes: self._derive(operation) if yes else self.say("Nothing was dropped.")
        )

    def action_edit(self) -> None:
        if not self.refused("edit"):
            self._with_row(self._edit)

    def _edit(self, row: DataRow) -> None:
        text = self._drafts.pop(row.line, None) or _indented(row.row)
        try:
            text = edited(self.app, text, "row.json", instead="tunedeck data edit changes a row.")
            changed = _compact(text)
        except UserError as error:
            self._drafts[row.line] = text
            self.say(str(error), "error")
        except _NotJson as error:
            self._drafts[row.line] = text
            again = f"{self.key_of('edit')} opens what you typed again."
            self.say(f"Line {row.line} would be no JSON ({error}). {again}", "error")
        else:
            if changed == row.row:
                self.say(f"Line {row.line} was left as it is.")
            else:
                self._derive({"op": "edit", "edits": {str(row.place): changed}}, keep_marks=True)

    def _derive(self, operation: Mapping[str, Any], *, keep_marks: bool = False) -> None:
        self.make(self.source, operation, partial(self._show_made, keep_marks=keep_marks))

    def _show_made(self, made: list[Dataset], *, keep_marks: bool) -> None:
        if not keep_marks:
            # Without the dropped rows the others have other places than the finding named.
            self._order, self._words = replace(self._order, only=None), ""
        self.open_source(made[-1].reference, keep_marks=keep_marks)

    # looks

    def action_mask(self) -> None:
        rows, index = self._rows, self.chosen
        if not self.refused("mask") and rows is not None and index is not None:
            # What is marked, or else what the filter left; where it left all, every row from here on.
            places = self.marked
            if not len(places) and self._window and self.is_narrowed:
                places = self._window.order
            self._looking.of(_lines(rows.file, index, places), lambda lines: self._open_mask(*lines))

    def _open_mask(self, line: int, lines: list[int]) -> None:
        from .mask import MaskScreen

        task = self.tasks[0] if self.tasks else ""
        self.app.push_screen(MaskScreen(self.source, line, task=task, lines=lines or None))

    def action_report(self) -> None:
        from .data_report import ReportScreen

        if not self.refused("report"):
            self.app.push_screen(ReportScreen(self.source, known=self.know))

    def action_new_run(self) -> None:
        from .new_run import NewRunScreen

        values = {"data": self.source} | ({"task": self.tasks[0]} if self.tasks else {})
        self.app.push_screen(NewRunScreen.going_on(self.deck, values, "A run with this data."))

    def action_copy(self) -> None:
        if not self.refused("copy"):
            self._with_row(lambda row: self.copy(row.row or row.fault, f"The row of line {row.line}"))


def _lines(file: RowsFile, index: int, places: "np.ndarray") -> Iterator[tuple[int, list[int]]]:
    """In a thread: the line to begin with, that of the row at `index` if it is one of these places, and their lines."""
    lines = file.column("line").to_numpy()
    first = index if not len(places) or index in places else places[0]
    yield int(lines[first]), lines[places].tolist()


class _NotJson(Exception):
    """Why a text is no JSON, and where."""


def _indented(row: str) -> str:
    """The row as one edits it; a bad one starts empty."""
    return json.dumps(json.loads(row), ensure_ascii=False, indent=2) + "\n" if row else ""


def _compact(text: str) -> str:
    """The text as a rows file has it. Raises _NotJson."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise _NotJson(str(error)) from error
