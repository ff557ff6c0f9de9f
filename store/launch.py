"""Making a run out of a configuration: its name, what it needs, and the facts frozen with it."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from . import augment, catalog, datasets, lineage, lr_curve, runs
from .config import RunConfig
from .errors import ConfigError, NotFoundError
from .lr_curve import Span
from .paths import Home
from .records import Run
from .runs import NewRun

DATA_FIELDS = ("data", "eval_data", "mix_data")
_LIBRARIES = ("tunedeck", "torch", "transformers", "peft", "datasets", "accelerate")


def queue(db: sqlite3.Connection, home: Home, config: RunConfig, *, forked_from: str | None = None) -> Run:
    """Queue a run of the configuration, with library versions and the data's fingerprint frozen in.

    `forked_from` is the id of the run that it was set up like, which is noted as long as there is that run.

    Raises:
        ConfigError: a file or a run that it names is missing.
    """
    new = prepared(db, home, config)
    new["forked_from"] = forked_from if forked_from and runs.exists(db, forked_from) else None
    return runs.queue(db, home, **new)


def queue_range_test(db: sqlite3.Connection, home: Home, config: RunConfig, span: Span) -> Run:
    """Queue a test of which learning rate suits the run that the configuration would make. Raises as `queue`."""
    new = prepared(db, home, config)
    new["name"] += f" {lr_curve.KIND}"
    new["kind"], new["options"] = lr_curve.KIND, asdict(span)
    return runs.queue(db, home, **new)


def queue_augmentation(db: sqlite3.Connection, home: Home, config: RunConfig, knobs: augment.AugmentKnobs) -> Run:
    """Queue the making of synthetic rows out of the training rows of the configuration. Raises as `queue`."""
    new = prepared(db, home, config)
    named = {field: getattr(knobs, field) for field in augment.MODELS}
    fixed = {
        field: lineage.fixed(db, home, config.model_copy(update={"model": name}))[0].model
        for field, name in named.items()
        if lineage.is_run(name)
    }
    new["name"] += f" {augment.KIND}"
    new["kind"], new["options"] = augment.KIND, knobs.model_dump() | fixed
    return runs.queue(db, home, **new)


def prepared(db: sqlite3.Connection, home: Home, config: RunConfig) -> NewRun:
    """What is frozen of a run, before it is queued. Raises as `queue`."""
    check_files(config)
    config = _with_versions(db, config)
    config, origin = lineage.fixed(db, home, config)
    return {
        "name": config.name or _label(config, origin),
        "config": config.model_dump_json(),
        "versions": versions(),
        "fingerprint": fingerprint(config.data),
        "parent": (origin.run.id, origin.step) if origin else None,
    }


def _with_versions(db: sqlite3.Connection, config: RunConfig) -> RunConfig:
    """The configuration with the versions of its data named by their numbers; rows for evaluation train nothing."""
    named: dict[str, str] = {}
    for field in DATA_FIELDS:
        if datasets.is_dataset(name := getattr(config, field)):
            with _of_knob(field, name):
                found = datasets.find(db, name)
            if found.role == datasets.EVALUATION and field != "eval_data":
                raise ConfigError(
                    f"{field} is {found.label}, which was set apart for evaluation.",
                    f"Take {found.parent or 'another version'}, or name it as eval_data.",
                    field=field,
                )
            named[field] = found.reference
    return config.model_copy(update=named)


def check_files(config: RunConfig) -> None:
    """Refuse what names a file that isn't there, before anything is started."""
    for field in DATA_FIELDS:
        if value := getattr(config, field):
            _check_data(field, value)
    if config.model.startswith("demo:"):
        _check_part("model", config.model, "model")
    if _names_a_place(config.model) and not _exists(config.model, Path.exists):
        raise ConfigError(
            f"model is {config.model}: there is no such file or folder.",
            "Name a model's folder, a .gguf file, a hub id, or demo:smollm2.",
            field="model",
        )


def _check_data(field: str, value: str) -> None:
    if value.startswith("demo:"):
        _check_part(field, value, "data")
    elif value.startswith("hub:"):
        raise ConfigError(
            f"{field} is {value}: what is on the hub may change.",
            f"Make a version of it first: tunedeck data import {value}",
            field=field,
        )
    elif datasets.is_dataset(value):
        with _of_knob(field, value):
            datasets.place(Home.default(), value)
    elif not _exists(value, Path.exists):
        raise ConfigError(
            f"{field} is {value}: there is no such file.", "Name a file of rows, or a demo part.", field=field
        )


@contextmanager
def _of_knob(field: str, value: str) -> Iterator[None]:
    try:
        yield
    except NotFoundError as error:
        raise ConfigError(f"{field} is {value}: {error.what}", error.next_step, field=field) from error


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
    version = config.data.removeprefix(datasets.PREFIX).replace("@", "-")
    data = version if datasets.is_dataset(config.data) else Path(config.data.removeprefix("demo:")).stem
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
    """The sha256 of the data's file, or of all files of its folder; a demo part is fixed by its name."""
    if data.startswith("demo:"):
        return data
    path = datasets.place(Home.default(), data) if datasets.is_dataset(data) else Path(data)
    if not path.is_dir():
        return f"sha256:{_hashed_as_it_is(path)}"
    digest = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        digest.update(f"{file.relative_to(path)}\x1f{_hashed_as_it_is(file)}\x1f".encode(errors="surrogateescape"))
    return f"sha256:{digest.hexdigest()}"


def _hashed_as_it_is(file: Path) -> str:
    found = file.stat()
    return _hashed(file, found.st_mtime_ns, found.st_size)


# The runs of a sweep are up to 200 of one file: it is read once.
@lru_cache(1000)
def _hashed(path: Path, changed_ns: int, size_bytes: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
