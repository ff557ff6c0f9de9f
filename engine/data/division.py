"""The rows of a run: read, cured of duplicates, and divided into those to train on and those held out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ...store.config import RunConfig
from ...store.errors import DataError
from .columns import columns_sentence
from .mixing import mix
from .row import Row
from .source import Rows, Shape, load_rows
from .split import Split, drop_duplicates, split_by_question


class Tell(Protocol):
    """Where it is told what became of the rows."""

    def __call__(self, text: str, *, level: str = "info") -> None: ...


class Learner(Shape, Protocol):
    """A task, as far as rows are concerned."""

    def learn(self, rows: Sequence[Row], report: Tell) -> None: ...

    def check(self, rows: Sequence[Row]) -> None: ...


@dataclass(frozen=True)
class Division:
    """The split, and what was read for it, by the knob that names it."""

    split: Split[Row]
    sources: dict[str, Rows]


def divide(config: RunConfig, task: Learner, report: Tell) -> Division:
    """Read and divide the rows; the task learns its labels from those to train on.

    Raises DataError, naming the knob, where rows can't be used; FetchError where a demo part can't be fetched.
    """
    sources = {"data": _load("data", config, task, report)}
    rows = _cured(sources["data"], config, report)
    if config.eval_data:
        sources["eval_data"] = _load("eval_data", config, task, report)
        split = Split(rows, _cured(sources["eval_data"], config, report))
    else:
        split = split_by_question(rows, config.eval_fraction, config.seed)
        report(f"{len(split.train):,} rows to train on and {len(split.evaluation):,} held out; no question is in both")
    if config.mix_data:
        sources["mix_data"] = _load("mix_data", config, task, report)
        split = Split(_mixed(split.train, sources["mix_data"].rows, config, report), split.evaluation)
    task.learn(split.train, report)
    task.check(split.evaluation)
    return Division(split, sources)


def _mixed(train: Sequence[Row], general: Sequence[Row], config: RunConfig, report: Tell) -> tuple[Row, ...]:
    chosen = mix(len(train), len(general), config.mix_fraction, config.seed)
    report(f"{len(chosen.rows):,} general rows are mixed in, {chosen.fraction:.0%} of those that are trained")
    return (*train, *(general[row] for row in chosen.rows))


def _load(field: str, config: RunConfig, task: Learner, report: Tell) -> Rows:
    try:
        loaded = load_rows(getattr(config, field), task, on_bad_rows=config.on_bad_rows, report=report)
    except DataError as error:
        raise DataError(f"{field}: {error.what}", error.next_step) from error
    if loaded.bad_rows.count:
        report(f"left out: {loaded.bad_rows.summary()}", level="warning")
    if loaded.columns:
        report(f"{loaded.path.name}: {columns_sentence(loaded.columns)}")
    return loaded


def _cured(loaded: Rows, config: RunConfig, report: Tell) -> tuple[Row, ...]:
    if not config.drop_duplicates:
        return loaded.rows
    rows, dropped = drop_duplicates(loaded.rows)
    report(f"{len(loaded.rows):,} rows in {loaded.path.name}: {dropped:,} duplicates dropped, {len(rows):,} left")
    return tuple(rows)
