"""Lineage: which runs came from which base model, as a tree; from every node a run can be set up."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...store.datasets import Dataset
from ...store.exports import Export
from ...store.kinship import Base, Kin, KinshipReader, Node
from ...store.lazy import LazySequence
from ...store.records import Run, Sweep
from ..kinship import telling
from ..kinship.lines import Line, lines
from ..widgets.cells import Cell, Column, Row
from ..widgets.table import Table
from ..widgets.told import Told
from ..words import counted
from .run_keys import RunKeys, why_not

_COLUMNS = (
    Column("lineage", 28, flex=3),
    Column("how it began", 20, flex=1),
    Column("data", 24, flex=1, drop=1),
    Column("best", 20),
)
_READING = "The store is being read..."
_FOLDING = ("fold", "fold_here", "fold_all")


class LineRows(LazySequence[Row]):
    """The lines as rows of the table, made when they come in sight."""

    def __init__(self, found: Sequence[Line]) -> None:
        self._lines = found
        self._places = {line.node.key: place for place, line in enumerate(found)}

    def __len__(self) -> int:
        return len(self._lines)

    def at(self, place: int) -> Row:
        line = self._lines[place]
        look = _look(line.node)
        best = telling.best(telling.best_of(line.node))
        told = telling.title(line), telling.began(line.node), telling.trained_on(line.node), best
        return Row(line.node.key, tuple[Cell, ...]((text, look) if look else text for text in told))

    def index_of(self, key: str) -> int | None:
        return self._places.get(key)

    def line_of(self, key: str | None) -> Line | None:
        place = self._places.get(key or "")
        return None if place is None else self._lines[place]


def _look(node: Node) -> str:
    if isinstance(node.subject, Base):
        return "strong"
    is_faint = isinstance(node.subject, Export | Dataset) or _in_trash(node)
    return "dim" if is_faint else ""


def _in_trash(node: Node) -> bool:
    return isinstance(node.subject, Kin) and node.subject.run.deleted_at is not None


@dataclass(frozen=True)
class Shown:
    """What the watch's thread has made of the trees."""

    roots: list[Node]
    folded: frozenset[str]
    rows: LineRows


