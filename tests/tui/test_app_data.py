"""The Data screen and the rows of a source, driven by keys: every key does what its help says, or says why it can't."""

import json
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import every_state
import pytest
from bench import write_rows
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, form_values, is_dim, shown
from pictures import LARGE, SMALL, compare
from tunedeck.engine.data import rows_file
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.store import database, datasets
from tunedeck.store.datasets import NewDataset
from tunedeck.store.paths import Home
from tunedeck.tui.screens.augment import AugmentScreen
from tunedeck.tui.screens.data import DataScreen
from tunedeck.tui.screens.data_report import ReportScreen
from tunedeck.tui.screens.diff import DiffScreen
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.mask import MaskScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.rows import RowsScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.table import Table

# A version of so many seconds: the age on the screen is the same for an hour.
_THREE_DAYS = 3 * 86_400 + 1800
_REVIEWS = [
    RowRecord(1, '{"text": "Not what I expected, and the refund took weeks.", "label": "neg"}'),
    RowRecord(2, '{"text": "Works.", "label": "pos"}'),
    RowRecord(3, "", "not valid JSON: Expecting value (column 1)"),
    RowRecord(
        4, '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello,\\nyou."}]}'
    ),
    RowRecord(5, json.dumps({"text": " ".join(every_state.HOSTILE.values()), "label": "neg"}, ensure_ascii=False)),
    RowRecord(6, '{"text": "It works, they say.", "label": "pos"}', "", 2, "edits:swap"),
]


def add(db: sqlite3.Connection, home: Home, records: list[RowRecord], **known: str | None) -> str:
    """A version of these rows; its reference."""
    home.root.mkdir(exist_ok=True)
    made = home.root / "made.parquet"
    written = rows_file.write(made, records)
    sentence = known.pop("sentence", "") or f"{len(records)} rows read from reviews.jsonl"
    new = NewDataset(
        name=known.get("name") or "reviews", role=known.get("role") or "", parent=known.get("parent"),
        operation=json.dumps({"op": "import", "sentence": sentence}), source="/data/reviews.jsonl",
        rows=written.rows, bad_rows=written.bad_rows, sha256=written.sha256,
    )  # fmt: skip
    reference = datasets.add(db, home, new, made).reference
    db.execute("UPDATE dataset SET created_at = ?", (time.time() - _THREE_DAYS,))
    return reference


