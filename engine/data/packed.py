"""Files of rows that are packed: one by gzip, or the members of a zip archive; read in bounded memory, never laid out.

No name that stands in an archive is ever used as a path.
"""

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal

from ...store.errors import DataError
from .lines import DataFile, opened

GZIP = ".gz"
ZIP = ".zip"
BUFFER_BYTES = 2**20
# Deflate makes 1,030 times its size of zeros and about 4 of text; below the first limit no ratio is looked at.
LEAST_BOMB_BYTES = 64 * 2**20
MOST_RATIO = 200
UNPACKED_LIMIT_BYTES = 64 * 2**30
# The others that zipfile knows unpack a block at once, and a block of bzip2 or LZMA may be gigabytes.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1


@dataclass(frozen=True)
class Gzipped:
    """A file that is packed by gzip; its suffix is that of what is inside."""

    packed: DataFile

    def __str__(self) -> str:
        return str(self.packed)

    @property
    def name(self) -> str:
        return self.packed.name

    @property
    def suffix(self) -> str:
        return inner_suffix(self.name)

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """Raises DataError, here or while it is read, where it can't be unpacked."""
        packed = self.packed.open(mode)
        stream = gzip.GzipFile(fileobj=packed, mode="rb")
        return _readable(self, _Unpacked(self.name, stream, packed))


@dataclass(frozen=True)
class Member:
    """A member of a zip archive, known by the archive's name and its own."""

    archive: Path
    info: zipfile.ZipInfo

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.archive.name}/{self.info.filename}"

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.info.filename).suffix

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """Raises DataError, here or while it is read, where it can't be unpacked."""
        with _Faults(self.name), zipfile.ZipFile(self.archive) as archive:
            # The archive itself stays open for as long as the member is.
            return _readable(self, _Unpacked(self.name, archive.open(self.info)))


def inner_suffix(name: str) -> str:
    """The suffix that tells how a file is read: of `rows.jsonl.gz` it is `.jsonl`."""
    path = PurePosixPath(name)
    return PurePosixPath(path.stem).suffix if path.suffix.lower() == GZIP else path.suffix


def unpacked(file: DataFile) -> DataFile:
    """The file as it is read: what is inside where it is packed by gzip."""
    return Gzipped(file) if file.name.lower().endswith(GZIP) else file


def members(path: Path, is_read: Callable[[str], bool]) -> list[DataFile]:
    """The members of a zip archive of whose names `is_read` says so, by name, hidden ones left out.

    Raises DataError where it can't be read, a member is encrypted or packed in another way than by deflate, or all of
    them together are a bomb.
    """
    with opened(path) as file, _Faults(path.name), zipfile.ZipFile(file) as archive:
        infos = [info for info in archive.infolist() if not is_hidden(info.filename) and is_read(info.filename)]
    for info in infos:
        if info.flag_bits & ENCRYPTED:
            raise DataError(f"{path.name}/{info.filename} is encrypted.", "Unpack it with its password, and name that.")
        if info.compress_type not in METHODS:
            raise DataError(f"{path.name}/{info.filename} is not packed by deflate.", "Unpack it first.")
    # Members may overlap, so that each of them is packed modestly: what counts is what they make of the whole file.
    _refuse_bomb(path.name, sum(info.file_size for info in infos), path.stat().st_size)
    return [unpacked(Member(path, info)) for info in sorted(infos, key=lambda info: info.filename)]


def is_hidden(name: str) -> bool:
    """Whether a part of the path starts with a point, or is the folder in which macOS keeps what else it knows."""
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(name).parts)


def _refuse_bomb(name: str, unpacked_bytes: int, packed_bytes: int) -> None:
    if unpacked_bytes > UNPACKED_LIMIT_BYTES:
        raise DataError(f"{name} unpacks to more than {UNPACKED_LIMIT_BYTES // 2**30} GB.", "Unpack it first.")
    if unpacked_bytes > max(LEAST_BOMB_BYTES, MOST_RATIO * packed_bytes):
        raise DataError(
            f"{name} unpacks to more than {MOST_RATIO} times its size, as no rows do.",
            "If it is no bomb, unpack it and name the file.",
        )


class _Faults:
    """What the libraries raise where packed bytes are not as they should be, as our error."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, traceback: object) -> None:
        # An OSError without a number is gzip's own; with one it is of the disk, and told by who opened the file.
        of_gzip = isinstance(error, OSError) and error.errno is None
        if of_gzip or isinstance(error, EOFError | zlib.error | zipfile.BadZipFile | NotImplementedError):
            reason = str(error).partition("\n")[0][:200].rstrip(".") or "it is cut off"
            raise DataError(
                f"{self._name} can't be unpacked: {reason}.", "It may be cut off; fetch or pack it again."
            ) from error


class _Unpacked(io.RawIOBase):
    """What comes out of a packed file, counted: more than could be rows is refused."""

    def __init__(self, name: str, stream: gzip.GzipFile | IO[bytes], packed: IO[bytes] | None = None) -> None:
        super().__init__()
        self._name, self._stream, self._packed = name, stream, packed
        self._unpacked_bytes = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        space = memoryview(buffer).cast("B")
        with _Faults(self._name):
            content = self._stream.read(len(space))
        space[: len(content)] = content
        self._unpacked_bytes += len(content)
        if self._packed:
            _refuse_bomb(self._name, self._unpacked_bytes, self._packed.tell())
        return len(content)

    def tell(self) -> int:
        return self._unpacked_bytes

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Only to the beginning, which is what readers do that have looked at the first bytes."""
        if offset or whence:
            raise io.UnsupportedOperation("packed files are read from the beginning")
        self._unpacked_bytes = 0
        return self._stream.seek(0)

    def close(self) -> None:
        self._stream.close()
        if self._packed:
            self._packed.close()
        super().close()


def _readable(file: DataFile, stream: _Unpacked) -> IO[bytes]:
    """The stream with a buffer; Parquet, which is read from its end, as a file on the disk that has no name."""
    buffered = io.BufferedReader(stream, BUFFER_BYTES)
    if file.suffix.lower() != ".parquet":
        return buffered
    with ExitStack() as undo, buffered:
        laid_out = undo.enter_context(tempfile.TemporaryFile())
        shutil.copyfileobj(buffered, laid_out, BUFFER_BYTES)
        laid_out.seek(0)
        undo.pop_all()
    return laid_out
