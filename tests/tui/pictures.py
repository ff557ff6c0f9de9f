"""Pictures of screens, as text in files, for any test; with TUNEDECK_WRITE_PICTURES set, they are written anew."""

import os
from pathlib import Path

from cockpit import Cockpit

FOLDER = Path(__file__).parent / "snapshots"
SMALL, LARGE = (80, 24), (160, 48)
_WRITE = bool(os.environ.get("TUNEDECK_WRITE_PICTURES"))


def file_name(name: str, size: tuple[int, int]) -> str:
    return f"{name}-{size[0]}x{size[1]}"


async def compare(cockpit: Cockpit, name: str, *sizes: tuple[int, int]) -> None:
    """What stands on the screen looks as it did, at each of these sizes, or else at both."""
    for size in sizes or (LARGE, SMALL):
        if cockpit.app.size != size:
            await cockpit.pilot.resize_terminal(*size)
        text = "\n".join(await cockpit.until_still()) + "\n"
        file = FOLDER / f"{file_name(name, size)}.txt"
        if _WRITE:
            file.write_text(text, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text
