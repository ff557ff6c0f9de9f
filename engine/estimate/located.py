"""Where a model lies on this machine, found without asking the network."""

import sqlite3
from dataclasses import replace

from ...store import lineage
from ...store.paths import Home
from .. import sources
from ..model.models import ModelSource
from .places import place_of, snapshot


def find(name: str, revision: str, root: str, db: sqlite3.Connection, home: Home) -> ModelSource | None:
    """The model as a local folder; None where it, or the model `root` that it comes from, is still to be fetched.

    Raises ModelError or ConfigError where there is nothing of that name.
    """
    if root.startswith("demo:") and place_of(root) is None:
        return None
    if lineage.is_run(name):
        name = lineage.origin(db, home, name).name
    source = sources.resolve(name, revision, home=home)
    if source.is_local:
        return source
    folder = snapshot(source.path_or_id, source.revision)
    return replace(source, path_or_id=str(folder)) if folder else None
