"""What Tunedeck takes of the disk: sized in a thread, as a cache of models takes seconds, and then kept."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Thread

from ...store.paths import Home, cache_folder

_BLOCK = 512  # of st_blocks, whatever the filesystem's own blocks are


def places(home: Home) -> dict[str, list[Path]]:
    """Everything of size that Tunedeck writes, by what it is called; the store with its journal and its backups."""
    journals = [home.store.with_name(home.store.name + ending) for ending in ("-wal", "-shm")]
    return {
        "runs": [home.runs],
        "data": [home.datasets],
        "trash": [home.trash],
        "store": [home.store, *journals, home.backups],
        "cache": [cache_folder()],
    }


class Taken:
    """The sizes in bytes, by place, as they were when they were measured last."""

    def __init__(self, home: Home) -> None:
        self._places = places(home)
        self._thread: Thread | None = None
        self.sizes: Mapping[str, int] | None = None
        """None until they were measured for the first time."""

    @property
    def is_measuring(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, then: Callable[[], None] = lambda: None) -> None:
        """Measure anew, in a thread that nobody waits for; `then` is called in it."""

        def work() -> None:
            self.measure()
            then()

        if not self.is_measuring:
            self._thread = Thread(target=work, name="taken", daemon=True)
            self._thread.start()

    def measure(self) -> None:
        self.sizes = {name: sum(map(size, places)) for name, places in self._places.items()}


def size(place: Path) -> int:
    """The bytes on the disk of a file, or of all in a folder; a file of two names counts once, a link as a link."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for status in _within(place):
        file = (status.st_dev, status.st_ino)
        if status.st_nlink == 1 or file not in seen:
            total += status.st_blocks * _BLOCK
            seen.add(file)
    return total


def _within(place: Path) -> Iterator[os.stat_result]:
    try:
        yield place.lstat()
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _within(Path(entry.path))
                else:
                    yield entry.stat(follow_symlinks=False)
    except OSError:
        return  # gone since it was listed, no folder, or not ours to read
