"""The review screen: synthetic rows judged by a key, nothing of it lost, written as a version, and proven."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import augmented
import every_state
import pyarrow
import pytest
from cockpit import Cockpit, opened
from hostile import check, fuzzed
from keyboard import covers, presses, shown
from pictures import LARGE, SMALL, compare
from pyarrow import parquet
from tunedeck.store import attempts, datasets, made, proof, runs
from tunedeck.store.made import MadeRow, Review
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.screens.review import ReviewScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.table import Table


@pytest.fixture
def run(idle_home: Home, model: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TUNEDECK_HOME", str(idle_home.root))
    return augmented.fill(idle_home, model)


@asynccontextmanager
async def reviewing(home: Home, run: Run, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Cockpit]:
    async with opened(home, size) as cockpit:
        await cockpit.app.push_screen(ReviewScreen(run.id))
        await cockpit.until(lambda: len(cockpit.app.screen.query_one(Table).rows) > 0, "the rows are shown")
        yield cockpit


def said(home: Home, run: Run) -> Review:
    return Review.of(home.run(run.id))


async def until_said(cockpit: Cockpit, home: Home, run: Run, *, rejected: set[int], accepted: set[int]) -> None:
    await cockpit.until(lambda: said(home, run) == Review(rejected, accepted), f"{rejected} and {accepted} are written")


@presses(ReviewScreen, "x", "y", "enter")
async def test_a_row_is_accepted_and_rejected_and_written_down_at_once(idle_home: Home, run: Run) -> None:
    async with reviewing(idle_home, run) as cockpit:
        await cockpit.press("x")
        await until_said(cockpit, idle_home, run, rejected={1}, accepted=set())
        assert cockpit.app.screen.query_one(Table).cursor_key == "1" and "1 rejected" in cockpit.heading
        await cockpit.press("k", "y")
        await until_said(cockpit, idle_home, run, rejected=set(), accepted={1})
        await cockpit.press("k", "enter")
        await until_said(cockpit, idle_home, run, rejected=set(), accepted={1})


@presses(ReviewScreen, "a", "X")
async def test_all_that_are_alike_are_judged_by_one_key(idle_home: Home, run: Run) -> None:
    async with reviewing(idle_home, run) as cockpit:
        await cockpit.press("X")
        await until_said(cockpit, idle_home, run, rejected={1, 4, 7, 10}, accepted=set())
        assert cockpit.status == "Rejected: 4 rows of edits:typo."
        await cockpit.press("a")
        await until_said(cockpit, idle_home, run, rejected=set(), accepted={1, 4, 7, 10})


async def test_what_the_filters_left_out_is_not_judged(idle_home: Home, run: Run) -> None:
    async with reviewing(idle_home, run) as cockpit:
        await cockpit.press("j", "y")
        assert cockpit.status == "! The filters left it out as near-duplicate: only kept rows are judged."
        await cockpit.press("a", "X", "x")
        assert said(idle_home, run) == Review()


@presses(ReviewScreen, "f")
async def test_a_verdict_narrows_the_list(idle_home: Home, run: Run) -> None:
    async with reviewing(idle_home, run) as cockpit:
        table = cockpit.app.screen.query_one(Table)
        await cockpit.press("x", "f")
        assert len(table.rows) == 7 and "f kept" in cockpit.heading
        await cockpit.press("f")
        assert [row.key for row in table.rows] == ["1", "4", "7", "10"]
        await cockpit.press("f", "f")
        assert [row.key for row in table.rows] == ["0"] and "f rejected" in cockpit.heading
        await cockpit.press("y")
        assert len(table.rows) == 0 and cockpit.app.screen.why_not("accept") == "No row is shown: f shows others."  # type: ignore[attr-defined]
        await cockpit.press("f")
        assert len(table.rows) == 12


@presses(ReviewScreen, "tab")
async def test_a_row_stands_beside_its_source_and_what_differs_is_marked(idle_home: Home, run: Run) -> None:
    async with reviewing(idle_home, run, (120, 30)) as cockpit:
        await cockpit.press("j", "j")
        await cockpit.until_shown("row 3   from line 4   edits:swap   kept", "It [helped] my", "It [heplde] my")
        await cockpit.press("G")
        await cockpit.until_shown("unreadable", "it has one word only")
        await cockpit.press("tab", "G", "tab", "k")
        assert cockpit.app.screen.query_one(Table).cursor_key == "10"


@presses(ReviewScreen, "L", "s", "r")
async def test_rows_come_as_they_are_made(
    home: Home, model: Path, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUNEDECK_HOME", str(home.root))
    run = augmented.fill(home, model, state="running")
    let_go = every_state.hold(home)
    try:
        async with reviewing(home, run) as cockpit:
            await cockpit.press("L")
            assert cockpit.status == "! Rows are still being made: s stops that."
            made.append(home.run(run.id), [MadeRow(13, 1, {"review": "new", "label": "x"}, "edits:case", "kept")])
            await cockpit.until(lambda: "13 made" in cockpit.heading, "the new row is counted")
            await cockpit.press("s")
            await cockpit.until_shown("Those made are kept.")
            await cockpit.press("y")
            await cockpit.until(lambda: "stopping" in cockpit.heading, "it is stopping")
            attempts.end(db, 1, 0)
            runs.finish(db, run.id, "stopped")
            await cockpit.until(lambda: "stopped" in cockpit.heading, "it has stopped")
            await cockpit.press("r")
            await cockpit.until(lambda: runs.get(db, run.id).state == "queued", "it goes on")
            runs.withdraw(db, run)
    finally:
        let_go()


@presses(ReviewScreen, "L", "B")
async def test_what_is_accepted_is_written_and_proven(idle_home: Home, run: Run, db: sqlite3.Connection) -> None:
    async with reviewing(idle_home, run) as cockpit:
        await cockpit.press("x", "B")
        assert cockpit.status == "! L writes the version first, which is what is proven."
        # Though the disk is slow, what was said last counts.
        with cockpit.app.screen._reviewed._lock:  # type: ignore[attr-defined]
            await cockpit.press("j", "x", "L")
            await asyncio.sleep(0.3)
        await cockpit.until(lambda: "as reviews@v2" in cockpit.heading, "the version is written")
        written = datasets.find(db, "reviews@v2")
        assert (written.rows, written.parent) == (35, "reviews@v1")
        await cockpit.until(lambda: not cockpit.app.screen.why_not("prove"), "it can be proven")  # type: ignore[attr-defined]
        await cockpit.press("B")
        await cockpit.until_shown("No verdict yet: of its 2 runs 2 queued.")
        without, with_rows = (pair[1:] for pair in proof.pairs(db, proof.find(db, "last"))).__next__()
        for side, right in ((without, 6), (with_rows, 28)):
            evaluated(idle_home, side, right)
            runs.finish(db, side.id, "completed")
        await cockpit.until_shown("the synthetic rows help")
        assert "proof" in db.execute("SELECT text FROM event WHERE text LIKE 'proof%'").fetchone()["text"]


def evaluated(home: Home, run: Run, right: int) -> None:
    """The predictions of 30 rows, so many of them right, as an engine leaves them."""
    folder = home.run(run.id).predictions
    folder.mkdir()
    labels = augmented.LABELS
    told = [
        {
            "row": row,
            "loss": 1.0,
            "weight": 1.0,
            "label": labels[row % 3],
            "predicted": labels[(row + (row >= right)) % 3],
        }
        for row in range(30)
    ]
    parquet.write_table(pyarrow.Table.from_pylist(told), folder / "step-00000006.parquet")


async def test_without_rows_set_apart_nothing_can_be_proven(
    idle_home: Home, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUNEDECK_HOME", str(idle_home.root))
    run = augmented.fill(idle_home, model, eval_data=False)
    async with reviewing(idle_home, run) as cockpit:
        await cockpit.press("L")
        await cockpit.until(lambda: "as reviews@v2" in cockpit.heading, "the version is written")
        await cockpit.until(lambda: not cockpit.app.screen.why_not("prove"), "it can be proven")  # type: ignore[attr-defined]
        await cockpit.press("B")
        await cockpit.until(lambda: "eval_data is empty" in cockpit.status, "it is refused")
        assert not cockpit.app.screen.why_not("prove")  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_it_looks_as_it_did(idle_home: Home, run: Run, size: tuple[int, int]) -> None:
    async with reviewing(idle_home, run, size) as cockpit:
        await cockpit.press("x", "y")
        await cockpit.press("k", "k", "f")
        await cockpit.until_shown("[wrose]")
        await compare(cockpit, "review", size)


@fuzzed(ReviewScreen)
async def test_hostile_rows_are_shown_as_text(idle_home: Home, run: Run) -> None:
    for number, text in enumerate(every_state.HOSTILE.values(), start=13):
        hostile = MadeRow(number, 1, {"review": text, text: [text]}, text, "kept", text)
        made.append(idle_home.run(run.id), [hostile])
    async with reviewing(idle_home, run, (160, 48)) as cockpit:
        for _ in every_state.HOSTILE:
            await cockpit.press("G", "k")
            await cockpit.until_still()
            await check(cockpit, "edits")


async def test_ascii_is_all_that_is_shown_where_no_more_is_wanted(idle_home: Home, run: Run) -> None:
    async with opened(idle_home, ascii_only=True) as cockpit:
        await cockpit.app.push_screen(ReviewScreen(run.id))
        await cockpit.until(lambda: len(cockpit.app.screen.query_one(Table).rows) > 0, "the rows are shown")
        await cockpit.press("x", "y", "a", "f", "X", "f")
        shown = "\n".join(line for line in await cockpit.until_still() if "─" not in line)
        assert shown.replace("…", "").replace("▁", "").isascii(), shown


async def test_a_damaged_review_is_said_and_left_as_it_is(idle_home: Home, run: Run) -> None:
    place = idle_home.run(run.id).root / "review.json"
    place.write_text("{")
    async with opened(idle_home) as cockpit:
        await cockpit.app.push_screen(ReviewScreen(run.id))
        await cockpit.until(lambda: "review.json is damaged" in cockpit.status, "it is said")
        await cockpit.press("x", "y", "a", "L")
    assert place.read_text() == "{"


@covers(ReviewScreen, "l")
async def test_the_list_of_runs_opens_the_review_and_that_its_run(
    idle_home: Home, run: Run, keys: tuple[str, ...]
) -> None:
    async with opened(idle_home) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press("enter")
        await cockpit.until(shown(cockpit, ReviewScreen), "the review is open")
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, RunScreen), "its run is open")
        await cockpit.press("q", "q")
        await cockpit.until(shown(cockpit, RunsScreen), "the list is back")
