"""The verb rows: the rows of any source as a file that can be read by pages, the first of them at once."""

import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from itertools import chain, islice

from ...store import database, datasets
from ...store.paths import Home
from .. import formats
from ..data import rows_file, source
from ..data.rows_cache import Opened
from ..data.rows_file import RowRecord
from ..data.tables import Values
from .arguments import VerbArguments

PROGRESS_ROWS = 5000
PROGRESS_SECONDS = 0.5


def run(arguments: list[str]) -> None:
    """Print `{"head": [[line, row, fault], ...]}`, `{"progress": rows}` now and then, and last what the file is.

    That is `{"source", "path", "rows", "bad_rows", "sha256", "format", "tasks", "columns"}`: `tasks` are those that the
    rows suit, the best first, and `columns` those of the first by role. A row is JSON as text, empty where it has a
    fault. `source` names a file by its whole path, a data set on the hub with revision, configuration and split.

    Raises DataError where the source can't be read, or the task that was asked for finds no columns.
    """
    parser = VerbArguments(prog="rows", description="Open the rows of a source.")
    parser.add_argument("source", help="a file, a folder, a demo part, a version, or hub:owner/name")
    parser.add_argument("--task", default="", help="what the rows are for; what they suit best without it")
    parser.add_argument("--columns", default="", help="which column plays which role, such as text=review")
    options = parser.parse_args(arguments)
    head = Head(options.task, options.columns)
    name, opened = _opened(options.source, head)
    if not head.is_told:
        head.tell(islice(rows_file.read(opened.path), source.SAMPLE_ROWS))
    found = {"format": head.format.words, "tasks": head.format.tasks, "columns": head.format.columns}
    print(json.dumps({"source": name} | asdict(opened) | {"path": str(opened.path)} | found), flush=True)


class Head:
    """The first rows, told as soon as they are read; what they look like is then found out."""

    def __init__(self, task: str, columns: str) -> None:
        self._asked = (task, columns)
        self.is_told = False
        self.format = formats.NONE

    def watch(self, rows: Values) -> Values:
        """The rows as they come, with the first of them told, and how many there have been from time to time."""
        first = list(islice(rows, source.SAMPLE_ROWS))
        self.tell(map(rows_file.record, first))
        told_at = time.monotonic()
        for number, row in enumerate(chain(first, rows), start=1):
            if number % PROGRESS_ROWS == 0 and time.monotonic() - told_at > PROGRESS_SECONDS:
                told_at = time.monotonic()
                print(json.dumps({"progress": number}), flush=True)
            yield row

    def tell(self, records: Iterable[RowRecord]) -> None:
        first = list(records)
        print(json.dumps({"head": [item[:3] for item in first]}), flush=True)
        self.is_told = True
        self.format = formats.of([item.value for item in first if not item.fault], *self._asked)


def _opened(name: str, head: Head) -> tuple[str, Opened]:
    """The rows file of the source, and its name with all that it leaves open filled in."""
    if datasets.is_dataset(name):
        home = Home.default()
        version = datasets.find(database.connect(home), name)
        return version.reference, Opened(version.path(home), version.rows, version.bad_rows, version.sha256)
    return source.opened(name, head.watch, partial(print, file=sys.stderr))
