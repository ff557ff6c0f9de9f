"""Report: what is wrong with the rows of a source, how long they are, and one key to make the version that is cured."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ...store.datasets import Dataset
from ..asking import Asking
from ..clean import clean, clean_line
from ..data import report_text
from ..data.reading import Reading, read, roles_written
from ..data.sources import name_of
from ..widgets.cells import Column, Row
from ..widgets.line import Line
from ..widgets.log import TextPane
from ..widgets.table import Table
from ..words import counted
from .ask import Ask
from .line_ask import LineAsk
from .making import BEING_MADE, MakingScreen
from .split import Operation, SplitAsk

_COLUMNS = (
    Column("", 9),
    Column("kind", 16),
    Column("rows", 7, align="right"),
    Column("cure", 4, drop=1),
    Column("what was found", 20, flex=1, drop=2),
)
_SEVERITIES = {
    "error": ("✗ error", "state-failed"),
    "warning": ("! warning", "state-warning"),
    "info": ("· note", "dim"),
}
_EXAMPLES = """\
 model=demo:minilm max_length=256         whose tokens, cut where
 eval_data=demo:drug-reviews-test         to look for leakage
 task=causal-lm "columns=text=my review"  what the rows are for"""
_READING = "The report is being made..."
_NOT_YET = "The report is still being made."

Finding = Mapping[str, Any]


class ReportScreen(MakingScreen):
    """The findings of the engine's verb `report`; each opens its rows."""

    heading = "REPORT"
    about = (
        "What is wrong with the rows. Leaks into the evaluation come first: they make scores look better than "
        "the model is."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Rows", tooltip="Open the rows of the finding."),
        Binding("c", "cure", "Cure", tooltip="Make a version without the rows that this finding would drop."),
        Binding("C", "cure_all", "Cure all", tooltip="Make a version without all rows that some finding would drop."),
        Binding("S", "split", "Split", tooltip="Set rows apart for evaluation, as two versions."),
        Binding("s", "settings", "Settings", tooltip="Another model, max_length, task, columns or evaluation rows."),
        Binding("r", "again", "Again", tooltip="Make the report again."),
        Binding("n,5", "new_run", "New run", key_display="n", tooltip="Set up a run on these rows, so read."),
        Binding("tab", "pane", "Pane", tooltip="Go to the figures, to scroll them, and back.", show=False),
    ]  # fmt: skip

    def __init__(
        self,
        source: str,
        task: str = "",
        model: str = "",
        max_length: int | None = None,
        eval_data: str = "",
        columns: str = "",
        *,
        known: Callable[[str], None] | None = None,
    ) -> None:
        """`known` is told where the facts of the rows lie, once there is a report of this very source."""
        super().__init__()
        self._source = self._told_of = source
        self._known = known
        self._reading = Reading(task, model, max_length, columns, eval_data)
        self._report: Mapping[str, Any] | None = None
        self._findings: dict[str, Finding] = {}
        self._doing = ""

    def body(self) -> list[Widget]:
        return [
            Line("", id="facts"),
            Horizontal(Table(_COLUMNS, id="findings"), TextPane(id="figures"), id="report-body"),
            Static("", id="finding"),
        ]

    def on_mount(self) -> None:
        self._asking = Asking(self.deck, self._fail)
        self._table.focus()
        self._ask()

    @property
    def _table(self) -> Table:
        return self.query_one("#findings", Table)

    # asking for the report

    def _ask(self) -> None:
        self._report, self._findings = None, {}
        self._asking.engine("report", [*self._reading.options(), "--", self._source], self._hear)
        self._doing = _READING
        self._table.empty = _READING
        self._show()

    def _hear(self, answer: Mapping[str, Any]) -> None:
        if "progress" in answer:
            self._doing = str(answer["progress"])
            self._show_title()
        else:
            self._report, self._doing = answer, ""
            self._findings = {str(place): finding for place, finding in enumerate(answer["findings"])}
            if self._known and self._source == self._told_of:
                self._known(str(answer["facts"]))
            self._table.empty = "Nothing is wrong with these rows, as far as the report can see."
            self._show()
            if self.query_one("#status", Line).words.endswith(_NOT_YET):
                self.say("")

    def _fail(self, sentence: str) -> None:
        self._doing = ""
        if self._report is None:
            settings, again = self.key_of("settings"), self.key_of("again")
            self._table.empty = f"There is no report: {settings} changes what it is asked with, {again} tries again."
            self._table.refresh()
        self.say(sentence, "error")
        self._show_title()

    # what is shown

    def _show(self) -> None:
        report = self._report
        self._table.update_rows([_row(key, finding) for key, finding in self._findings.items()])
        self._table.refresh()
        self.query_one("#figures", TextPane).show_text(report_text.text(report) if report else "")
        self.query_one("#facts", Line).show(_facts(report) if report else str(self._reading))
        self._show_title()
        self._show_finding()

    def _show_title(self) -> None:
        rows = counted(self._report["rows"], "row") if self._report else ""
        self.title_line("   ".join(filter(None, (f"REPORT {name_of(self._source)}", rows, clean_line(self._doing)))))
        self.keys_changed()

    @on(Table.Highlighted)
    def _show_finding(self) -> None:
        finding = self._finding
        self.query_one("#finding", Static).update(Content(clean(finding["sentence"] if finding else "")))
        self.keys_changed()

    @property
    def _finding(self) -> Finding | None:
        """The one under the cursor."""
        return self._findings.get(self._table.cursor_key or "")

    @property
    def _curable(self) -> list[Finding]:
        return [finding for finding in self._findings.values() if finding["cure"] == "drop" and finding["rows"]]

    # keys

    def why_not(self, action: str) -> str:
        if action in ("cure", "cure_all", "split") and self.is_making:
            return BEING_MADE
        if action not in ("open", "cure", "cure_all"):
            return ""
        if self._report is None:
            return _NOT_YET if self._doing else f"There is no report yet: {self.key_of('again')} makes it."
        finding = self._finding
        if finding is None:
            return "Nothing was found."
        if action == "open" and not finding["rows"]:
            return "This finding is about all rows, not about some."
        if action == "cure" and finding not in self._curable:
            return "Dropping rows does not cure this: look at them, and edit or drop some."
        return "No finding is cured by dropping rows." if action == "cure_all" and not self._curable else ""

    @on(Table.Opened)
    def action_open(self) -> None:
        finding = self._finding
        if not self.refused("open") and finding and self._report:
            from .rows import RowsScreen

            facts = self._report["facts"]
            self.app.push_screen(RowsScreen(self._source, only=finding["rows"], words=_name(finding), facts=facts))

    def action_again(self) -> None:
        self._ask()

    def action_pane(self) -> None:
        (self.query_one("#figures") if self._table.has_focus else self._table).focus()

    def action_settings(self) -> None:
        question = f"Report on {name_of(self._source)} with these settings:"
        self.app.push_screen(LineAsk(question, _EXAMPLES, read, str(self._asked)), self._read_as)

    @property
    def _asked(self) -> Reading:
        """What the report was asked with, and where that was left open what the engine has found."""
        report = self._report or {}
        given = self._reading
        columns = given.columns or roles_written(report.get("columns", {}))
        return replace(given, task=given.task or report.get("task") or "", columns=columns)

    def _read_as(self, reading: Reading | None) -> None:
        if reading is not None:
            self._reading = reading
            self.say("")
            self._ask()

    def action_new_run(self) -> None:
        from .new_run import NewRunScreen

        words = f"A run on {name_of(self._source)}: change what is to be different."
        self.app.push_screen(NewRunScreen.going_on(self.deck, {"data": self._source} | self._asked.knobs, words))

    # cures

    def action_cure(self) -> None:
        if not self.refused("cure") and self._finding:
            self._drop([self._finding])

    def action_cure_all(self) -> None:
        if self.refused("cure_all"):
            return
        findings = self._curable
        named = "\n".join(f"  {len(finding['rows']):>7,}  {_name(finding)}" for finding in findings)
        question = (
            f"Make a version of {name_of(self._source)} without {counted(len(_union(findings)), 'row')}?\n\n{named}"
        )
        self.app.push_screen(
            Ask(question), lambda yes: self._drop(findings) if yes else self.say("Nothing was dropped.")
        )

    def _drop(self, findings: list[Finding]) -> None:
        reason = ", ".join(map(_name, findings))
        self.make(self._source, {"op": "drop", "rows": _union(findings), "reason": reason}, self._show_made)

    def action_split(self) -> None:
        if not self.refused("split"):
            self.app.push_screen(SplitAsk(name_of(self._source)), self._split)

    def _split(self, operation: Operation | None) -> None:
        if operation is None:
            self.say("Nothing was split.")
            return
        asked = self._asked
        self.make(self._source, operation | {"task": asked.task, "columns": asked.columns}, self._show_made)

    def _show_made(self, made: list[Dataset]) -> None:
        """What is to be trained takes the place of what it was made from, and is held against what was set apart."""
        *apart, version = made
        self._source = version.reference
        if apart:
            self._reading = replace(self._reading, eval_data=apart[0].reference)
        self._ask()


def _name(finding: Finding) -> str:
    return str(finding["kind"]).replace("-", " ")


def _union(findings: list[Finding]) -> list[int]:
    return sorted({row for finding in findings for row in finding["rows"]})


def _row(key: str, finding: Finding) -> Row:
    mark, style = _SEVERITIES.get(finding["severity"], _SEVERITIES["info"])
    rows = f"{finding['count']:,}"
    return Row(key, ((mark, style), _name(finding), rows, finding["cure"] or "-", finding["sentence"]))


def _facts(report: Mapping[str, Any]) -> str:
    columns = ", ".join(f"{role} = {column}" for role, column in report["columns"].items())
    told = (report["task"], report["format"], columns and f"columns {columns}", name_of(report["model"] or ""))
    return "   ".join(str(part) for part in told if part)
