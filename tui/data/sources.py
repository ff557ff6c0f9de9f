"""Sources of rows as the app opens them: versions at once, all others by the engine; in threads only."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ...store import database, datasets
from ...store.paths import Home
from ..engine_process import ask
from ..rows.rows_file import DataRow, RowsFile
from .datasets import meant


@dataclass(frozen=True)
class Head:
    """The first rows, while the others are still being read."""

    rows: list[DataRow]


@dataclass(frozen=True)
class Progress:
    """How many rows have been read so far."""

    rows: int


@dataclass(frozen=True)
class Opened:
    """All rows; `source` names them for good, and `tasks` are those that they suit, the best first, where known."""

    source: str
    file: RowsFile
    tasks: tuple[str, ...] = ()


def name_of(source: str) -> str:
    """A source as titles name it: a version by its label, a file by its name alone."""
    if source.startswith("/"):
        return Path(source).name
    return source.removeprefix(datasets.PREFIX)


def opened(home: Home, source: str) -> Iterator[Head | Progress | Opened]:
    """What there is of the source as it is read, last all of it.

    Raises:
        UserError: it can't be read.
    """
    with closing(database.connect(home)) as db:
        source = meant(db, source)
    if datasets.is_dataset(source):
        path = datasets.place(home, source)
        yield Opened(f"{datasets.PREFIX}{path.parent.name}@{path.stem}", RowsFile(path))
        return
    for answer in ask("rows", ["--", source]):
        if "head" in answer:
            yield Head([DataRow(index, *row) for index, row in enumerate(_listed(answer["head"]))])
        elif "progress" in answer:
            yield Progress(int(str(answer["progress"])))
        else:
            file = RowsFile(Path(str(answer["path"])))
            yield Opened(str(answer["source"]), file, tuple(map(str, _listed(answer["tasks"]))))


def _listed(answer: object) -> list:
    assert isinstance(answer, list)
    return answer
