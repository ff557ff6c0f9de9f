"""The verb diff: what differs between two versions."""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ...store import database, datasets
from ...store.paths import Home
from ..curation import versions
from ..curation.diff import Diff, changes, diff
from ..data import rows_file
from ..data.rows_file import RowRecord
from .arguments import VerbArguments


class Sides(NamedTuple):
    """The rows files that are compared."""

    first: Path
    second: Path


def run(arguments: list[str]) -> None:
    """Print `{"by", "removed", "added", "changed", "same"}` with indices, then the first rows that differ.

    A row is `{"removed": row, "line": n}`, `{"added": row, "line": n}` or `{"changed": {field: [before, after]},
    "line": n}`; one that can't be used shows what is wrong with it.

    Raises:
        NotFoundError: there is no such version. DataError: its rows can't be read.
    """
    options = _parser().parse_args(arguments)
    home = Home.default()
    db = database.connect(home)
    first, second = datasets.find(db, options.first), datasets.find(db, options.second)
    sides = Sides(first.path(home), second.path(home))
    found = diff(*sides, options.by or ("line" if versions.are_kin(db, first, second) else "content"))
    print(json.dumps(asdict(found)), flush=True)
    for row in islice(_rows(found, sides, options.rows), options.rows):
        print(json.dumps(row), flush=True)


def _rows(found: Diff, sides: Sides, limit: int) -> Iterator[dict[str, object]]:
    before = _at(sides.first, [*found.removed[:limit], *(index for index, _ in found.changed[:limit])])
    after = _at(sides.second, [*found.added[:limit], *(index for _, index in found.changed[:limit])])
    for old, new in found.changed[:limit]:
        yield {"changed": changes(before[old], after[new]), "line": after[new].line}
    for index in found.removed[:limit]:
        yield {"removed": _shown(before[index]), "line": before[index].line}
    for index in found.added[:limit]:
        yield {"added": _shown(after[index]), "line": after[index].line}


def _at(path: Path, indices: Iterable[int]) -> dict[int, RowRecord]:
    wanted = set(indices)
    return {index: record for index, record in enumerate(rows_file.read(path)) if index in wanted} if wanted else {}


def _shown(record: RowRecord) -> object:
    return record.fault or record.value


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not how many rows there can be")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = VerbArguments(prog="diff", description="Say what differs between two versions.")
    parser.add_argument("first", help="a version such as data:reviews@v1")
    parser.add_argument("second", help="another one")
    parser.add_argument("--by", choices=("line", "content"), help="how rows are matched; by line where it can be")
    parser.add_argument("--rows", type=_count, default=20, help="how many rows that differ are shown")
    return parser
