"""Sources that were opened: the rows file of each, made once and kept for as long as the source stays as it is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...store.errors import DataError
from . import kept
from .folders import paths_in
from .tables import Values


@dataclass(frozen=True)
class Opened:
    """The rows file of a source, and what `rows_file.write` said of it."""

    path: Path
    rows: int
    bad_rows: int
    sha256: str


def opened(cache: Path, key: str, read: Callable[[], Values]) -> Opened:
    """The rows file that was made under the key, or one made now of all rows that there are to read.

    Raises DataError where the rows can't be read, or the cache can't be written.
    """
    path = cache / "rows" / f"{key}.parquet"
    return Opened(path, **(kept.find(path) or kept.make(path, lambda making: _write(making, read()))))


def _write(path: Path, rows: Values) -> dict[str, Any]:
    # pyarrow takes a quarter of a second to import, and the first rows are shown before anything is written.
    from . import rows_file

    return rows_file.write(path, map(rows_file.record, rows))._asdict()


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
