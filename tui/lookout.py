"""What the watch's thread looks at in the config folder now and then: themes that were saved, and the keys."""

from collections.abc import Callable
from pathlib import Path

from .key_map import KeyMap
from .themes import DeckTheme, load_themes

TakeThemes = Callable[[dict[str, DeckTheme], list[str]], None]
Tell = Callable[[list[str]], None]


class Lookout:
    """Has themes read again when a file of theirs was saved, and tells once which of the user's keys can't be granted.

    That takes the classes of all screens, which nobody imports before the first picture.
    """

    def __init__(self, folder: Path, key_map: KeyMap, take_themes: TakeThemes, tell: Tell) -> None:
        self._folder, self._key_map = folder, key_map
        self._take_themes, self._tell = take_themes, tell
        self._seen = _stamps(folder)
        self._keys_checked = not key_map.wishes

    def look(self) -> None:
        """In a thread; a folder on a slow disk holds up no key."""
        if not self._keys_checked:
            from .screens.every import all_screens

            self._keys_checked = True
            if faults := self._key_map.faults(all_screens()):
                self._tell(faults)
        if (now := _stamps(self._folder)) != self._seen:
            self._seen = now
            self._take_themes(*load_themes(self._folder))


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """When each theme file was written last, in nanoseconds, and its size in bytes."""
    stamps = {}
    for file in folder.glob("*.toml"):
        try:
            status = file.stat()
        except OSError:
            continue  # deleted meanwhile, or unreadable: then it is no theme
        stamps[file.name] = (status.st_mtime_ns, status.st_size)
    return stamps