class LineageScreen(RunKeys):
    """Sweeps begin folded: their runs differ in a few knobs only."""

    heading = "LINEAGE"
    about = (
        "Which runs came from which: a double line takes weights along, a dotted one only the settings. A run that was "
        "resumed is still the same run."
    )
    WITHOUT = frozenset({"go('lineage')"})
    DEFAULT_CSS = """
    #lineage { padding: 0 0 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="Open the run or the data; of a model, set up a run from it."),
        Binding("z", "fold", "Fold", tooltip="Hide what came from this line, and show it again."),
        Binding("h,left", "fold_here(True)", "Fold or go up", tooltip="Hide what came from it, or go up.", show=False),
        Binding("l,right", "fold_here(False)", "Unfold", tooltip="Show what came from this line.", show=False),
        Binding("Z", "fold_all", "Fold all", tooltip="Hide all but the models, and show everything again.", show=False),
        Binding("n,5", "new_run", "New run", key_display="n", tooltip="Set up a run; on a model's line from that."),
        Binding("y", "copy", "Copy", tooltip="Copy the run's id, the model's name, or the folder.", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._reader = KinshipReader()
        self._shown: Shown | None = None
        # Folded, where it would be unfolded, or the other way round.
        self._turned: frozenset[str] = frozenset()

    def body(self) -> list[Widget]:
        return [Table(_COLUMNS, empty=_READING, id="lineage"), Told("", id="about")]

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def on_screen_resume(self) -> None:
        self.watch_with(self._read, self._show)

    def on_screen_suspend(self) -> None:
        self.deck.watch_store.unsubscribe(self)

    # what is shown

    def _read(self, db: sqlite3.Connection) -> Shown:
        """In the watch's thread."""
        roots, before, turned = self._reader.read(db), self._shown, self._turned
        if before and before.roots is roots and before.folded == turned:
            return before
        return Shown(roots, turned, LineRows(lines(roots, _Folded(turned))))

    def _show(self, shown: Shown) -> None:
        if shown is self._shown:
            return
        self._shown = shown
        table = self.query_one(Table)
        table.empty = self._none_yet
        table.update_rows(shown.rows)
        runs = sum(root.count for root in shown.roots)
        models = counted(sum(isinstance(root.subject, Base) for root in shown.roots), "model")
        self.title_line(f"LINEAGE   {counted(runs, 'run')} from {models}")
        self._show_about()

    @on(Table.Highlighted)
    def _show_about(self) -> None:
        line = self._line
        self.query_one("#about", Told).show(telling.sentence(line.node) if line else "")
        self.keys_changed()

    # the line under the cursor

    @property
    def _line(self) -> Line | None:
        return self._shown.rows.line_of(self.query_one(Table).cursor_key) if self._shown else None

    @property
    def _none_yet(self) -> str:
        return f"No runs yet: {self.key_of('new_run')} sets one up, and what comes of it grows here."

    @property
    def chosen_run(self) -> Run | None:
        line = self._line
        return line.node.subject.run if line and isinstance(line.node.subject, Kin) else None

    def why_not(self, action: str) -> str:
        line = self._line
        if line is None:
            return self._none_yet if self._shown else _READING
        if action.startswith(_FOLDING):
            has_no_use = action == "fold" and not line.node.children
            return "Nothing came from it that could be folded." if has_no_use else ""
        if action == "open":
            return _why_not_open(line.node, self.key_of("copy"))
        if action == "copy":
            return ""
        if not isinstance(line.node.subject, Kin):
            return "This line is no run: go to one with j or k."
        return _why_not_trashed(line.node) or why_not(action, line.node.subject.run)

    # keys

    @on(Table.Opened)
    def action_open(self) -> None:
        line = self._line
        if self.refused("open") or line is None:
            return
        match line.node.subject:
            case Base():
                self.action_new_run()
            case Sweep():
                self.action_fold()
            case Kin(run):
                from .run import RunScreen

                self.app.push_screen(RunScreen(run.id))
            case Dataset() as dataset:
                from .rows import RowsScreen

                self.app.push_screen(RowsScreen(dataset.reference))
            case _:
                pass  # refused above

    def action_new_run(self) -> None:
        from .new_run import NewRunScreen

        line = self._line
        if line and isinstance(line.node.subject, Base):
            model = line.node.subject.model
            self.app.push_screen(NewRunScreen.going_on(self.deck, {"model": model}, f"A run from {model}."))
        else:
            super().action_new_run()

    def action_copy(self) -> None:
        line = self._line
        if not self.refused("copy") and line:
            text = _name(line.node)
            self.copy(text, text)

    # folding

    def action_fold(self) -> None:
        line = self._line
        if not self.refused("fold") and line:
            self._turn(self._turned ^ {line.node.key})

    def action_fold_here(self, folded: bool) -> None:
        line = self._line
        if self.refused("fold_here") or line is None:
            return
        if line.node.children and line.is_folded is not folded:
            self._turn(self._turned ^ {line.node.key})
        elif folded and line.above:
            self.query_one(Table).move_to(line.above)

    def action_fold_all(self) -> None:
        if self.refused("fold_all") or self._shown is None:
            return
        roots = frozenset(root.key for root in self._shown.roots)
        self._turn(frozenset() if roots <= self._turned else self._turned | roots)

    def _turn(self, turned: frozenset[str]) -> None:
        self._turned = turned
        self.watch_with(self._read, self._show)


@dataclass(frozen=True)
class _Folded:
    """The keys of folded lines: of sweeps those that were not turned, of all others those that were."""

    turned: frozenset[str]

    def __contains__(self, key: object) -> bool:
        return (key in self.turned) is not str(key).startswith("sweep:")


def _why_not_trashed(node: Node) -> str:
    if _in_trash(node) and isinstance(node.subject, Kin):
        run = node.subject.run
        return f"{run.name} is in the trash: tunedeck restore {run.id} takes it out."
    return ""


def _why_not_open(node: Node, copy_key: str) -> str:
    if isinstance(node.subject, Export):
        return f"An export is a folder outside of tunedeck: {copy_key} copies its name."
    if isinstance(node.subject, Kin | Base | Sweep | Dataset):
        return _why_not_trashed(node)
    return "That run was deleted for good."


def _name(node: Node) -> str:
    """What a person would paste somewhere."""
    match node.subject:
        case Base(model):
            return model
        case Kin(run):
            return run.id
        case Sweep() as sweep:
            return sweep.id
        case Export() as export:
            return export.folder
        case Dataset() as dataset:
            return dataset.reference
        case gone:
            return gone.run_id
