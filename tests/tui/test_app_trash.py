"""The trash: what lies in it, and the ways out of it."""

from threading import Event

import every_state
import pytest
from cockpit import Cockpit, opened
from keyboard import covers, presses, row_of, shown
from pictures import compare
from tunedeck.store import database, runs, trash
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.trash import TrashScreen


@pytest.fixture
def filled(seeded: Home) -> Home:
    """Two runs in the trash, one of which has a file of 1.5 MB."""
    db = database.connect(seeded)
    for name in ("finished", "lost"):
        run = every_state.by_name(seeded)[name]
        folder = seeded.run(run.id).adapter
        folder.mkdir()
        (folder / "weights").write_bytes(b"0" * (1_500_000 if name == "lost" else 10))
        trash.delete(db, seeded, run)
        db.execute(
            "UPDATE run SET deleted_at = deleted_at - ? WHERE id = ?", (7230 if name == "lost" else 3630, run.id)
        )
    db.close()
    return seeded


async def open_trash(cockpit: Cockpit) -> None:
    await cockpit.press("D")
    await cockpit.until(shown(cockpit, TrashScreen), "the trash is open")
    await cockpit.until(lambda: cockpit.heading.startswith("TRASH   "), "it is read")


@covers(TrashScreen, "u", "enter")
async def test_runs_are_taken_out_of_the_trash_whenever_they_went_in(filled: Home, keys: tuple[str, ...]) -> None:
    gone = next(run for run in deleted(filled) if run.name == "finished")
    async with opened(filled) as cockpit:
        await open_trash(cockpit)
        await cockpit.press(keys[0])
        await cockpit.until(lambda: cockpit.status == "finished is back.", "it is back")
        await cockpit.until(lambda: cockpit.heading == "TRASH   1 run, 1.5 MB", "it is not in the trash")
        await cockpit.press(keys[1])
        await cockpit.until(lambda: cockpit.heading == "TRASH   empty", "the trash is empty")
        await cockpit.until_shown("The trash is empty: what is deleted in the list of runs comes here.")
        for key in (keys[0], "E"):
            await cockpit.press(key)
            assert cockpit.status == "! The trash is empty: what is deleted in the list of runs comes here."
    assert row_of(filled, gone).deleted_at is None and filled.run(gone.id).adapter.exists()


@covers(TrashScreen, "E")
async def test_emptying_asks_for_a_word(filled: Home, keys: tuple[str, ...]) -> None:
    async with opened(filled) as cockpit:
        await open_trash(cockpit)
        await cockpit.press(*keys)
        await cockpit.until_shown("Delete 2 runs for good? Weights, logs and curves are lost.")
        await cockpit.press("escape")
        await cockpit.until(lambda: cockpit.status == "The trash was left as it is.", "it is said")
        assert len(deleted(filled)) == 2
        await cockpit.press(*keys)
        await cockpit.type("empty")
        await cockpit.press("enter")
        await cockpit.until(lambda: cockpit.status == "2 runs were deleted for good.", "it is said")
        await cockpit.until(lambda: cockpit.heading == "TRASH   empty", "the trash is empty")
    assert deleted(filled) == [] and not any(filled.trash.iterdir())


@presses(RunsScreen, "D")
@covers(TrashScreen, "q", "escape", "D", "1")
async def test_the_trash_is_left_as_it_was_entered(filled: Home, keys: tuple[str, ...]) -> None:
    async with opened(filled) as cockpit:
        for key in keys:
            await open_trash(cockpit)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, RunsScreen), "the list is back")


async def test_a_run_that_comes_back_in_another_app_leaves_the_trash(filled: Home) -> None:
    async with opened(filled) as cockpit:
        await open_trash(cockpit)
        db = database.connect(filled)
        trash.restore(db, filled, deleted(filled)[0])
        db.close()
        await cockpit.until(lambda: "1 run," in cockpit.heading, "it is gone from the trash")


async def test_a_run_that_went_back_into_the_trash_was_deleted_just_now(filled: Home) -> None:
    async with opened(filled) as cockpit:
        await open_trash(cockpit)
        await cockpit.until_shown("2h00m ago")
        db = database.connect(filled)
        run = next(run for run in deleted(filled) if run.name == "lost")
        trash.restore(db, filled, run)
        trash.delete(db, filled, row_of(filled, run))
        db.close()
        await cockpit.until(lambda: "2h00m ago" not in "\n".join(cockpit.picture()), "the time is the newer one")


async def test_a_screen_that_was_left_is_not_shown_what_was_done_from_it(filled: Home) -> None:
    left = Event()
    async with opened(filled) as cockpit:
        await open_trash(cockpit)
        trash = cockpit.app.screen
        assert isinstance(trash, TrashScreen)
        trash.act(lambda _: f"left: {left.wait(10)}", then=trash._read_again)
        await cockpit.press("q")
        await cockpit.until(shown(cockpit, RunsScreen), "the list is back")
        left.set()
        await cockpit.until(lambda: cockpit.status == "left: True", "it is done")
        await cockpit.until_still()
        assert cockpit.app.is_running


async def test_the_trash_looks_as_it_did(filled: Home) -> None:
    async with opened(filled) as cockpit:
        await open_trash(cockpit)
        await cockpit.until_shown("1h00m ago", "2h00m ago")
        await compare(cockpit, "trash")


def deleted(home: Home) -> list[Run]:
    db = database.connect(home)
    try:
        return runs.listed(db, deleted=True)
    finally:
        db.close()
