"""Reads the end of a text file that may be large and may still grow."""

from dataclasses import dataclass
from pathlib import Path

LINE_LIMIT = 5000
# More than LINE_LIMIT lines of ordinary length, and 1 ms to read.
BYTE_LIMIT = 1 << 20
_LONGEST_LINE = 4000


@dataclass(frozen=True)
class Tail:
    """The last lines of a file, and where to go on reading: `offset` is the end of the last complete line."""

    lines: tuple[str, ...] = ()
    partial: str = ""
    offset: int = 0
    size: int = -1
    inode: int = 0


def read_tail(path: Path, before: Tail | None = None) -> Tail:
    """The end of the file: at most LINE_LIMIT lines, BYTE_LIMIT bytes; only what is new since `before` is read.

    The same object comes back where nothing has changed. A file that was replaced or cut short is read anew.
    Raises OSError where the file can't be read.
    """
    with path.open("rb") as file:
        status = path.stat()
        size = file.seek(0, 2)
        known = before is not None and before.inode == status.st_ino and before.size <= size
        if before is not None and known and before.size == size:
            return before
        if before is None or not known:
            before = Tail()
        start = max(before.offset, size - BYTE_LIMIT)
        file.seek(start)
        data = file.read(size - start)
    lines = () if start > before.offset else before.lines
    if start > before.offset:
        # The first line is cut somewhere, perhaps in the middle of a character.
        skipped = data.find(b"\n") + 1
        start, data = start + skipped, data[skipped:]
    complete = data.rfind(b"\n") + 1
    new = tuple(map(_text, data[:complete].split(b"\n")[:-1]))
    return Tail((lines + new)[-LINE_LIMIT:], _text(data[complete:]), start + complete, size, status.st_ino)


def _text(line: bytes) -> str:
    """The line as a terminal would leave it: of what a progress bar has overwritten, the last state only."""
    text = line.decode("utf-8", "replace").rstrip("\r").rpartition("\r")[2]
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"
