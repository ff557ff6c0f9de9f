"""What differs between two versions: row by row where both stem from one source, else by what the rows say."""

import hashlib
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..data import rows_file
from ..data.rows_file import RowRecord

By = Literal["line", "content"]


@dataclass
class Diff:
    """Indices of rows: `removed` are of the first version, `added` of the second, `changed` of both, `same` a count."""

    by: By
    removed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    changed: list[tuple[int, int]] = field(default_factory=list)
    same: int = 0


def diff(first: Path, second: Path, by: By) -> Diff:
    """Compare two rows files. By line a row is known by its line, whatever it says; by content by what it says alone.

    Only digests are held of the rows: 100,000 of them need 20 MB, however long they are.
    """
    return _by_line(first, second) if by == "line" else _by_content(first, second)


def _by_line(first: Path, second: Path) -> Diff:
    before = {record.line: (index, _digest(_told(record))) for index, record in enumerate(rows_file.read(first))}
    found = Diff("line")
    for index, record in enumerate(rows_file.read(second)):
        known = before.pop(record.line, None)
        if known is None:
            found.added.append(index)
        elif known[1] != _digest(_told(record)):
            found.changed.append((known[0], index))
        else:
            found.same += 1
    found.removed = [index for index, _ in before.values()]
    return found


def _by_content(first: Path, second: Path) -> Diff:
    before: dict[bytes, deque[int]] = defaultdict(deque)
    for index, record in enumerate(rows_file.read(first)):
        before[_digest(_content(record))].append(index)
    found = Diff("content")
    for index, record in enumerate(rows_file.read(second)):
        known = before.get(_digest(_content(record)))
        if known:
            known.popleft()
            found.same += 1
        else:
            found.added.append(index)
    found.removed = sorted(index for left in before.values() for index in left)
    return found


def changes(before: RowRecord, after: RowRecord) -> dict[str, list[object]]:
    """What differs between two states of a row, `[before, after]` by field, by "" where it is no object."""
    old, new = (record.fault or record.value for record in (before, after))
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return {"": [old, new]}
    return {name: [old.get(name), new.get(name)] for name in old | new if _stated(old, name) != _stated(new, name)}


def _stated(value: dict[str, object], name: str) -> str | None:
    """By what is written: 1, 1.0 and true are equal for Python."""
    return json.dumps(value[name], sort_keys=True) if name in value else None


def _told(record: RowRecord) -> str:
    return record.row or record.fault


def _content(record: RowRecord) -> str:
    """The same for rows that say the same, in whatever order of their fields."""
    return record.fault or json.dumps(record.value, sort_keys=True)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
