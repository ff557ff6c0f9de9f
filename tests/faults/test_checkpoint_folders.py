"""Checkpoints that come to harm, and their rotation: what is whole is used, what is ours goes (FAULTS 11-13)."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tunedeck.engine.faults import disk, saves
from tunedeck.engine.faults.harms import HARMS
from tunedeck.engine.faults.lab import Lab
from tunedeck.engine.loop import checkpoint
from tunedeck.engine.loop.checkpoint import DiskFull, Merit
from tunedeck.engine.session import Session
from tunedeck.store import checkpoints, events
from tunedeck.store.errors import StateError

FILES = ("adapter_model.safetensors", "optimizer.pt", "rng_state.pth", "trainer_state.json", checkpoints.MANIFEST)


@pytest.fixture
def session(lab: Lab) -> Iterator[Session]:
    """An engine's line to a run that was claimed."""
    run, handler = saves.begin(lab), signal.getsignal(signal.SIGTERM)
    made = Session(lab.home, run.id, lab.attempt(run).id)
    yield made
    made.close()
    signal.signal(signal.SIGTERM, handler)


def write(folder: Path) -> None:
    for name in FILES[:-1]:
        (folder / name).write_bytes(os.urandom(10_000))


def write_on_a_full_disk(folder: Path) -> None:
    with disk.full(os.getpid()):
        write(folder)


def save(session: Session, *steps: int, ranks: dict[int, float] | None = None) -> None:
    for step in steps:
        checkpoint.save(session, step, write, Merit(None, (ranks or {}).get(step)))


def listed(session: Session) -> list[int]:
    return [saved.step for saved in checkpoints.of_run(session.db, session.run.id)]


def on_disk(session: Session) -> set[str]:
    return {path.name for path in session.folder.checkpoints.iterdir()}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", HARMS)
def test_the_newest_whole_one_is_used_and_the_damaged_one_is_named(session: Session, harm: str, name: str) -> None:
    save(session, 2, 4)
    HARMS[harm](session.folder.checkpoints / "checkpoint-4" / name)
    found, folder = checkpoint.newest_valid(session)
    assert (found.step, folder.name) == (2, "checkpoint-2")
    [told] = [event for event in events.of_run(session.db, session.run.id) if event.level == "warning"]
    assert told.text.startswith(f"checkpoint 4 can't be used: {name} ") and listed(session) == [2]


def test_where_none_is_whole_nothing_starts_again_in_silence(session: Session) -> None:
    save(session, 2, 4)
    for step in (2, 4):
        HARMS["zeroed"](session.folder.checkpoints / f"checkpoint-{step}" / "optimizer.pt")
    with pytest.raises(StateError, match="None of the 2 checkpoints of this run is whole"):
        checkpoint.newest_valid(session)


def test_the_best_the_pinned_and_two_more_stay_and_no_strange_folder_goes(session: Session) -> None:
    save(session, *range(1, 8), ranks={2: 0.5, 3: 0.9})
    stranger = session.folder.checkpoints / "checkpoint-9999"
    stranger.mkdir()
    (stranger / "theirs").touch()
    checkpoints.pin(session.db, session.run.id, 1)
    checkpoint.rotate(session, 1)
    assert listed(session) == [7, 6, 2, 1]
    assert on_disk(session) == {*(f"checkpoint-{step}" for step in (1, 2, 6, 7)), "checkpoint-9999"}
    assert (stranger / "theirs").exists()


def test_what_can_not_be_deleted_stops_nothing_and_goes_at_the_next_start(session: Session) -> None:
    save(session, 1, 2, 3)
    stuck = session.folder.checkpoints / "checkpoint-1"
    # A folder in the place of a file, which is what is left where a deletion was cut off.
    (stuck / "optimizer.pt").unlink()
    stuck.rename(session.folder.checkpoints / "elsewhere")
    stuck.symlink_to(session.folder.checkpoints / "elsewhere")
    checkpoint.rotate(session, 2)
    assert listed(session) == [3, 2]
    # Never through a link.
    assert (session.folder.checkpoints / "elsewhere" / "trainer_state.json").exists()
    stuck.unlink()
    (session.folder.checkpoints / "elsewhere").rename(stuck)
    checkpoint.tidy(session)
    assert on_disk(session) == {"checkpoint-2", "checkpoint-3"}


def test_an_old_one_goes_only_when_the_new_one_is_listed(session: Session) -> None:
    save(session, 1, 2)
    with pytest.raises(DiskFull, match=r"could not be written to .* \(.* MB free\): File too large"):
        checkpoint.save(session, 3, write_on_a_full_disk, Merit())
    checkpoint.rotate(session, 2)
    assert listed(session) == [2, 1] and on_disk(session) == {"checkpoint-1", "checkpoint-2"}
    save(session, 3)
    checkpoint.rotate(session, 2)
    assert listed(session) == [3, 2] and on_disk(session) == {"checkpoint-2", "checkpoint-3"}


def test_a_disk_with_too_little_room_is_not_begun_on(session: Session) -> None:
    save(session, 1)
    free = os.statvfs(session.folder.checkpoints)
    more_than_half = int(0.6 * free.f_bavail * free.f_frsize)
    session.db.execute("UPDATE checkpoint SET size_bytes = ?", (more_than_half,))
    with pytest.raises(DiskFull, match=r"no checkpoint: .* and twice the last one \(.* MB\) is needed"):
        save(session, 2)
    assert on_disk(session) == {"checkpoint-1"}
