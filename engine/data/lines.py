"""The lines of a text file, read in bounded memory, each with what is wrong with it."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Literal, NamedTuple, Protocol

from ...store.errors import DataError
from .faults import RowFault

# About four million tokens of English, more than any model reads; a longer line is another kind of file.
LINE_LIMIT_BYTES = 16 * 2**20
LIMIT_MEGABYTES = LINE_LIMIT_BYTES // 2**20


class Digest(Protocol):
    """What hashlib's objects have, and all that is needed of them."""

    def update(self, data: bytes, /) -> None: ...


class DataFile(Protocol):
    """What a reader needs of a file: a path has it, and so has a file that is packed inside of another.

    As text it is the name by which the user knows it; the suffix is in lower case or not.
    """

    @property
    def name(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def open(self, mode: Literal["rb"], /) -> IO[bytes]: ...


class Line(NamedTuple):
    """A line, counted from 1, with its line break; where there is a fault, the text is only what can be read."""

    number: int
    text: str
    fault: str = ""


@contextmanager
def opened(path: DataFile) -> Iterator[IO[bytes]]:
    """The file, open for reading bytes. Raises DataError where it is missing, a folder, or can't be read."""
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise DataError(f"{path} does not exist.", "Check the path.") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder, expected a file.", "Name one of the files in it.") from None
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.", "Check the file and its permissions.") from error


def head_of(file: IO[bytes], path: DataFile, size_bytes: int = 4096) -> bytes:
    """The first bytes of a file that is still at its beginning, and stays there. Raises DataError for UTF-16."""
    head = file.read(size_bytes)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{path.name} is UTF-16, expected UTF-8.", f"Convert it: iconv -f UTF-16 -t UTF-8 {path.name}")
    return head.removeprefix(codecs.BOM_UTF8)


def text_lines(file: IO[bytes], digest: Digest | None) -> Iterator[Line]:
    """Every line, without a byte order mark; of one above the limit there is no text."""
    for number, (content, whole) in enumerate(_limited_lines(file, digest), start=1):
        line = content.removeprefix(codecs.BOM_UTF8) if number == 1 else content
        if not whole:
            yield Line(number, "", f"the line is longer than {LIMIT_MEGABYTES} MB")
            continue
        try:
            yield Line(number, _decoded(line))
        except RowFault as fault:
            yield Line(number, line.decode("utf-8", "replace"), str(fault))


def _limited_lines(file: IO[bytes], digest: Digest | None) -> Iterator[tuple[bytes, bool]]:
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
