"""The rows of the list of runs, made when they come into sight: ten thousand of them cost what a screenful does."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ...store.lazy import LazySequence
from ...store.overview import Overview
from ...store.run_filter import model_name, task_word
from ...store.run_groups import Group
from ...store.tags import PINNED
from ..charts.sparkline import sparkline
from ..widgets.cells import Column, Row
from ..words import ASCII_MARKS, STATE_MARKS, bar, best_figure, counted, duration, figure, share

COLUMNS = (
    Column("", 1),
    Column("state", 13),
    Column("name", 14, flex=1),
    Column("model", 12, drop=4),
    Column("task", 8, drop=7),
    Column("method", 6, drop=6),
    Column("progress", 13),
    Column("loss", 7, align="right", drop=2),
    Column("eval", 8, drop=5),
    Column("best eval", 12, align="right"),
    Column("left", 6, align="right", drop=1),
)
WITH_TAGS = (*COLUMNS, Column("tags", 12, drop=3))
_STYLES = {
    "queued": "state-waiting", "running": "state-running", "completed": "state-done", "stopped": "state-warning",
    "interrupted": "state-warning", "failed": "state-failed", "killed": "state-failed",
}  # fmt: skip


class Heading(NamedTuple):
    """The line above a group of runs, which are not listed where it is folded."""

    group: Group
    folded: bool

    @property
    def key(self) -> str:
        """No id of a run has a colon."""
        return f"group:{self.group.key}"


Line = Overview | Heading


def key_of(line: Line) -> str:
    return line.key if isinstance(line, Heading) else line.run.id


class RunRows(LazySequence[Row]):
    """A row a line; `places` are the lines' by their keys."""

    def __init__(
        self, lines: Sequence[Line], places: Mapping[str, int], marked: Collection[str], *, ascii_only: bool
    ) -> None:
        self._lines, self._places = lines, places
        self._marked, self._ascii_only = frozenset(marked), ascii_only

    def __len__(self) -> int:
        return len(self._lines)

    def at(self, place: int) -> Row:
        line = self._lines[place]
        return _heading(line) if isinstance(line, Heading) else self._row(line)

    def index_of(self, key: str) -> int | None:
        return self._places.get(key)

    def _row(self, view: Overview) -> Row:
        run, config, plain = view.run, json.loads(view.run.config), self._ascii_only
        marks = ASCII_MARKS if plain else STATE_MARKS
        done = bar(share(view.step, view.total_steps), 8, ascii_only=plain) if view.total_steps else ""
        percent = f"{share(view.step, view.total_steps):>4.0%}" if view.total_steps else ""
        state = f"{view.state} {view.place}" if view.place else view.state
        return Row(
            run.id,
            (
                ("*" if run.id in self._marked else "^" if PINNED in view.tags else "", "strong"),
                (f"{marks[run.state]} {state}", _STYLES[run.state]),
                run.name,
                (_model(view, config["model"]), "dim"),
                (task_word(config["task"]), "dim"),
                (config["method"], "dim"),
                f"{done} {percent}",
                figure(view.loss),
                sparkline(view.eval_losses, 8, ascii=plain),
                best_figure(view.best),
                duration(view.seconds_left) if view.seconds_left is not None else "-",
                (" ".join(tag for tag in view.tags if tag != PINNED), "dim"),
            ),
        )


def _model(view: Overview, model: str) -> str:
    """The model's name; of an earlier run its own name, and the step."""
    if view.run.parent_run is None or not view.parent_name:
        return model_name(model)
    step = view.run.parent_checkpoint
    return view.parent_name if step is None else f"{view.parent_name}@{step}"


def _heading(line: Heading) -> Row:
    group, best = line.group, line.group.best
    told = ("+" if line.folded else "", counted(len(group.views), "run"), group.name)
    cells = (*told, *[""] * 6, best_figure(best and best.best), "", "")
    return Row(line.key, tuple((cell, "strong") for cell in cells))
