"""The disk that holds the runs: what is free, and how many checkpoints still fit."""

import shutil
import sqlite3
from dataclasses import dataclass

from ...store import checkpoints
from ...store.paths import Home


@dataclass(frozen=True)
class Disk:
    """The filesystem of the home; `checkpoint_bytes` is the mean size of a checkpoint, None while there is none."""

    free_bytes: int
    total_bytes: int
    checkpoint_bytes: int | None

    @property
    def checkpoints_left(self) -> int | None:
        return self.free_bytes // self.checkpoint_bytes if self.checkpoint_bytes else None


def read(db: sqlite3.Connection, home: Home) -> Disk:
    told = shutil.disk_usage(home.root)
    return Disk(told.free, told.total, checkpoints.mean_bytes(db))
