"""Making a run out of a configuration: its name, what it needs, and the facts frozen with it."""

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from . import catalog, lineage, lr_curve, runs
from .config import RunConfig
from .errors import ConfigError
from .lr_curve import Span
from .paths import Home
from .records import Run
from .runs import NewRun

_LIBRARIES = ("tunedeck", "torch", "transformers", "peft", "datasets", "accelerate")


def queue(db: sqlite3.Connection, home: Home, config: RunConfig) -> Run:
    """Queue a run of the configuration, with library versions and the data's fingerprint frozen in.

    Raises:
        ConfigError: a file or a run that it names is missing.
    """
    return runs.queue(db, home, **prepared(db, home, config))


def queue_range_test(db: sqlite3.Connection, home: Home, config: RunConfig, span: Span) -> Run:
    """Queue a test of which learning rate suits the run that the configuration would make. Raises as `queue`."""
    new = prepared(db, home, config)
    new["name"] += f" {lr_curve.KIND}"
    new["kind"], new["options"] = lr_curve.KIND, asdict(span)
    return runs.queue(db, home, **new)


def prepared(db: sqlite3.Connection, home: Home, config: RunConfig) -> NewRun:
    """What is frozen of a run, before it is queued. Raises as `queue`."""
    check_files(config)
    config, origin = lineage.fixed(db, home, config)
    return {
        "name": config.name or _label(config, origin),
        "config": config.model_dump_json(),
        "versions": versions(),
        "fingerprint": fingerprint(config.data),
        "parent": (origin.run.id, origin.step) if origin else None,
    }


def check_files(config: RunConfig) -> None:
    """Refuse what names a file that isn't there, before anything is started."""
    for field in ("data", "eval_data", "mix_data"):
        value = getattr(config, field)
        if value.startswith("demo:"):
            _check_part(field, value, "data")
        elif value and not _exists(value, Path.is_file):
            raise ConfigError(
                f"{field} is {value}: there is no such file.", "Name a file of rows, or a demo part.", field=field
            )
    if config.model.startswith("demo:"):
        _check_part("model", config.model, "model")
    if _names_a_place(config.model) and not _exists(config.model, Path.exists):
        raise ConfigError(
            f"model is {config.model}: there is no such file or folder.",
            "Name a model's folder, a .gguf file, a hub id, or demo:smollm2.",
            field="model",
        )


def _exists(name: str, test: Callable[[Path], bool]) -> bool:
    try:
        return test(Path(name))
    except (OSError, ValueError):
        return False  # a name longer than any file's, or with a NUL in it


def _check_part(field: str, name: str, kind: str) -> None:
    fitting = [part.name for part in catalog.PARTS if part.kind == kind]
    if name not in fitting:
        raise ConfigError(
            f"{field} is {name}: there is no such demo part.", f"There is {', '.join(fitting)}.", field=field
        )


def _names_a_place(model: str) -> bool:
    return model.startswith(("/", "./", "../", "~")) or model.endswith(".gguf")


def _label(config: RunConfig, origin: lineage.Origin | None) -> str:
    model = origin.run.name if origin else Path(config.model.removeprefix("demo:")).name
    data = Path(config.data.removeprefix("demo:")).stem
    return f"{model}-{data}"[:40]


def versions() -> dict[str, str]:
    """The versions of the libraries that decide what a run computes."""
    return {name: _version(name) for name in _LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def fingerprint(data: str) -> str:
    """The sha256 of the data's file; a demo part is fixed by its name."""
    if data.startswith("demo:"):
        return data
    found = Path(data).stat()
    return _hashed(data, found.st_mtime_ns, found.st_size)


# The runs of a sweep are up to 200 of one file: it is read once.
@lru_cache(8)
def _hashed(data: str, changed_ns: int, size_bytes: int) -> str:
    with Path(data).open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