@pytest.fixture
def versions(db: sqlite3.Connection, home: Home) -> Home:
    """Two versions of reviews, and rows that were set apart."""
    add(db, home, _REVIEWS)
    add(db, home, _REVIEWS[:2], name="held-out", role="evaluation", sentence="2 rows set apart by chance")
    add(db, home, _REVIEWS[1:], parent="reviews@v1", sentence="1 row dropped (by hand)")
    return home


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The verbs for which an engine was started."""
    verbs: list[str] = []

    class Noted(subprocess.Popen):
        def __init__(self, command: list[str], **options: Any) -> None:
            if "tunedeck.engine" in command:
                verbs.append(command[command.index("tunedeck.engine") + 1])
            super().__init__(command, **options)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return verbs


async def open_data(cockpit: Cockpit, key: str = "data:reviews@v1") -> None:
    await cockpit.press("3")
    await cockpit.until(shown(cockpit, DataScreen), "the list is open")
    await cockpit.go_to(key)


async def open_rows(cockpit: Cockpit) -> None:
    await open_data(cockpit)
    await cockpit.press("enter")
    await cockpit.until_shown("ROWS reviews@v1   6 rows", "text: Works.", "line 1   75 characters")


def references(home: Home) -> list[str]:
    db = database.connect(home)
    try:
        return [version.label for version in datasets.of_all(db)]
    finally:
        db.close()


# the list


async def test_an_empty_list_says_what_to_do(home: Home) -> None:
    async with opened(home) as cockpit:
        await open_data(cockpit, "demo:chat")
        await cockpit.until_shown("None yet: i makes the first.", "2,025 questions")
        await cockpit.press("k", "R")
        assert cockpit.status == "! This line is a heading: go to data with j or k."
        await cockpit.press("j", "d")
        assert cockpit.status == "! demo:chat is no version: i makes the first one of it."
        await cockpit.press("k", "n")
        await cockpit.until(shown(cockpit, NewRunScreen), "a heading opens the plain form")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_the_list_looks_as_it_did(versions: Home, size: tuple[int, int]) -> None:
    async with opened(versions, size) as cockpit:
        await open_data(cockpit, "data:reviews@v2")
        await compare(cockpit, "data", size)


async def test_what_earlier_runs_have_used_can_be_opened(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("3")
        await cockpit.until_shown("demo parts")


@covers(DataScreen, "enter", "1", "q", "escape")
async def test_enter_opens_the_rows_and_3_comes_back(versions: Home, keys: tuple[str, ...]) -> None:
    async with opened(versions) as cockpit:
        await open_rows(cockpit)
        await cockpit.press("3")
        await cockpit.until(shown(cockpit, DataScreen), "the list is back")
        assert cockpit.app.screen.query_one(Table).cursor_key == "data:reviews@v1"
        for key in (*keys[2:], "1"):
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, RunsScreen), "the runs are back")
            await open_data(cockpit)


@covers(DataScreen, "d", "u", "y")
async def test_a_version_goes_to_the_trash_and_comes_back(versions: Home, keys: tuple[str, ...]) -> None:
    delete, undo, copy = keys
    async with opened(versions) as cockpit:
        await open_data(cockpit, "data:reviews@v2")
        await cockpit.press(delete)
        await cockpit.until(lambda: references(versions) == ["held-out@v1", "reviews@v1"], "it is deleted")
        await cockpit.until_shown("u takes it out.", "2 versions of 2 data sets")
        await cockpit.press(undo)
        await cockpit.until(lambda: "reviews@v2" in references(versions), "it is back")
        await cockpit.press(copy)
        await cockpit.until_shown("was sent to the terminal")


@covers(DataScreen, "D", "R")
async def test_diff_and_report_open(versions: Home, keys: tuple[str, ...]) -> None:
    async with opened(versions, LARGE) as cockpit:
        await open_data(cockpit)
        await cockpit.press("D")
        assert cockpit.status == "! reviews@v1 was not made from another version."
        await cockpit.go_to("data:reviews@v2")
        await cockpit.press("D")
        await cockpit.until(shown(cockpit, DiffScreen), "the diff is open")
        await cockpit.until_shown("DIFF reviews@v1 > reviews@v2", "0 added, 1 removed, 0 changed, 5 the same")
        await cockpit.press("q", "R")
        await cockpit.until(shown(cockpit, ReportScreen), "the report is open")


@covers(DataScreen, "o", "i", "S")
async def test_a_typed_file_is_opened_and_another_is_imported_and_split(
    home: Home, tmp_path: Path, keys: tuple[str, ...]
) -> None:
    rows = tmp_path / "typed.jsonl"
    write_rows(rows, [{"text": f"text {number}", "label": "a"} for number in range(20)])
    async with opened(home, LARGE) as cockpit:
        await open_data(cockpit, "demo:chat")
        await cockpit.press("o", "enter")
        await cockpit.until_shown("There is nothing to open.")
        await cockpit.type(str(rows))
        await cockpit.press("enter")
        await cockpit.until_shown("ROWS typed.jsonl   20 rows", "text: text 19")
        await cockpit.press("d", "y")
        await cockpit.until_shown("typed@v2 has 19 rows.", "ROWS typed@v2   19 rows")
        await cockpit.press("3", "o")
        await cockpit.type("typed@v1")
        await cockpit.press("enter")
        await cockpit.until_shown("ROWS typed@v1   20 rows")
        await cockpit.press("3")
        await cockpit.go_to("data:typed@v2")
        await cockpit.press("i")
        assert cockpit.status == "! typed@v2 is a version already."
        await cockpit.press("S", "enter")
        await cockpit.until(lambda: "typed-eval@v1 has" in cockpit.status, "the split is told")
        await cockpit.go_to("data:typed-eval@v1")
        await cockpit.until_still()
        await cockpit.press("S")
        assert cockpit.status == "! typed-eval@v1 was set apart for evaluation already."


@covers(DataScreen, "A")
async def test_augment_opens_its_form_but_not_for_evaluation_rows(versions: Home, keys: tuple[str, ...]) -> None:
    async with opened(versions) as cockpit:
        await open_data(cockpit, "data:held-out@v1")
        await cockpit.press(*keys)
        assert cockpit.status == "! held-out@v1 was set apart for evaluation: it is never augmented."
        await cockpit.go_to("data:reviews@v2")
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, AugmentScreen), "the form is open")


@covers(DataScreen, "n", "5", "t", "question_mark")
async def test_a_form_is_opened_with_the_data(versions: Home, keys: tuple[str, ...]) -> None:
    async with opened(versions) as cockpit:
        for key, reference, knob in (("n", "data:reviews@v2", "data"), ("5", "data:held-out@v1", "eval_data")):
            await open_data(cockpit, reference)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
            assert form_values(cockpit)[knob] == reference
        await open_data(cockpit)
        await cockpit.press("t", "question_mark")
        await cockpit.until(shown(cockpit, HelpScreen), "the help is open")


# the rows


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_rows_look_as_they_did(versions: Home, size: tuple[int, int]) -> None:
    async with opened(versions, size) as cockpit:
        await open_rows(cockpit)
        await cockpit.press("space", "j", "space")
        await compare(cockpit, "rows", size)


@covers(RowsScreen, "slash", "q", "escape")
async def test_a_filter_is_typed_mended_and_taken_away(versions: Home, keys: tuple[str, ...]) -> None:
    async with opened(versions) as cockpit:
        await open_rows(cockpit)
        await cockpit.press("slash")
        await cockpit.type("works line>x")
        await cockpit.press("enter")
        assert "character 7: line> needs a whole number" in cockpit.status
        await cockpit.press("backspace", "1", "enter")
        await cockpit.until_shown("2 of 6 rows   / works line>1")
        await cockpit.press("q")
        await cockpit.until(lambda: cockpit.heading == "ROWS reviews@v1   6 rows", "the filter is gone")
        await cockpit.press("slash", "escape", "escape")
        await cockpit.until(shown(cockpit, DataScreen), "the list is back")


async def test_labels_are_known_from_the_report_only(versions: Home) -> None:
    async with opened(versions) as cockpit:
        await open_rows(cockpit)
        await cockpit.press("slash")
        await cockpit.type("label=neg")
        await cockpit.press("enter")
        await cockpit.until_shown("Tokens and labels are known from the report. Have it made first.", "6 rows")


@covers(RowsScreen, "o", "number_sign", "space", "asterisk")
async def test_rows_are_sorted_marked_and_gone_to(versions: Home, keys: tuple[str, ...]) -> None:
    sort, line, mark, mark_all = keys
    async with opened(versions) as cockpit:
        await open_rows(cockpit)
        await cockpit.press(sort)
        await cockpit.until_shown("by length", "Sorted by length, the longest first.")
        await cockpit.press(line, "2", "enter")
        table = cockpit.app.screen.query_one(Table)
        await cockpit.until(lambda: table.cursor_key == "1", "the cursor is on line 2")
        await cockpit.press(mark)
        await cockpit.until_shown("1 marked")
        await cockpit.press(mark_all)
        await cockpit.until_shown("6 marked")
        await cockpit.press(mark_all)
        await cockpit.until(lambda: "marked" not in cockpit.heading, "no row is marked")
        await cockpit.press(line, *"99", "enter")
        await cockpit.until_shown("Line 99 is not among the rows shown.")


@covers(RowsScreen, "v", "enter", "tab", "right_square_bracket", "left_square_bracket")
async def test_a_row_is_read_in_the_whole_screen(versions: Home, keys: tuple[str, ...]) -> None:
    view, enter, pane, after, before = keys
    async with opened(versions) as cockpit:
        await open_rows(cockpit)
        await cockpit.press(pane, pane, view)
        await cockpit.until(lambda: not cockpit.app.screen.query_one(Table).display, "the list is gone")
        await cockpit.press(after)
        await cockpit.until_shown("line 2   34 characters")
        await cockpit.press(before)
        await cockpit.until_shown("line 1   75 characters")
        await cockpit.press(view, enter, "q")
        await cockpit.until_shown("text: Works.")


@covers(RowsScreen, "d", "e", "y")
async def test_a_drop_and_an_edit_make_versions(versions: Home, keys: tuple[str, ...]) -> None:
    drop, edit, copy = keys
    async with opened(versions, LARGE) as cockpit:
        await open_rows(cockpit)
        await cockpit.press("j", "space", "space", drop)
        await cockpit.until_shown("Drop the 2 marked rows?")
        await cockpit.press("n")
        assert cockpit.status == "Nothing was dropped."
        await cockpit.press(drop, "y")
        await cockpit.until_shown("ROWS reviews@v3   4 rows", "2 rows dropped (by hand)")
        await cockpit.press(copy)
        await cockpit.until_shown("was sent to the terminal")
        # A test has no terminal to lend: the row stays as it is, and that is said.
        await cockpit.press(edit)
        await cockpit.until_shown("This terminal can't be lent to an editor.")
    assert references(versions)[0] == "reviews@v3"


async def test_a_drop_that_fails_is_said_and_can_be_tried_again(versions: Home, db: sqlite3.Connection) -> None:
    async with opened(versions, LARGE) as cockpit:
        await open_rows(cockpit)
        datasets.find(db, "reviews@v1").path(versions).unlink()
        await cockpit.press("d", "y")
        await cockpit.until(lambda: is_dim(cockpit, "d"), "it is being made")
        await cockpit.until(lambda: cockpit.status.startswith("✗"), "the fault is said")
        await cockpit.until(lambda: not is_dim(cockpit, "d"), "the key lives again")
    assert references(versions)[0] == "reviews@v2"


@covers(RowsScreen, "M", "R", "n", "5", "t", "1", "3", "question_mark")
async def test_looks_at_the_rows_open(versions: Home, keys: tuple[str, ...]) -> None:
    wanted = {"M": MaskScreen, "R": ReportScreen, "n": NewRunScreen, "5": NewRunScreen, "question_mark": HelpScreen}
    async with opened(versions) as cockpit:
        await open_rows(cockpit)
        for key, screen in wanted.items():
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, screen), f"{key} opens its screen")
            await cockpit.press("q")
            await cockpit.until(shown(cockpit, RowsScreen), "the rows are back")
        await cockpit.press("t", "3")
        await cockpit.until(shown(cockpit, DataScreen), "the list is there")
        await cockpit.press("1")
        await open_rows(cockpit)
        await cockpit.press("1")
        await cockpit.until(shown(cockpit, RunsScreen), "the runs are back")


async def test_a_source_is_opened_once_and_its_report_tells_more_of_its_rows(
    home: Home, tmp_path: Path, asked: list[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    write_rows(rows, [{"text": f"text {number}", "label": "ab"[number % 2]} for number in range(20)])
    async with opened(home, LARGE) as cockpit:
        cockpit.app.push_screen(RowsScreen(str(rows)))
        await cockpit.until_shown("ROWS rows.jsonl   20 rows", "text: text 19")
        await cockpit.press("space", "R")
        await cockpit.until_shown("REPORT rows.jsonl", "rows     20")
        await cockpit.press("q")
        await cockpit.until_shown("label", "1 marked")
        await cockpit.press("slash")
        await cockpit.type("label=a is:marked")
        await cockpit.press("enter")
        await cockpit.until_shown("1 of 20 rows")
    assert asked == ["rows", "report"]


async def test_a_source_that_cannot_be_read_is_said_to_be_so(home: Home) -> None:
    async with opened(home) as cockpit:
        cockpit.app.push_screen(RowsScreen("/nowhere/rows.jsonl"))
        await cockpit.until_shown("✗", "/nowhere/rows.jsonl", "Nothing could be read.")
        await cockpit.press("d")
        assert cockpit.status == "! No rows were read."


@fuzzed(RowsScreen)
async def test_hostile_rows_are_text(versions: Home) -> None:
    async with opened(versions, LARGE) as cockpit:
        await open_rows(cockpit)
        await cockpit.press("G")
        await cockpit.press("k")
        for sign in SIGNS.values():
            await check(cockpit, sign)


async def test_the_ends_of_a_long_list_are_read_when_they_come_into_sight(db: sqlite3.Connection, home: Home) -> None:
    reference = add(db, home, [RowRecord(number, f'"row {number}"') for number in range(1, 30_001)])
    async with opened(home) as cockpit:
        await open_data(cockpit, reference)
        await cockpit.press("enter", "G")
        await cockpit.until_shown("row 30000")
        await cockpit.press("g")
        await cockpit.until_shown("row 1 ")
