"""Tagging and pinning as sentences, the same for the app's keys and the command line."""

import sqlite3
from collections.abc import Sequence

from ..store import tags
from ..store.records import Run
from ..store.tags import PINNED, Change
from .words import counted


def change(db: sqlite3.Connection, runs: Sequence[Run], wanted: Change) -> str:
    """Put tags on the runs and take others off; the sentence that says so."""
    tags.change(db, [run.id for run in runs], wanted)
    return f"{named(runs)} {_told(wanted, 'is' if len(runs) == 1 else 'are')}."


def named(runs: Sequence[Run]) -> str:
    return runs[0].name if len(runs) == 1 else counted(len(runs), "run")


def _told(wanted: Change, verb: str) -> str:
    if wanted == Change(on=(PINNED,)):
        return f"{verb} pinned to the head of the list"
    if wanted == Change(off=(PINNED,)):
        return f"{verb} no longer pinned"
    on, off = " ".join(wanted.on), " ".join(wanted.off)
    if not on:
        return f"{verb} no longer tagged {off}"
    return f"{verb} now tagged {on}" + (f", and no longer {off}" if off else "")
