"""The app's eyes: one thread that reads the store when it has changed, and hands what it read to the event loop."""

import gc
import os
import select
import sqlite3
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

from ..store import database, runs, states
from ..store.errors import UserError
from ..store.paths import Home

LOOK_SECONDS = 0.25
# Time left and lateness go on while nothing is written; once a second is as often as anyone can read them.
_TICK_SECONDS = 1.0
_IDLE_SECONDS = 2.0

Query = Callable[[sqlite3.Connection], Any]
Apply = Callable[[Any], None]


class Watch:
    """Runs each subscriber's query when the store changed, and its `apply` in the event loop with the answer."""

    def __init__(
        self,
        home: Home,
        post: Callable[[Callable[[], None]], None],
        say: Callable[[str], None],
        *,
        idle: Callable[[], None] = lambda: None,
    ) -> None:
        """`idle` is called each two seconds or so, in the thread, while nobody asks for anything."""
        self._home, self._post, self._say, self._idle = home, post, say, idle
        self._idled_at = time.monotonic()
        self._subscribers: dict[object, tuple[Query, Apply]] = {}
        self._new: deque[object] = deque()
        self._wake = threading.Event()
        self._ended = False
        # Asked now: of a terminal that is gone isatty says that it is none.
        self._in_terminal = sys.__stdin__ is not None and os.isatty(0)
        self._thread = threading.Thread(target=self._work, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def subscribe(self, owner: object, query: Query, apply: Apply) -> None:
        """Ask at once, and again whenever the store changes; a new query of the same owner replaces its old one."""
        self._subscribers[owner] = (query, apply)
        self._new.append(owner)
        self._wake.set()

    def unsubscribe(self, owner: object) -> None:
        self._subscribers.pop(owner, None)

    def _work(self) -> None:
        try:
            self._look_on()
        except Exception as error:  # noqa: BLE001 - an app that goes on, blind, would be worse than one that ends
            self._post(partial(_rise, error))

    def _look_on(self) -> None:
        db, version, ticked_at = None, -1, 0.0
        while not self._ended:
            asked = self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            if self._in_terminal:
                _leave_with_terminal()
            if db is None:
                db = self._connect()
                if db is not None:
                    self._wake.set()
                continue
            now = database.data_version(db)
            tick = time.monotonic() - ticked_at >= _TICK_SECONDS and self._something_runs(db)
            new = [self._new.popleft() for _ in range(len(self._new))]
            if tick or now != version:
                version, ticked_at = now, time.monotonic()
                self._read(db, self._subscribers)
            else:
                # Nobody else's answer has changed: with each step of the cursor a preview is asked for, and to read a
                # list of 10,000 runs with it took 50 ms.
                self._read(db, new)
            if not asked:
                _import_the_rest()
                self._look_around()
        if db is not None:
            db.close()

    def _look_around(self) -> None:
        if time.monotonic() - self._idled_at >= _IDLE_SECONDS:
            self._idled_at = time.monotonic()
            self._idle()

    def _connect(self) -> sqlite3.Connection | None:
        try:
            db = database.connect(self._home)
            if database.is_read_only(db):
                self._say(database.newer(self._home))
            return db
        except UserError as error:
            self._say(str(error))
            return None

    def _something_runs(self, db: sqlite3.Connection) -> bool:
        try:
            states.settle(db, self._home)
            return bool(states.claimed(db)) or runs.queued_count(db) > 0
        except sqlite3.OperationalError:
            return False  # busy: looked at again in a moment

    def _read(self, db: sqlite3.Connection, owners: Iterable[object]) -> None:
        for owner in list(owners):
            subscription = self._subscribers.get(owner)
            if subscription is not None:
                self._answer(db, owner, *subscription)

    def _answer(self, db: sqlite3.Connection, owner: object, query: Query, apply: Apply) -> None:
        try:
            answer = query(db)
        except UserError as error:
            self._say(str(error))
        except sqlite3.Error as error:
            self._say(f"{self._home.store} could not be read just now: {error}.")
        else:
            self._post(lambda: self._apply(owner, apply, answer))

    def _apply(self, owner: object, apply: Apply, answer: object) -> None:
        # The screen may have gone, or asked for something else, since the question was put.
        if self._subscribers.get(owner, (None, None))[1] == apply:
            apply(answer)


def _rise(error: Exception) -> None:
    raise error


@cache
def _import_the_rest() -> None:
    """What the first picture does not need and the next keys do: 0.3 s once, while nobody asks for anything."""
    from ..store import config  # noqa: F401
    from .charts import plot  # noqa: F401
    from .screens import help, new_run, palette, review, run  # noqa: F401

    # Modules are never garbage: to look through them took the event loop 70 ms at each full collection.
    gc.freeze()
    gc.enable()


def _leave_with_terminal() -> None:
    """End the process when its terminal is gone, also where SIGHUP is ignored (nohup)."""
    poll = select.poll()
    poll.register(0, 0)
    if any(happened & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, happened in poll.poll(0)):
        # Nothing of ours is unsaved; an orderly exit would wait for a terminal that never answers.
        os._exit(129)
