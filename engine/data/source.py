"""Where rows come from: a name is found, read, checked and fingerprinted."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...store import paths
from ...store.errors import DataError
from ..demo import parts
from .chat import ChatRow, messages_of
from .faults import BadRow, BadRows, RowFault
from .jsonl import Digest, read_json_rows

OnBadRows = Literal["refuse", "skip"]
SUFFIXES = (".jsonl", ".json")


@dataclass(frozen=True)
class Rows:
    """The conversations of one source, those that can't be used, and the sha256 of the bytes that were read."""

    name: str
    path: Path
    rows: tuple[ChatRow, ...]
    bad_rows: BadRows
    sha256: str


def load_rows(
    name: str,
    *,
    on_bad_rows: OnBadRows = "refuse",
    cache: Path | None = None,
    report: Callable[[str], None] = parts.say_nothing,
) -> Rows:
    """Read all conversations of `demo:chat` or of a local `.jsonl` or `.json` file.

    Raises DataError where the source can't be read, a row is bad and `on_bad_rows` is "refuse", or no row is left;
    FetchError where a demo part can't be fetched.
    """
    path = find(name, cache=cache, report=report)
    digest = hashlib.sha256()
    bad_rows = BadRows(path.name)
    rows: list[ChatRow] = []
    for row in read_chat_rows(path, digest):
        if isinstance(row, BadRow):
            bad_rows.add(row)
        else:
            rows.append(row)
    if bad_rows.count and (on_bad_rows == "refuse" or not rows):
        raise bad_rows.refusal() if rows else DataError(bad_rows.summary(), "No row of the file can be used; mend it.")
    if not rows:
        raise DataError(f"{path.name} is empty.", "Name a file with one JSON object a line.")
    return Rows(name, path, tuple(rows), bad_rows, digest.hexdigest())


def find(name: str, *, cache: Path | None = None, report: Callable[[str], None] = parts.say_nothing) -> Path:
    """Turn the name of a data source into a local file, fetching a demo part if need be.

    Raises DataError for a kind of file that isn't read; FetchError where a demo part can't be fetched.
    """
    if name.startswith("demo:"):
        return parts.ensure_data(name, cache or paths.cache_folder(), report)
    path = Path(name).expanduser()
    if path.suffix not in SUFFIXES and not path.is_dir():
        raise DataError(
            f"{name} is not a kind of data that can be read.",
            "Read are local .jsonl and .json files, and demo:chat.",
        )
    return path


def read_chat_rows(path: Path, digest: Digest | None = None) -> Iterator[ChatRow | BadRow]:
    """Yield every row of a local file as a conversation, or with what is wrong with it, in order."""
    for row in read_json_rows(path, digest):
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            yield ChatRow(row.line, messages_of(row.value))
        except RowFault as fault:
            yield BadRow(row.line, str(fault))
