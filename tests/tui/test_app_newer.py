"""A store of a newer Tunedeck: the app says so, shows all of it, and changes nothing."""

import hashlib
import sqlite3
from contextlib import closing

from cockpit import opened
from tunedeck.store import database
from tunedeck.store.paths import Home


def content(home: Home) -> str:
    """A digest of every row."""
    with closing(sqlite3.connect(f"{home.store.as_uri()}?mode=ro", uri=True)) as db:
        return hashlib.sha256("\n".join(db.iterdump()).encode()).hexdigest()


def set_version(home: Home, version: int) -> None:
    with closing(sqlite3.connect(home.store)) as db:
        db.execute(f"PRAGMA user_version={version}")


async def test_a_newer_store_is_shown_with_a_sentence_and_never_changed(seeded: Home) -> None:
    set_version(seeded, database.SCHEMA_VERSION + 1)
    before = content(seeded)
    async with opened(seeded, (120, 40)) as cockpit:
        await cockpit.until_shown("is of a newer Tunedeck", "finished")
        for place, heading in (("3", "DATA"), ("6", "LINEAGE"), ("8", "SYSTEM"), ("5", "NEW RUN"), ("q", "SYSTEM")):
            await cockpit.press(place)
            await cockpit.until_shown(heading)
        for key in ("1", "p"):
            await cockpit.press(key)
        await cockpit.until_shown("readonly")
    assert content(seeded) == before
    set_version(seeded, database.SCHEMA_VERSION)
