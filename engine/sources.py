"""Where a model comes from, by its name: a demo part, a file, a folder, an earlier run, or the hub."""

import json
from dataclasses import replace
from pathlib import Path

from ..store import checkpoints, lineage, paths
from ..store.errors import ModelError
from ..store.paths import Home, RunFolder
from .demo import parts
from .model.models import ModelSource
from .report import Report, say_nothing

ADAPTER_CONFIG, ADAPTER_WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def resolve(
    name: str,
    revision: str = "",
    *,
    cache: Path | None = None,
    home: Home | None = None,
    report: Report = say_nothing,
) -> ModelSource:
    """Find a model: a demo part, an earlier run, a `.gguf` file, a local folder, else a repository on the hub.

    The folder of an adapter stands for the model that it was laid on, with the adapter.

    Raises ModelError for a run, folder or file that isn't there or holds no model, FetchError for a demo part that
    can't be fetched. Whether a hub id exists shows when it is loaded.
    """
    if name.startswith("demo:"):
        return ModelSource(str(parts.ensure_model(name, cache or paths.cache_folder(), report)))
    if lineage.is_run(name):
        return _of_run(name, home or Home.default(), cache, report)
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            raise ModelError(f"The model file {name} does not exist.", "Check the path.")
        return ModelSource(str(path.parent.absolute()), path.name)
    if path.is_dir():
        return _of_folder(path.absolute(), cache, home, report)
    if path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise ModelError(f"The model folder {name} does not exist.", "Check the path.")
    return ModelSource(name, revision=revision or "main")


def _of_folder(folder: Path, cache: Path | None, home: Home | None, report: Report) -> ModelSource:
    if (folder / ADAPTER_CONFIG).is_file():
        base, revision = _laid_on(folder)
        return replace(resolve(base, revision, cache=cache, home=home, report=report), adapter=str(folder))
    if not (folder / "config.json").is_file():
        raise ModelError(f"The folder {folder} has no config.json, so it is no model.", "Name a model's own folder.")
    return ModelSource(str(folder))


def _laid_on(folder: Path) -> tuple[str, str]:
    """The model, and its revision, that the adapter in the folder is to be laid on."""
    if not (folder / ADAPTER_WEIGHTS).is_file():
        raise ModelError(
            f"The adapter in {folder} has no weights as safetensors.",
            "Other formats can run code when loaded, and are not; convert the weights to safetensors.",
        )
    try:
        told = json.loads((folder / ADAPTER_CONFIG).read_text(encoding="utf-8"))
        return str(told["base_model_name_or_path"]), str(told.get("revision") or "")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        place = folder / ADAPTER_CONFIG
        raise ModelError(f"{place} names no base model.", "Check that its files are whole.") from error


def _of_run(name: str, home: Home, cache: Path | None, report: Report) -> ModelSource:
    """The weights of a run, whose name is fixed: `run:ID@25` or `run:ID@result`."""
    run_id, at = lineage.parted(name)
    folder = home.run(run_id)
    weights = folder.adapter if at == lineage.RESULT else folder.checkpoints / checkpoints.folder_name(int(at))
    if not weights.is_dir():
        raise ModelError(f"{name}: {weights} is gone.", "Restore the run from the trash, or start from another model.")
    if not (weights / ADAPTER_CONFIG).is_file():
        return ModelSource(str(weights))
    return replace(_base_of(run_id, home, cache, report), adapter=str(weights))


def _base_of(run_id: str, home: Home, cache: Path | None, report: Report) -> ModelSource:
    """What the run's adapter was laid on: weights merged for it, else what it started from itself."""
    if own := own_base(home.run(run_id)):
        return own
    # Each run's folder tells its configuration, so that weights can be found without the store.
    config = json.loads(json.loads(home.run(run_id).description.read_text(encoding="utf-8"))["config"])
    return replace(resolve(config["model"], config["revision"], cache=cache, home=home, report=report), adapter=None)


def own_base(folder: RunFolder) -> ModelSource | None:
    """The weights into which an adapter was merged for that run alone, if there are any."""
    return ModelSource(str(folder.base)) if (folder.base / "config.json").is_file() else None
