"""What an adapter lies on: where those weights are, and the model that a whole line of runs began with."""

import re
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from ...store import lineage, runs
from ...store.config import RunConfig
from ...store.errors import NotFoundError
from ...store.paths import Home
from ...store.records import Run
from .. import sources
from ..model.models import ModelSource

_HUB_ID = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)


@dataclass(frozen=True)
class Base:
    """The model that the first run of the line was started from, by name, and the weights right under this adapter."""

    root: str
    source: ModelSource

    @property
    def hub_id(self) -> str:
        """The root's repository on the hub; empty for what lies on this machine."""
        return self.root if _HUB_ID.fullmatch(self.root) and not Path(self.root).exists() else ""


def of_run(db: sqlite3.Connection, home: Home, run: Run, config: RunConfig) -> Base:
    """The base of a run: weights merged for it, else those that its configuration names.

    Raises:
        ModelError: they are not there any more; FetchError: a demo part can't be fetched.
    """
    own = sources.own_base(home.run(run.id))
    found = own or replace(sources.resolve(config.model, config.revision, home=home), adapter=None)
    return Base(root(db, run, config), found)


def root(db: sqlite3.Connection, run: Run, config: RunConfig) -> str:
    """The model that the first run of the line was started from, or the oldest run that is not deleted."""
    name = config.model
    while lineage.is_run(name) and run.parent_run:
        try:
            run = runs.get(db, run.parent_run)
        except NotFoundError:
            return name
        name = RunConfig.model_validate_json(run.config).model
    return name


def label(name: str) -> str:
    """A model or file as other people may know it: a place on this machine by its last part alone."""
    return Path(name).name if Path(name).is_absolute() or name.startswith((".", "~")) else name
