"""What was made of sources, to be found again: Parquet files, each with what is known of it as JSON beside it."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

from ...store import checkpoints
from ...store.errors import DataError

KEPT_FILES = 40
KEPT_BYTES = 20 * 2**30
LEFTOVER_SECONDS = 86_400
KNOWN = ".json"
_MAKING = ".making-"


def find(path: Path) -> dict[str, Any] | None:
    """What is known of the file at that place; None where there is none."""
    try:
        known = json.loads(path.with_suffix(KNOWN).read_text(encoding="utf-8"))
        # What was used last goes last.
        os.utime(path)
    except (OSError, ValueError):
        return None  # to be made; a folder that can't be used is told then
    return known


def make(path: Path, write: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """Have the file written aside, and put it into its place with what `write` says of it.

    Two processes may make it at once; the later one's stays. Raises DataError where it can't be kept.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_MAKING, dir=path.parent) as folder:
            making = Path(folder, path.name)
            known = write(making)
            making.with_suffix(KNOWN).write_text(json.dumps(known), encoding="utf-8")
            checkpoints.sync(making.with_suffix(KNOWN))
            making.replace(path)
            making.with_suffix(KNOWN).replace(path.with_suffix(KNOWN))
        _tidy(path.parent)
    except OSError as error:
        raise DataError(
            f"Nothing can be kept in {path.parent}: {error.strerror or error}.",
            "Free some space there, or set TUNEDECK_CACHE to another folder.",
        ) from error
    return known


def _tidy(folder: Path) -> None:
    """Have only what was used last, and nothing of processes that were killed."""
    last_first = sorted(folder.glob("*.parquet"), key=_changed_at, reverse=True)
    sizes = accumulate(map(_size, last_first))
    for number, (path, size) in enumerate(zip(last_first, sizes, strict=True)):
        if number and (number >= KEPT_FILES or size > KEPT_BYTES):
            path.with_suffix(KNOWN).unlink(missing_ok=True)
            path.unlink(missing_ok=True)
    for leftover in folder.glob(f"{_MAKING}*"):
        if time.time() - _changed_at(leftover) > LEFTOVER_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0  # another process was quicker


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
