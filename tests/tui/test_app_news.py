"""The first words of the app: what has ended since a key was last pressed in any app."""

import os
import time

import every_state
import pytest
from cockpit import opened
from tunedeck.store import attempts, database
from tunedeck.store.paths import Home


def leave(home: Home, seconds_ago: float) -> None:
    moment = time.time() - seconds_ago
    home.last_key.touch()
    os.utime(home.last_key, (moment, moment))


@pytest.fixture
def left(seeded: Home) -> Home:
    """A home that was left an hour ago; the classifier and the one that ran out of memory have ended since."""
    db = database.connect(seeded)
    db.execute("UPDATE attempt SET ended_at = ? WHERE ended_at IS NOT NULL", (time.time() - 7200,))
    for name, ago in (("killed by the kernel", 600), ("finished", 60)):
        attempt = attempts.of_run(db, every_state.by_name(seeded)[name].id)[-1]
        db.execute("UPDATE attempt SET ended_at = ? WHERE id = ?", (time.time() - ago, attempt.id))
    db.close()
    leave(seeded, 3600)
    return seeded


async def test_the_first_words_are_what_has_ended_since_the_last_key(left: Home) -> None:
    async with opened(left) as cockpit:
        told = "Since you left: killed by the kernel ran out of memory, finished stopped early at loss 1.327."
        await cockpit.until(lambda: cockpit.status == told, told)


async def test_many_endings_are_counted(left: Home) -> None:
    leave(left, 8000)
    async with opened(left) as cockpit:
        told = "Since you left: 1 stopped early, 1 stopped, 1 out of memory, 2 failed, 1 interrupted."
        await cockpit.until(lambda: cockpit.status == told, told)


async def test_a_run_whose_engine_died_unseen_is_news(left: Home) -> None:
    """Nobody holds its lock, and no runner lives: a reboot at night."""
    db = database.connect(left)
    db.execute("UPDATE run SET state = 'running' WHERE name = 'lost'")
    db.close()
    left.runner_lock.unlink()
    async with opened(left) as cockpit:
        await cockpit.until(lambda: "interrupted" in cockpit.status, "it is told")


async def test_nothing_is_said_at_the_first_start_or_where_nothing_has_ended(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.until_still()
        assert cockpit.status == ""
        assert not seeded.last_key.exists()
        await cockpit.press("j")
        await cockpit.until(seeded.last_key.exists, "the time of the key is kept")
    async with opened(seeded) as cockpit:
        await cockpit.until_still()
        assert cockpit.status == ""


async def test_the_time_of_the_last_key_is_kept_at_the_end_too(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("j")
        await cockpit.until(seeded.last_key.exists, "the time of the key is kept")
        first = seeded.last_key.stat().st_mtime
        await cockpit.pilot.pause(0.05)
        await cockpit.press("k")
        await cockpit.pilot.pause(0.1)
        assert seeded.last_key.stat().st_mtime == first
    assert first < seeded.last_key.stat().st_mtime <= time.time()
