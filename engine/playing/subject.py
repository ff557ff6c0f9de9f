"""What is asked: the weights of a run and the base that they came from, or a model by its name alone."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from pyarrow import ArrowInvalid, parquet

from ...store import lineage, runs
from ...store.config import RunConfig, checked
from ...store.errors import ConfigError, NotFoundError
from ...store.paths import Home
from ...store.records import Run
from .. import sources
from ..data.source import local
from ..export import base, origin
from ..export.origin import Origin
from ..model import models
from ..model.models import ModelSource

# By what a model's class ends with, as its configuration names it; what none of them fits writes text.
_TASKS = {
    "ForSequenceClassification": "sequence-classification",
    "ForTokenClassification": "token-classification",
    "ForQuestionAnswering": "question-answering",
}


@dataclass(frozen=True)
class Subject:
    """`origin` holds the tuned weights, None for a plain model; `targets` are those of the run's held-out rows."""

    name: str
    config: RunConfig
    base: str
    source: ModelSource
    origin: Origin | None = None
    targets: tuple[str, ...] = ()

    @property
    def run(self) -> Run | None:
        return self.origin.run if self.origin else None


def find(db: sqlite3.Connection, home: Home, what: str, step: str = "") -> Subject:
    """The run of that id, name or number, `run:ID@25`, or the model of that name.

    Raises:
        UserError: there is none, the name could be several runs, or the run has no such weights.
    """
    if lineage.is_run(what):
        what, at = lineage.parted(what)
        step = step or ("" if at == lineage.RESULT else at)
    try:
        run = runs.find(db, what)
    except NotFoundError:
        if not _may_be_model(what):
            raise
        return _of_model(what, home, step)
    return _of_run(db, home, run, step)


def _may_be_model(name: str) -> bool:
    return name.startswith("demo:") or "/" in name or name.endswith(".gguf") or local(name) is not None


def _of_run(db: sqlite3.Connection, home: Home, run: Run, step: str) -> Subject:
    found = origin.find(db, home, run, step)
    if found.is_adapter:
        under = base.of_run(db, home, run, found.config)
        name, source = under.root, under.source
    else:
        name = found.config.model
        source = sources.resolve(name, found.config.revision, home=home)
    return Subject(run.name, found.config, base.label(name), source, found, _targets(home.run(run.id).predictions))


def _targets(folder: Path) -> tuple[str, ...]:
    """What was to be said of the held-out rows; nothing where the run has not come so far."""
    try:
        table = parquet.read_table(folder / "rows.parquet", columns=["target"])
    except (OSError, ArrowInvalid):
        return ()
    return tuple(map(str, table["target"].to_pylist()))


def _of_model(name: str, home: Home, step: str) -> Subject:
    if step:
        raise ConfigError(f"{name} is no run: it has no step {step}.", "Leave --step out.", field="step")
    source = sources.resolve(name, home=home)
    # A configuration names its data; here there is none to be read.
    config = checked({"data": "none", "model": name, "task": _task(source)})
    return Subject(base.label(name), config, base.label(name), source)


def _task(source: ModelSource) -> str:
    config = models.load_config(source)
    architecture = next(iter(config.architectures or []), "")
    if config.is_encoder_decoder:
        return "seq2seq-lm"
    return next((task for ending, task in _TASKS.items() if architecture.endswith(ending)), "causal-lm")
