"""The rows of the list of runs, made when they come into sight: ten thousand of them cost what a screenful does."""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from ...store.lazy import LazySequence
from ...store.overview import Overview
from ..charts.sparkline import sparkline
from ..widgets.cells import Column, Row
from ..words import ASCII_MARKS, STATE_MARKS, bar, duration, figure, share

COLUMNS = (
    Column("", 1),
    Column("state", 13),
    Column("name", 14, flex=1),
    Column("model", 12, drop=4),
    Column("method", 6, drop=6),
    Column("progress", 14),
    Column("loss", 7, align="right", drop=2),
    Column("eval", 8, drop=5),
    Column("best eval", 11, align="right"),
    Column("left", 6, align="right", drop=1),
)
_STYLES = {
    "queued": "state-waiting", "running": "state-running", "completed": "state-done", "stopped": "state-warning",
    "interrupted": "state-warning", "failed": "state-failed", "killed": "state-failed",
}  # fmt: skip


class RunRows(LazySequence[Row]):
    """A row a run; of `known` are those that others start from, whether they are shown or not."""

    def __init__(
        self, views: Sequence[Overview], known: Mapping[str, Overview], marked: Collection[str], *, ascii_only: bool
    ) -> None:
        self._views, self._known, self._marked, self._ascii_only = views, known, frozenset(marked), ascii_only
        self._places = {view.run.id: place for place, view in enumerate(views)}

    def __len__(self) -> int:
        return len(self._views)

    def at(self, place: int) -> Row:
        return self._row(self._views[place])

    def index_of(self, key: str) -> int | None:
        return self._places.get(key)

    def _row(self, view: Overview) -> Row:
        run, config, plain = view.run, json.loads(view.run.config), self._ascii_only
        marks = ASCII_MARKS if plain else STATE_MARKS
        done = bar(share(view.step, view.total_steps), 8, ascii_only=plain) if view.total_steps else ""
        percent = f"{share(view.step, view.total_steps):>5.0%}" if view.total_steps else ""
        best = f"{figure(view.best_eval_loss)}@{view.best_step}" if view.best_step else "-"
        return Row(
            run.id,
            (
                ("*" if run.id in self._marked else "", "strong"),
                (f"{marks[run.state]} {view.state}", _STYLES[run.state]),
                run.name,
                (self._model(view, config["model"]), "dim"),
                (config["method"], "dim"),
                f"{done} {percent}",
                figure(view.loss),
                sparkline(view.eval_losses, 8, ascii=plain),
                best,
                duration(view.seconds_left) if view.seconds_left is not None else "-",
            ),
        )

    def _model(self, view: Overview, model: str) -> str:
        """The model's name; of an earlier run its own name, and the step."""
        parent = self._known.get(view.run.parent_run or "")
        if parent is None:
            return Path(model.removeprefix("demo:")).name
        step = view.run.parent_checkpoint
        return parent.run.name if step is None else f"{parent.run.name}@{step}"
