"""Where the files of a model lie on this machine, told by its name alone, without torch or the network."""

from pathlib import Path

from huggingface_hub import try_to_load_from_cache
from huggingface_hub.errors import HFValidationError

from ...store import catalog, paths
from ..data import source
from .weight_files import PATTERN


def place_of(name: str, revision: str = "") -> Path | None:
    """The folder or the `.gguf` file; None where it is not here. The name is no earlier run's.

    Raises FetchError for a demo part that there is not.
    """
    if name.startswith("demo:"):
        place = paths.cache_folder() / catalog.find(name).path
        return place if place.exists() else None
    return source.local(name) or snapshot(name, revision or "main")


def snapshot(repository: str, revision: str) -> Path | None:
    """The folder of a repository in the hub's cache, if it has weights."""
    try:
        config = try_to_load_from_cache(repository, "config.json", revision=revision)
    except HFValidationError:
        return None  # no name that the hub could have
    folder = Path(config).parent if isinstance(config, str) else None
    return folder if folder and any(folder.glob(PATTERN)) else None
