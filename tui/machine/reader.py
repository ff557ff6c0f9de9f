"""Reads the machine, once or every second, in whichever thread asks."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Event
from typing import Any

from ...store import database, locks, overview, queue_order, states
from ...store.paths import Home
from . import disk, memory, processor
from .devices import Devices
from .machine import Machine
from .processes import Processes, ours
from .taken import Taken

SECONDS = 1.0
# What stands further back in the queue than anyone can see is only counted.
_MOST_QUEUED = 50


class Reader:
    """One thread's view, as how busy something is, is told of the time between two readings; `nvml` as for Devices."""

    def __init__(self, home: Home, taken: Taken, nvml: Any = None) -> None:
        self._home, self._taken = home, taken
        self._devices, self._processes = Devices(nvml), Processes()
        self._is_first = True
        self._wake = Event()

    def read(self, db: sqlite3.Connection) -> Machine:
        devices, known, queued = self._devices.read(), ours(db, self._home), queue_order.waiting(db)
        is_first, self._is_first = self._is_first, False
        return Machine(
            devices=devices,
            fault=self._devices.fault,
            processes=tuple(self._processes.read(devices, known)),
            processor=processor.read(first=is_first),
            memory=memory.read(),
            disk=disk.read(db, self._home),
            taken=self._taken.sizes,
            running=tuple(overview.of_run(db, run) for run in states.claimed(db)),
            queue=tuple(overview.of_run(db, run) for run in queued[:_MOST_QUEUED]),
            queued=len(queued),
            runner_works=locks.is_held(self._home.runner_lock),
        )

    def follow(self) -> Iterator[Machine]:
        """The machine once a second, for as long as somebody goes on asking.

        Raises:
            UserError: the store can't be opened.
        """
        with closing(database.connect(self._home)) as db, closing(self._devices):
            while True:
                # Locked by a writer: it is read again in a second.
                with suppress(sqlite3.OperationalError):
                    yield self.read(db)
                self._wake.wait(SECONDS)
                self._wake.clear()

    def look_now(self) -> None:
        """There is something to see before the second is over."""
        self._wake.set()
