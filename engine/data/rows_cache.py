"""Sources that were opened: the rows file of each, made once and kept for as long as the source stays as it is."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ...store import checkpoints
from ...store.errors import DataError
from .folders import paths_in
from .tables import Values

KEPT_SOURCES = 40
LEFTOVER_SECONDS = 86_400
FACTS = ".json"


@dataclass(frozen=True)
class Opened:
    """The rows file of a source, and what `rows_file.write` said of it."""

    path: Path
    rows: int
    bad_rows: int
    sha256: str


def opened(cache: Path, key: str, read: Callable[[], Values]) -> Opened:
    """The rows file that was made under the key, or one made now of all rows that there are to read.

    Two processes may make it at once; the later one's stays.

    Raises DataError where the rows can't be read, or the cache can't be written.
    """
    return _kept(cache, key) or _make(cache, key, read())


def _kept(cache: Path, key: str) -> Opened | None:
    path = _place(cache, key)
    try:
        facts = json.loads(path.with_suffix(FACTS).read_text(encoding="utf-8"))
        # What was used last goes last.
        os.utime(path)
    except OSError:
        return None  # to be made; a cache that can't be used is told then
    return Opened(path, **facts)


def _make(cache: Path, key: str, rows: Values) -> Opened:
    # pyarrow takes a quarter of a second to import, and the first rows are shown before anything is written.
    from . import rows_file

    path = _place(cache, key)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _tidy(path.parent)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=path.parent) as folder:
            making = Path(folder, path.name)
            written = rows_file.write(making, map(rows_file.record, rows))
            made = Opened(path, *written)
            facts = {name: value for name, value in asdict(made).items() if name != "path"}
            making.with_suffix(FACTS).write_text(json.dumps(facts), encoding="utf-8")
            checkpoints.sync(making.with_suffix(FACTS))
            making.replace(path)
            making.with_suffix(FACTS).replace(path.with_suffix(FACTS))
    except OSError as error:
        raise DataError(
            f"The rows can't be kept in {path.parent}: {error.strerror or error}.",
            "Free some space there, or set TUNEDECK_CACHE to another folder.",
        ) from error
    return made


def key_of(source: Path) -> str:
    """What a source is known by: its real path, and of each of its files the name, the size and when it was changed.

    Raises DataError where there is no such file, or it can't be looked at.
    """
    root = source.resolve()
    digest = hashlib.sha256(f"{root}\0".encode(errors="surrogateescape"))
    try:
        for path in paths_in(root) if root.is_dir() else [root]:
            found = path.stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode(errors="surrogateescape"))
    except FileNotFoundError:
        raise DataError(f"{source} does not exist.", "Check the path.") from None
    except OSError as error:
        raise DataError(f"{source} can't be read: {error.strerror}.", "Check its permissions.") from error
    return digest.hexdigest()[:32]


def _place(cache: Path, key: str) -> Path:
    return cache / "rows" / f"{key}.parquet"


def _tidy(folder: Path) -> None:
    """Have only the sources that were opened last, and nothing of processes that were killed."""
    for path in _by_age(folder.glob("*.parquet"))[:-KEPT_SOURCES]:
        path.with_suffix(FACTS).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    for leftover in folder.glob(".making-*"):
        if time.time() - _changed_at(leftover) > LEFTOVER_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _by_age(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=_changed_at)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0  # another process was quicker
