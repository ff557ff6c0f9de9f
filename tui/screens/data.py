"""Data: every version of every data set, what earlier runs have used, and the demo parts; enter opens the rows."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...store.datasets import EVALUATION, Dataset
from ...store.errors import ConfigError
from ..data import datasets
from ..data.sources import name_of
from ..widgets.table import Table
from ..widgets.told import Told
from ..words import counted
from .data_list import COLUMNS, Entry, Group, read
from .deck import DeckScreen
from .line_ask import LineAsk
from .making import BEING_MADE, MakingScreen

_EXAMPLES = """\
 reviews.jsonl      a file or folder: JSONL, JSON, CSV, TSV, Parquet, text, zip, gz
 demo:drug-reviews  a demo part
 hub:owner/name     a data set of the hub
 data:reviews@v2    a version"""
_ABOUT = "Versions are never changed: a cure, a drop, an edit, a split or an augmentation makes the next one."
_READING = "The store is being read..."


class DataScreen(MakingScreen):
    """The list of data."""

    heading = "DATA"
    about = (
        "What runs learn from. A version is never changed: each cure, drop, edit or split makes the next one, so "
        "that a run's rows can always be found again."
    )
    WITHOUT = frozenset({"go('data')"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Rows", tooltip="Open the rows: browse, filter, mark, drop, edit."),
        Binding("o", "open_other", "Open", tooltip="Open a file, a folder, a demo part or a data set of the hub."),
        Binding("R", "report", "Report", tooltip="What is wrong with the rows: duplicates, leaks, conflicts, ..."),
        Binding("D", "diff", "Diff", tooltip="What differs between the version and its parent."),
        Binding("S", "split", "Split", tooltip="Set rows apart for evaluation: two versions, one never trained."),
        Binding("A", "augment", "Augment", tooltip="Have synthetic rows made of these, filtered and held for review."),
        Binding("i", "import_version", "Import", tooltip="Keep the rows as they are now, as the first version."),
        Binding("n,5", "new_run", "New run", key_display="n", tooltip="Set up a run with this data."),
        Binding("d", "delete", "Delete", tooltip="Put the version into the trash; runs still find its rows."),
        Binding("u", "undo", "Undo", tooltip="Take the version that was deleted last out of the trash.", show=False),
        Binding("y", "copy", "Copy", tooltip="Copy the name by which a run takes the data.", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[str, Entry] = {}
        self._deleted: list[str] = []

    def body(self) -> list[Widget]:
        return [Table(COLUMNS, empty=_READING, id="data"), Told("", id="about")]

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def on_screen_resume(self) -> None:
        self.watch_with(partial(read, import_key=self.key_of("import_version")), self._show)

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)

    def _show(self, groups: list[Group]) -> None:
        first = not self._entries
        self._entries = {entry.source: entry for group in groups for entry in group.entries}
        table = self.query_one(Table)
        table.update_rows([row for group in groups for row in group.rows])
        if first:
            table.move_to(next(iter(self._entries)))
        versions = [entry.version for entry in self._entries.values() if entry.version]
        names = len({version.name for version in versions})
        self.title_line(f"DATA   {counted(len(versions), 'version')} of {counted(names, 'data set')}")
        self._show_about()

    # the entry under the cursor

    @property
    def _chosen(self) -> Entry | None:
        return self._entries.get(self.query_one(Table).cursor_key or "")

    @on(Table.Highlighted)
    def _show_about(self) -> None:
        chosen = self._chosen
        self.query_one("#about", Told).show(chosen.what if chosen else _ABOUT)
        self.keys_changed()

    def why_not(self, action: str) -> str:
        if action == "open_other":
            return ""
        if action == "undo":
            return "" if self._deleted else "Nothing was deleted since the screen was opened."
        chosen = self._chosen
        if chosen is None:
            return "This line is a heading: go to data with j or k."
        if action in ("import_version", "split") and self.is_making:
            return BEING_MADE
        if action == "augment" and chosen.version and chosen.version.role == EVALUATION:
            return f"{chosen.version.label} was set apart for evaluation: it is never augmented."
        if action == "split" and chosen.version and chosen.version.role == EVALUATION:
            return f"{chosen.version.label} was set apart for evaluation already."
        if action == "import_version":
            return f"{name_of(chosen.source)} is a version already." if chosen.version else ""
        return self._why_not_version(action, chosen) if action in ("diff", "delete") else ""

    def _why_not_version(self, action: str, entry: Entry) -> str:
        if entry.version is None:
            return f"{name_of(entry.source)} is no version: {self.key_of('import_version')} makes the first one of it."
        if action == "diff" and entry.version.parent is None:
            return f"{entry.version.label} was not made from another version."
        return ""

    def _push(self, action: str, screen: Callable[[Entry], DeckScreen]) -> None:
        chosen = self._chosen
        if not self.refused(action) and chosen:
            self.app.push_screen(screen(chosen))

    # keys

    @on(Table.Opened)
    def action_open(self) -> None:
        from .rows import RowsScreen

        self._push("open", lambda entry: RowsScreen(entry.source))

    def action_open_other(self) -> None:
        self.app.push_screen(LineAsk("Open the rows of", _EXAMPLES, _source), self._open)

    def _open(self, source: str | None) -> None:
        from .rows import RowsScreen

        if source is not None:
            self.app.push_screen(RowsScreen(source))

    def action_report(self) -> None:
        from .data_report import ReportScreen

        self._push("report", lambda entry: ReportScreen(entry.source))

    def action_augment(self) -> None:
        from .augment import AugmentScreen

        self._push("augment", lambda entry: AugmentScreen(entry.source))

    def action_diff(self) -> None:
        from .diff import DiffScreen

        self._push("diff", lambda entry: DiffScreen(_version_of(entry).parent or "", _version_of(entry).label))

    def action_import_version(self) -> None:
        chosen = self._chosen
        if not self.refused("import_version") and chosen:
            self.make(chosen.source, {"op": "import"})

    def action_split(self) -> None:
        from .split import SplitAsk

        chosen = self._chosen
        if not self.refused("split") and chosen:
            source = chosen.source
            self.app.push_screen(
                SplitAsk(name_of(source)),
                lambda asked: self.make(source, asked) if asked else self.say("Nothing was split."),
            )

    def action_new_run(self) -> None:
        from .new_run import NewRunScreen

        chosen = self._chosen
        if chosen is None:
            super().action_new_run()
        else:
            words = f"A run with {name_of(chosen.source)}."
            self.app.push_screen(NewRunScreen.going_on(self.deck, _values(chosen), words))

    def action_delete(self) -> None:
        chosen = self._chosen
        if not self.refused("delete") and chosen:
            label = _version_of(chosen).label

            def deleted() -> None:
                self._deleted.append(label)
                self.keys_changed()

            undo = self.key_of("undo")
            self.act(lambda db: f"{datasets.delete(db, label).label} is in the trash. {undo} takes it out.", deleted)

    def action_undo(self) -> None:
        if not self.refused("undo"):
            label = self._deleted.pop()
            self.act(lambda db: f"{datasets.restore(db, label).label} is back.", then=self.keys_changed)

    def action_copy(self) -> None:
        chosen = self._chosen
        if not self.refused("copy") and chosen:
            self.copy(chosen.source, f"The name {chosen.source}")


def _version_of(entry: Entry) -> Dataset:
    assert entry.version is not None
    return entry.version


def _values(entry: Entry) -> Mapping[str, Any]:
    """Rows that were set apart for evaluation are never trained."""
    is_evaluation = entry.version is not None and entry.version.role == EVALUATION
    return {"eval_data" if is_evaluation else "data": entry.source}


def _source(typed: str) -> str:
    """What was typed, as a run would name it: a file by its whole path. Raises ConfigError where it is nothing."""
    from ...store import toml

    if not typed:
        raise ConfigError("There is nothing to open.", "Type a path, demo:drug-reviews, or hub:owner/name.")
    return str(toml.resolved({"data": str(Path(typed).expanduser())}, Path.cwd())["data"])
