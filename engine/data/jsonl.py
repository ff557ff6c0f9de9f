"""JSON Lines and JSON arrays, read row by row in bounded memory, with the line of every fault."""

import codecs
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from ...store.errors import DataError
from .faults import BadRow, RowFault
from .lines import DataFile, Digest, head_of, opened, text_lines

# An array has to be in memory as a whole; JSON Lines have no such limit.
ARRAY_LIMIT_BYTES = 64 * 2**20
BLANKS = " \t\r\n"


class JsonRow(NamedTuple):
    """One JSON value and the line where it starts, counted from 1; `place` as a bad row has it."""

    line: int
    value: object
    place: str = ""


def read_json_rows(path: DataFile, digest: Digest | None = None) -> Iterator[JsonRow | BadRow]:
    """Yield every row of a `.jsonl` file, or of a `.json` file that holds an array, in order.

    Blank lines are passed over. `digest` is fed with the bytes as they are read, so that the fingerprint is of exactly
    what was read. A row that can't be read comes as a BadRow; in an array the first one is also the last.

    Raises DataError where the file as a whole can't be read: missing, not text, or an array above 64 MB.
    """
    with opened(path) as file:
        yield from _rows_of(file, path, digest)


def _rows_of(file: IO[bytes], path: DataFile, digest: Digest | None) -> Iterator[JsonRow | BadRow]:
    if head_of(file, path).lstrip(BLANKS.encode())[:1] != b"[":
        return _line_rows(file, digest)
    if path.suffix.lower() != ".json":
        raise DataError(f"{path.name} starts with [ like a JSON array, expected one object a line.", "Name it .json.")
    return _array_rows(file, path, digest)


def _line_rows(file: IO[bytes], digest: Digest | None) -> Iterator[JsonRow | BadRow]:
    for line in text_lines(file, digest):
        if line.fault:
            yield BadRow(line.number, line.fault)
        elif line.text.strip(BLANKS):
            try:
                # Without its end a cut line is told by what it lacks, not by the line break it runs into.
                yield JsonRow(line.number, parsed(line.text.rstrip("\r\n")))
            except RowFault as fault:
                yield BadRow(line.number, str(fault))


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise RowFault(f"the number {number[:20]} is too large")
    return value


def _no_constant(name: str) -> float:
    raise RowFault(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_no_constant)


def parsed(text: str) -> object:
    """The value that a JSON text holds, every number finite. Raises RowFault."""
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


def _array_rows(file: IO[bytes], path: DataFile, digest: Digest | None) -> Iterator[JsonRow | BadRow]:
    content = file.read(ARRAY_LIMIT_BYTES + 1)
    if len(content) > ARRAY_LIMIT_BYTES:
        raise DataError(
            f"{path.name} is a JSON array of more than {ARRAY_LIMIT_BYTES // 2**20} MB.",
            f"Write one row a line: jq -c '.[]' {path.name} > {Path(path.name).stem}.jsonl",
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
    yield from _numbered(_array_values(text), path.name)


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


def _numbered(rows: Iterator[JsonRow | BadRow], name: str) -> Iterator[JsonRow | BadRow]:
    """Each row with a line of its own: of those that start on one, the later get the next numbers, and a place."""
    number = 0
    for row in rows:
        number = max(row.line, number + 1)
        place = "" if number == row.line else f"{name} line {row.line:,}"
        if isinstance(row, BadRow):
            yield BadRow(number, row.sentence, place)
        else:
            yield JsonRow(number, row.value, place)


def _after_blanks(text: str, position: int) -> int:
    while text[position : position + 1] in (" ", "\t", "\r", "\n"):
        position += 1
    return position


def _shown(text: str) -> str:
    return repr(text[:20]) if text else "the end of the file"
