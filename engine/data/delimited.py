"""CSV and TSV, read record by record in bounded memory; what stands in a field stays text."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import NamedTuple

from ...store.errors import DataError
from .faults import BadRow, RowFault
from .jsonl import JsonRow
from .lines import LIMIT_MEGABYTES, LINE_LIMIT_BYTES, DataFile, Digest, Line, head_of, opened, text_lines

HEAD_BYTES = 2**20


class Layout(NamedTuple):
    """What parts the fields of a record, and whether quotes hold a field together or are text."""

    delimiter: str
    quoted: bool = True


class Record(NamedTuple):
    """The fields of a record and the line where it starts, counted from 1."""

    line: int
    fields: list[str]


def read_delimited_rows(path: DataFile, digest: Digest | None = None) -> Iterator[JsonRow | BadRow]:
    """Yield every record of a `.csv` or `.tsv` file as a dict by column, with the line where it starts.

    The first line names the columns. Quoting is RFC 4180's: a quote inside a quoted field is doubled. A `.csv` is
    parted by commas, semicolons or tabs, whichever its first line has most of. Blank lines are passed over, and so is a
    first column without a name: pandas and R write the numbers of the rows there.

    Raises DataError where the file is missing or not text, or its first line doesn't name each column.
    """
    # The csv module's own limit, 128 KB a field, holds for the whole process; _RecordLines keeps ours.
    csv.field_size_limit(LINE_LIMIT_BYTES)
    with opened(path) as file:
        head = head_of(file, path, HEAD_BYTES).decode("utf-8", "replace")
        layout = _tab_separated(head) if path.suffix.lower() == ".tsv" else _separated(head)
        records = _records(_RecordLines(text_lines(file, digest)), layout)
        header = next(records, None)
        if header is None:
            return
        names = _names(path, header)
        for record in records:
            yield record if isinstance(record, BadRow) else _row(names, record)


def _reader(lines: Iterable[str], layout: Layout) -> Iterator[list[str]]:
    quoting = csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=layout.delimiter, quoting=quoting, strict=True)


def _separated(head: str) -> Layout:
    """The delimiter of which the first line has most, quotes left out of account; a comma where it has none."""
    first = re.sub('"[^"]*"', "", head.lstrip("\r\n").partition("\n")[0])
    return Layout(max(",;\t", key=first.count))


def _tab_separated(head: str) -> Layout:
    """Quotes are text where the head makes sense only so: spreadsheets quote in TSV, the IANA's definition doesn't."""
    # Without its last line, which may be cut.
    sample = head.rpartition("\n")[0]
    quoted, as_text = Layout("\t"), Layout("\t", quoted=False)
    return as_text if not _is_even(sample, quoted) and _is_even(sample, as_text) else quoted


def _is_even(head: str, layout: Layout) -> bool:
    """Whether all records have equally many fields."""
    try:
        return len({len(record) for record in _reader(StringIO(head), layout) if record}) == 1
    except csv.Error:
        return False


class _RecordLines:
    """The lines that csv.reader asks for; keeps their number, and of a record the first fault and the length."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._length = 0
        self.number = 0
        self.ended = False
        self.fault: BadRow | None = None

    def start_record(self) -> None:
        self._length = 0
        self.fault = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.number = line.number
        # A faulty line is parsed all the same: it may open or close a quote.
        if line.fault and self.fault is None:
            self.fault = BadRow(line.number, line.fault)
        self._length += len(line.text)
        if self._length > LINE_LIMIT_BYTES:
            raise RowFault(f"the row is longer than {LIMIT_MEGABYTES} MB; a quoted field may not be closed")
        return line.text


def _records(lines: _RecordLines, layout: Layout) -> Iterator[Record | BadRow]:
    """Each record that isn't blank; after a fault the next line starts the next record."""
    reader = _reader(lines, layout)
    while True:
        lines.start_record()
        record = _record(reader, lines)
        if record is None:
            return
        if lines.fault or isinstance(record, BadRow) or record.fields:
            yield lines.fault or record


def _record(reader: Iterator[list[str]], lines: _RecordLines) -> Record | BadRow | None:
    start = lines.number + 1
    try:
        return Record(start, next(reader))
    except StopIteration:
        return None
    except RowFault as fault:
        return BadRow(start, str(fault))
    except csv.Error as error:
        return BadRow(start, _sentence(error, lines))


def _sentence(error: csv.Error, lines: _RecordLines) -> str:
    if lines.ended:
        return f"a quoted field is never closed; it takes up the rest of the file, to line {lines.number:,}"
    if str(error).startswith("new-line"):
        return "a carriage return stands alone outside quotes; the file may have the line ends of old Macs"
    return 'a quoted field goes on behind its closing quote; a quote inside it is written ""'


def _names(path: DataFile, header: Record | BadRow) -> list[str]:
    """The columns' names; the first may be empty."""
    next_step = "The first line has to give each column a name of its own."
    if isinstance(header, BadRow):
        raise DataError(f"{path.name} line {header.line:,}: {header.sentence}.", next_step)
    names = [name.strip() for name in header.fields]
    if not any(names) or not all(names[1:]):
        number = names.index("", 1 if any(names) else 0) + 1
        raise DataError(f"{path.name} line {header.line:,}: column {number:,} has no name.", next_step)
    seen = set[str]()
    for name in names:
        if name in seen:
            raise DataError(f"{path.name} line {header.line:,}: two columns are named {name[:40]!r}.", next_step)
        seen.add(name)
    return names


def _row(names: list[str], record: Record) -> JsonRow | BadRow:
    count = len(record.fields)
    if count != len(names):
        return BadRow(record.line, f"the row has {count:,} field{'' if count == 1 else 's'}, expected {len(names):,}")
    return JsonRow(record.line, {name: field for name, field in zip(names, record.fields, strict=True) if name})
