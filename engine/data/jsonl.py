"""JSON Lines and JSON arrays, read row by row in bounded memory, with the line of every fault."""

import codecs
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from ...store.errors import DataError
from .faults import BadRow, RowFault

# About four million tokens of English, more than any model reads; a longer line is another kind of file.
LINE_LIMIT_BYTES = 16 * 2**20
# An array has to be in memory as a whole; JSON Lines have no such limit.
ARRAY_LIMIT_BYTES = 64 * 2**20
BLANKS = " \t\r\n"


class Digest(Protocol):
    """What hashlib's objects have, and all that is needed of them."""

    def update(self, data: bytes, /) -> None: ...


@dataclass(frozen=True)
class JsonRow:
    """One JSON value and the line where it starts, counted from 1."""

    line: int
    value: object


def read_json_rows(path: Path, digest: Digest | None = None) -> Iterator[JsonRow | BadRow]:
    """Yield every row of a `.jsonl` file, or of a `.json` file that holds an array, in order.

    Blank lines are passed over. `digest` is fed with the bytes as they are read, so that the fingerprint is of exactly
    what was read. A row that can't be read comes as a BadRow; in an array the first one is also the last.

    Raises DataError where the file as a whole can't be read: missing, not text, or an array above 64 MB.
    """
    try:
        with path.open("rb") as file:
            yield from _rows_of(file, path, digest)
    except FileNotFoundError:
        raise DataError(f"{path} does not exist.", "Check the path.") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder, expected a file.", "Name a .jsonl or .json file in it.") from None
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.", "Check the file and its permissions.") from error


def _rows_of(file: BinaryIO, path: Path, digest: Digest | None) -> Iterator[JsonRow | BadRow]:
    head = file.read(4096)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{path.name} is UTF-16, expected UTF-8.", f"Convert it: iconv -f UTF-16 -t UTF-8 {path.name}")
    first = head.removeprefix(codecs.BOM_UTF8).lstrip(BLANKS.encode())[:1]
    if first != b"[":
        return _line_rows(file, digest)
    if path.suffix != ".json":
        raise DataError(f"{path.name} starts with [ like a JSON array, expected one object a line.", "Name it .json.")
    return _array_rows(file, path, digest)


def _line_rows(file: BinaryIO, digest: Digest | None) -> Iterator[JsonRow | BadRow]:
    for number, (line, whole) in enumerate(_limited_lines(file, digest), start=1):
        if not whole:
            limit_megabytes = LINE_LIMIT_BYTES // 2**20
            yield BadRow(number, f"the line is longer than {limit_megabytes} MB")
            continue
        try:
            text = _decoded(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)
            if text.strip(BLANKS):
                # Without its end a cut line is told by what it lacks, not by the line break it runs into.
                yield JsonRow(number, _parsed(text.rstrip("\r\n")))
        except RowFault as fault:
            yield BadRow(number, str(fault))


def _limited_lines(file: BinaryIO, digest: Digest | None) -> Iterator[tuple[bytes, bool]]:
    """Each line and whether it is whole; of one above the limit only the beginning is kept."""
    while line := file.readline(LINE_LIMIT_BYTES):
        rest = line
        while len(rest) == LINE_LIMIT_BYTES and not rest.endswith(b"\n"):
            if digest:
                digest.update(rest)
            rest = file.readline(LINE_LIMIT_BYTES)
        if digest:
            digest.update(rest)
        yield line, rest is line


def _decoded(line: bytes) -> str:
    if (position := line.find(b"\0")) >= 0:
        raise RowFault(f"byte {position + 1:,} of the line is NUL; the file may be cut off or not text")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RowFault(
            f"byte {error.start + 1:,} of the line (0x{line[error.start]:02X}) is not UTF-8; "
            "the file may be Latin-1 or Windows-1252"
        ) from None


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise RowFault(f"the number {number[:20]} is too large")
    return value


def _no_constant(name: str) -> float:
    raise RowFault(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_no_constant)


def _parsed(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise _json_fault(error) from None


def _json_fault(error: ValueError | RecursionError) -> RowFault:
    if isinstance(error, RecursionError):
        return RowFault("the row is nested too deeply")
    if isinstance(error, json.JSONDecodeError):
        return RowFault(f"not valid JSON: {error.msg} (column {error.colno:,})")
    return RowFault(f"an integer has more than {sys.get_int_max_str_digits():,} digits")


def _array_rows(file: BinaryIO, path: Path, digest: Digest | None) -> Iterator[JsonRow | BadRow]:
    content = file.read(ARRAY_LIMIT_BYTES + 1)
    if len(content) > ARRAY_LIMIT_BYTES:
        raise DataError(
            f"{path.name} is a JSON array of more than {ARRAY_LIMIT_BYTES // 2**20} MB.",
            f"Write one row a line: jq -c '.[]' {path.name} > {path.stem}.jsonl",
        )
    if digest:
        digest.update(content)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        yield BadRow(line, f"byte 0x{content[error.start]:02X} is not UTF-8; the file may be Latin-1 or Windows-1252")
        return
    yield from _array_values(text)


@dataclass
class _Cursor:
    """A place in a text, and the line it is on."""

    text: str
    position: int = 0
    line: int = 1

    def move_to(self, position: int) -> None:
        self.line += self.text.count("\n", self.position, position)
        self.position = position

    def peek(self) -> str:
        """Pass over blanks; the character there, or nothing at the end."""
        self.move_to(_after_blanks(self.text, self.position))
        return self.text[self.position : self.position + 1]

    def read_value(self) -> JsonRow | BadRow:
        line = self.line
        try:
            value, end = _DECODER.raw_decode(self.text, self.position)
        except RowFault as fault:
            return BadRow(line, str(fault))
        except (ValueError, RecursionError) as error:
            return BadRow(line, str(_json_fault(error)))
        self.move_to(end)
        return JsonRow(line, value)


def _array_values(text: str) -> Iterator[JsonRow | BadRow]:
    cursor = _Cursor(text, text.index("[") + 1, text.count("\n", 0, text.index("[")) + 1)
    more = cursor.peek() != "]"
    while more:
        cursor.peek()
        row = cursor.read_value()
        yield row
        if isinstance(row, BadRow):
            return
        if more := cursor.peek() == ",":
            cursor.move_to(cursor.position + 1)
    if cursor.peek() != "]":
        yield BadRow(cursor.line, f"not valid JSON: expected a comma or ], found {_shown(text[cursor.position :])}")
    elif rest := text[cursor.position + 1 :].strip(BLANKS):
        yield BadRow(cursor.line, f"the array ends here, but {_shown(rest)} follows")


def _after_blanks(text: str, position: int) -> int:
    while text[position : position + 1] in (" ", "\t", "\r", "\n"):
        position += 1
    return position


def _shown(text: str) -> str:
    return repr(text[:20]) if text else "the end of the file"
