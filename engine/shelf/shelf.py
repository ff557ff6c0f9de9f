"""Every model that a run could start from: demo parts, earlier runs, folders, files, and the hub's cache."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from huggingface_hub import CacheNotFound, scan_cache_dir
from huggingface_hub.utils import CachedRepoInfo

from ...store import catalog, lineage, made, paths, runs
from ...store.catalog import DemoPart
from ...store.paths import Home
from ...store.records import Run
from ..data import source
from ..estimate.device import Device
from . import families
from .described import Model, of_place
from .families import Family

ADAPTER_CONFIG = "adapter_config.json"
# What they are is known before they are here.
DEMO_FAMILIES: dict[str, Family] = {"demo:smollm2": "gpt", "demo:minilm": "bert"}
# Enough to find what somebody works with; each costs a look at a few files.
NEWEST_RUNS = 200


class Shelf:
    """Looks a model up once, however many runs started from it. Nothing is asked of the network."""

    def __init__(self, db: sqlite3.Connection, home: Home, device: Device) -> None:
        self._home, self._device = home, device
        listed = runs.listed(db)
        self._runs = [run for run in listed[:NEWEST_RUNS] if run.kind != made.KIND]
        self._models = {run.id: str(json.loads(run.config)["model"]) for run in listed}
        self._seen: dict[str, Model] = {}

    def models(self, folders: Iterable[str]) -> Iterator[Model]:
        """All of them, those first that take the least looking; `folders` are places that somebody named."""
        yield from (self._demo(part) for part in catalog.PARTS if part.kind == "model")
        yield from self._named(folders)
        yield from self._cached()
        yield from (model for run in self._runs if (model := self._of_run(run)))

    def _demo(self, part: DemoPart) -> Model:
        place = paths.cache_folder() / part.path
        licence = part.licence.lower()
        if place.is_dir():
            return self._look(part.name, place, where="demo", licence=licence, note=f"{part.what}.")
        family = DEMO_FAMILIES[part.name]
        note = f"{part.what}. Not fetched yet: {part.size_bytes / 1e6:,.0f} MB."
        return Model(part.name, "demo", family=family, tasks=families.TASKS[family], licence=licence, note=note)

    def _look(self, name: str, place: Path, **known: Any) -> Model:
        if name not in self._seen:
            self._seen[name] = of_place(place, self._device, name=name, **known)
        return self._seen[name]

    def _named(self, folders: Iterable[str]) -> Iterator[Model]:
        """Folders and files that were asked for, and those that runs have started from."""
        used = [name for run in self._runs if _is_place(name := self._models[run.id])]
        for name in dict.fromkeys([*folders, *used]):
            place = Path(name).expanduser()
            yield self._look(name, place, where="gguf" if place.suffix == ".gguf" else "folder")

    def _cached(self) -> Iterator[Model]:
        try:
            repositories = scan_cache_dir().repos
        except CacheNotFound:
            return  # nothing was ever fetched
        for repository in sorted(repositories, key=lambda one: one.last_accessed, reverse=True):
            if repository.repo_type == "model" and (found := self._repository(repository)):
                yield found

    def _repository(self, repository: CachedRepoInfo) -> Model | None:
        """The newest revision, or that of the main branch; None where no configuration was fetched."""
        newest = sorted(repository.revisions, key=lambda one: ("main" in one.refs, one.last_modified), reverse=True)
        place = next((one.snapshot_path for one in newest if (one.snapshot_path / "config.json").is_file()), None)
        return self._look(repository.repo_id, place, where="hub-cache") if place else None

    def _of_run(self, run: Run) -> Model | None:
        """The result of a run, if it has one: a model of its own, or an adapter on another. Its task comes first."""
        result = self._home.run(run.id).adapter
        if not result.is_dir():
            return None
        name, root = f"{lineage.PREFIX}{run.id}", lineage.root(self._models[run.id], self._models)
        base = self._base(root) or Model(root, "run")
        if (result / ADAPTER_CONFIG).is_file():
            size = sum(file.stat().st_size for file in result.iterdir() if file.is_file())
            note = f"The result of {run.name}: an adapter on {root}."
            found = replace(base, name=name, where="run", path=str(result), size_bytes=size, note=note)
        else:
            found = self._look(name, result, where="run", licence=base.licence, note=f"The result of {run.name}.")
        task = str(json.loads(run.config)["task"])
        return replace(found, label=run.name, tasks=(task, *(other for other in found.tasks if other != task)))

    def _base(self, root: str) -> Model | None:
        """What is known of the model that an adapter lies on."""
        own = self._seen.get(root)
        return own or next((self._demo(part) for part in catalog.PARTS if part.name == root), None)


def _is_place(name: str) -> bool:
    """Whether it is a folder or a file here; not a name that another source of models has."""
    if name.startswith(("demo:", lineage.PREFIX)):
        return False
    place = source.local(name)
    return place is not None and (place.is_dir() or place.suffix == ".gguf")
