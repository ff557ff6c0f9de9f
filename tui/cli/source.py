"""The data that a command is told to look at, by the names that people have for it."""

from ...store import database
from ...store.paths import Home
from ..data import datasets


def meant(name: str) -> str:
    """The source as the engine knows it: a version may be named without `data:`, where no file is called so."""
    return datasets.meant(database.connect(Home.default()), name)
