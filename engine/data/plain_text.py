"""Plain text, read paragraph by paragraph: blank lines part one row from the next."""

from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import groupby

from .faults import BadRow
from .jsonl import JsonRow
from .lines import LIMIT_MEGABYTES, LINE_LIMIT_BYTES, DataFile, Digest, Line, head_of, opened, text_lines


def read_paragraphs(path: DataFile, digest: Digest | None = None) -> Iterator[JsonRow | BadRow]:
    """Yield each paragraph as `{"text": ...}`, with its line breaks as "\\n" and the line where it starts.

    Raises DataError where the file is missing or not text.
    """
    with opened(path) as file:
        head_of(file, path)
        for blank, lines in groupby(text_lines(file, digest), _is_blank):
            if not blank:
                yield _paragraph(lines)


def _is_blank(line: Line) -> bool:
    return not line.fault and not line.text.strip()


def _paragraph(lines: Iterable[Line]) -> JsonRow | BadRow:
    first_line = 0
    # A list of eight million lines of one letter would take half a gigabyte; a buffer takes their 16 MB.
    text = StringIO()
    for line in lines:
        first_line = first_line or line.number
        if line.fault:
            return BadRow(line.number, line.fault)
        if text.tell() + len(line.text) > LINE_LIMIT_BYTES:
            return BadRow(first_line, f"the paragraph is longer than {LIMIT_MEGABYTES} MB; part it by blank lines")
        text.write(line.text.rstrip("\r\n") + "\n")
    return JsonRow(first_line, {"text": text.getvalue().removesuffix("\n")})
