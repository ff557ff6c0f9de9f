"""When somebody last pressed a key in any app: the time of a file, by which the next one can tell what is new."""

import os
import threading
import time
from contextlib import suppress

from ..store.paths import Home

# On a network disk a touch takes milliseconds: not at every key, and never in the event loop.
_TOUCH_SECONDS = 60.0


class Presence:
    """One app's part in it; `left_at` is the time of the last key before the app was opened, None where none was."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.left_at = last_key(home)
        self._pressed_at = self._touched_at = 0.0

    def pressed(self) -> None:
        """A key was pressed."""
        self._pressed_at = time.time()
        if self._pressed_at - self._touched_at > _TOUCH_SECONDS:
            self._touched_at = self._pressed_at
            threading.Thread(target=self.leave, name="presence", daemon=True).start()

    def leave(self) -> None:
        """Keep the time of the last key, unless another app has kept a later one."""
        if self._pressed_at > (last_key(self._home) or 0.0):
            # A home that can't be written is told of by whatever else is written there.
            with suppress(OSError):
                self._home.last_key.touch(mode=0o600)
                os.utime(self._home.last_key, (self._pressed_at, self._pressed_at))


def last_key(home: Home) -> float | None:
    """When a key was last pressed, in seconds since 1970 and to about a minute; None where none was yet."""
    try:
        return home.last_key.stat().st_mtime
    except OSError:
        return None
