"""Where a model comes from, by its name: a demo part, a file, a folder, or the hub."""

from collections.abc import Callable
from pathlib import Path

from ..store import paths
from ..store.errors import ModelError
from .demo import parts
from .models import ModelSource


def resolve(
    name: str,
    revision: str = "",
    *,
    cache: Path | None = None,
    report: Callable[[str], None] = parts.say_nothing,
) -> ModelSource:
    """Find a model: a demo part, a `.gguf` file, a local folder, else a repository on the hub, at that revision.

    Raises ModelError for a folder or file that isn't there or holds no model, FetchError for a demo part that can't
    be fetched. Whether a hub id exists shows when it is loaded.
    """
    if name.startswith("demo:"):
        return ModelSource(str(parts.ensure_model(name, cache or paths.cache_folder(), report)))
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            raise ModelError(f"The model file {name} does not exist.", "Check the path.")
        return ModelSource(str(path.parent.absolute()), path.name)
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise ModelError(f"The folder {name} has no config.json, so it is no model.", "Name a model's own folder.")
        return ModelSource(str(path.absolute()))
    if path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise ModelError(f"The model folder {name} does not exist.", "Check the path.")
    return ModelSource(name, revision=revision or "main")
