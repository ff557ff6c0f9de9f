"""Where a run starts from when it is another run: `run:ID`, `run:ID@25`, `run:ID@best`."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from . import checkpoints, runs
from .config import RunConfig
from .errors import ConfigError, NotFoundError
from .paths import Home
from .records import Checkpoint, Run

PREFIX = "run:"
RESULT = "result"


@dataclass(frozen=True)
class Origin:
    """The run that another one starts from, and at which of its checkpoints; None for its result."""

    run: Run
    step: int | None

    @property
    def name(self) -> str:
        """The origin as the knob `model` says it, whole and for good."""
        return f"{PREFIX}{self.run.id}@{RESULT if self.step is None else self.step}"


def is_run(model: str) -> bool:
    return model.startswith(PREFIX)


def parted(model: str) -> tuple[str, str]:
    """The reference to the run, and at what of it; empty for whatever is its newest."""
    reference, _, at = model.removeprefix(PREFIX).partition("@")
    return reference.strip(), at.strip()


def root(model: str, models: Mapping[str, str]) -> str:
    """The model that a chain of runs began with, as far as `models` tells those of the runs by their ids."""
    seen = set[str]()
    while is_run(model) and model not in seen:
        seen.add(model)
        model = models.get(parted(model)[0], model)
    return model


def origin(db: sqlite3.Connection, home: Home, model: str) -> Origin:
    """The run, and its checkpoint, that `model` means now.

    Raises:
        ConfigError: there is no such run, or it has no such weights.
    """
    reference, at = parted(model)
    try:
        run = runs.find(db, reference)
    except NotFoundError as error:
        raise ConfigError(f"model is {model}: {error.what}", error.next_step, field="model") from error
    has_result = home.run(run.id).adapter.is_dir()
    if at == RESULT or (not at and has_result):
        if not has_result:
            raise _lacks(run, "it has not completed", checkpoints.of_run(db, run.id))
        return Origin(run, None)
    return Origin(run, _checkpoint(db, run, at).step)


def _checkpoint(db: sqlite3.Connection, run: Run, at: str) -> Checkpoint:
    """Newest first are the candidates: the best, the last, or the one of a step."""
    saved = checkpoints.of_run(db, run.id)
    fitting = [
        checkpoint
        for checkpoint in saved
        if at in ("", "last") or (at == "best" and checkpoint.best) or at == str(checkpoint.step)
    ]
    if not fitting:
        raise _lacks(run, f"it has no checkpoint {at}" if at else "it has no weights yet", saved)
    return fitting[0]


def _lacks(run: Run, reason: str, saved: list[Checkpoint]) -> ConfigError:
    steps = ", ".join(str(checkpoint.step) for checkpoint in saved)
    advice = f"Its checkpoints are {steps}: write run:{run.id}@{saved[0].step}." if saved else "Let it train first."
    return ConfigError(f"model names the run {run.name}: {reason}.", advice, field="model")


def fixed(db: sqlite3.Connection, home: Home, config: RunConfig) -> tuple[RunConfig, Origin | None]:
    """The configuration with its origin named for good, and that origin; the checkpoint is kept from rotation."""
    if not is_run(config.model):
        return config, None
    found = origin(db, home, config.model)
    if found.step is not None:
        checkpoints.pin(db, found.run.id, found.step)
    return config.model_copy(update={"model": found.name}), found
