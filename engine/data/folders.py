"""The files of rows in a folder: sorted by their paths, nested ones too."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from ...store.errors import DataError
from .lines import DataFile
from .packed import is_hidden, unpacked


@dataclass(frozen=True)
class Inside:
    """A file in a folder, known by the folder's name and its path from there."""

    folder: Path
    path: Path

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.folder.name}/{self.path.relative_to(self.folder).as_posix()}"

    @property
    def suffix(self) -> str:
        return self.path.suffix

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        return self.path.open(mode)


def files_in(folder: Path, is_read: Callable[[str], bool]) -> list[DataFile]:
    """The files of whose names `is_read` says so; hidden ones, and links that lead out of the folder, are left out.

    Raises DataError where the folder can't be read.
    """
    root = folder.resolve()
    return [unpacked(Inside(root, path)) for path in paths_in(root) if is_read(path.name)]


def paths_in(root: Path) -> list[Path]:
    """All files in the folder, which has to be a resolved path, in the order in which they are read."""
    try:
        inside = [path for path in _walked(root) if path.resolve().is_relative_to(root) and path.is_file()]
    except OSError as error:
        raise DataError(f"{error.filename} can't be read: {error.strerror}.", "Check its permissions.") from error
    return sorted(inside, key=lambda path: path.relative_to(root).as_posix())


def _walked(root: Path) -> Iterator[Path]:
    # Links to folders are not gone into: a circle of them would have no end.
    for folder, folders, names in os.walk(root, onerror=_refuse):
        folders[:] = [name for name in folders if not is_hidden(name)]
        yield from (Path(folder, name) for name in names if not is_hidden(name))


def _refuse(error: OSError) -> None:
    raise error
