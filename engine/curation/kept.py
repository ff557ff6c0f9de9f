"""Reports that were made: each kept for as long as its source, its options and the code are the same."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from ...store import paths
from ...store.errors import DataError

# Raised with whatever changes what a report says.
VERSION = 1
KEPT_REPORTS = 40


def place(source_key: str, evaluation_key: str, options: dict[str, Any]) -> Path:
    """Where the report lies; its facts lie beside it."""
    told = json.dumps([VERSION, source_key, evaluation_key, options], sort_keys=True)
    return paths.cache_folder() / "reports" / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.json"


def facts_of(path: Path) -> Path:
    return path.with_suffix(".parquet")


def find(path: Path) -> dict[str, Any] | None:
    """The report, if it and its facts are there."""
    if not facts_of(path).is_file():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        # What was asked for last goes last.
        os.utime(path)
    except FileNotFoundError:
        return None
    return told


def keep(path: Path, made: Path, report: dict[str, Any]) -> None:
    """Move the facts to their place, then the report, which is looked for first."""
    made.replace(facts_of(path))
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
        json.dump(report, file)
    Path(file.name).replace(path)
    _tidy(path.parent)


def folder(path: Path) -> Path:
    """The folder of the reports, made. Raises DataError where it can't be."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"The report can't be kept in {path.parent}: {error.strerror}.",
            "Set TUNEDECK_CACHE to another folder.",
        ) from error
    return path.parent


def _tidy(folder: Path) -> None:
    reports = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in reports[:-KEPT_REPORTS]:
        path.unlink(missing_ok=True)
        facts_of(path).unlink(missing_ok=True)
