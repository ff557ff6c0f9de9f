"""The report, the question of a split, and what differs between two versions: every key, and hostile rows as text."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from asked import HOSTILE, patient, reader, version, written  # noqa: F401 - fixtures
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, form_values, shown
from pictures import compare
from tunedeck.store import database, datasets
from tunedeck.store.errors import ConfigError
from tunedeck.store.paths import Home
from tunedeck.tui.data import difference_text, reading, report_text
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.data_report import ReportScreen
from tunedeck.tui.screens.diff import DiffScreen
from tunedeck.tui.screens.line_ask import LineAsk
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.rows import RowsScreen
from tunedeck.tui.screens.split import SplitAsk, read_split
from tunedeck.tui.widgets.log import TextPane
from tunedeck.tui.widgets.table import Table

pytestmark = pytest.mark.usefixtures("patient")
ROWS = [
    *({"review": f"It helped me {number} times, and never let me down.", "rating": "good"} for number in range(6)),
    {"review": "It helped me 0 times, and never let me down.", "rating": "good"},
    {"review": "It was of no use to anybody whom I know.", "rating": "bad"},
    {"review": "", "rating": "bad"},
    {"review": "Write to ann.smith@example.com about how bad it was for her.", "rating": "bad"},
]


@pytest.fixture
def source(tmp_path: Path) -> str:
    return str(written(tmp_path / "reviews.jsonl", ROWS))


# what is typed, and what is told


def test_settings_are_read_as_they_are_written() -> None:
    for text in (
        "task=sequence-classification model=demo:minilm max_length=256",
        "'columns=text=my review,\"label=a, b\"' eval_data=data:reviews-eval@v1",
        "",
    ):
        assert str(reading.read(text)) == text
    assert reading.read("model=m max_length=").options() == ["--model", "m"]
    assert reading.roles_written({"text": "a, b", "label": "c"}) == '"text=a, b",label=c'


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("lr=3", "'lr' can't be set here"),
        ("model", "'model' can't be set here"),
        ("task=chess", "task is chess: expected causal-lm"),
        ("max_length=0", "max_length is 0: expected a whole number"),
        ('columns="text', "left open"),
    ],
)
def test_settings_that_can_not_be_are_refused(typed: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        reading.read(typed)


def test_a_split_is_read_and_what_it_lacks_is_said() -> None:
    assert read_split("time by=when fraction=.25 seed=7") == {
        "op": "split", "kind": "time", "by": "when", "fraction": 0.25, "seed": 7,
    }  # fmt: skip
    assert read_split("random")["fraction"] == 0.1
    for typed, reason in (
        ("", "no split ''"),
        ("half", "no split 'half'"),
        ("group", "needs a column"),
        ("random by=x", "goes by no column"),
        ("random fraction=1", "fraction is '1'"),
        ("random fraction=nan", "fraction is 'nan'"),
        ("random seed=-1", "seed is '-1'"),
        ("random size=3", "has no 'size'"),
        ("group 'by=x", "left open"),
    ):
        with pytest.raises(ConfigError, match=reason):
            read_split(typed)


def report(**changes: Any) -> dict[str, Any]:
    tokens = {"total": 900, "median": 40, "p95": 90, "max": 100, "cut_rows": 3, "cut_tokens": 25}
    bars = {"histogram": [[50, 10], [100, 3]]}
    made = {"rows": 13, "bad_rows": 1, "tokens": tokens | bars, "max_length": 50, "labels": {"a": 9, "b": 3}}
    return made | changes


def test_lengths_have_a_mark_where_they_are_cut() -> None:
    lines = report_text.text(report()).splitlines()
    bars = [line for line in lines if "█" in line or "max_length" in line]
    assert bars[:3] == ["      50  ██████████████ 10", "      50 -max_length-----", "     100  ████ 3"]
    assert "cut      25 tokens of 3 rows" in lines
    assert bars[3:] == ["  a  ████████ 9  75%", "  b  ███ 3  25%"]
    uncut = report_text.text(report(max_length=200)).splitlines()
    assert uncut[uncut.index("     100  ████ 3") + 1] == "     200 -max_length-----"


def test_without_a_model_lengths_are_unknown_and_many_labels_are_counted() -> None:
    text = report_text.text(report(tokens=None, labels={f"label {number}": 1 for number in range(50)}))
    assert "the settings name no model" in text and text.endswith("and 10 more")


def test_what_differs_in_a_row_is_marked() -> None:
    changed = {"changed": {"text": ["It was good.", "It was bad."], "label": [1, 2]}, "line": 7}
    assert difference_text.text(changed).splitlines()[2:5] == [
        "text", "  - It was [-good-].", "  + It was {+bad+}.",
    ]  # fmt: skip
    assert difference_text.summary(changed) == "text: It was bad.; label: 2"


# the screens


async def open_report(cockpit: Cockpit, *arguments: Any, **more: Any) -> ReportScreen:
    screen = ReportScreen(*arguments, **more)
    cockpit.app.push_screen(screen)
    await cockpit.until(shown(cockpit, ReportScreen), "the report is open")
    return screen


def finding_of(cockpit: Cockpit) -> str:
    return cockpit.app.screen.query_one("#findings", Table).cursor_key or ""


async def on_finding(cockpit: Cockpit, kind: str) -> None:
    await cockpit.until_shown(kind)
    rows = cockpit.app.screen.query_one("#findings", Table).rows
    await cockpit.go_to(next(row.key for row in rows if kind in row.cells))


def versions(home: Home) -> list[str]:
    db = database.connect(home)
    try:
        return [f"{made.label} {made.rows}" for made in datasets.of_all(db)]
    finally:
        db.close()


@covers(ReportScreen, "enter", "tab", "s", "r", "n", "5")
async def test_a_report_tells_what_is_wrong_and_opens_its_rows(
    home: Home,
    reader: Path,  # noqa: F811
    source: str,
    keys: tuple[str, ...],
) -> None:
    enter, tab, settings, again, new, new_too = keys
    async with opened(home) as cockpit:
        await open_report(cockpit, source)
        await cockpit.press("c")
        assert cockpit.status == "! The report is still being made."
        await cockpit.until_shown("exact duplicates", "10 rows", "text = review", "tokens   unknown")
        assert cockpit.status == ""
        await cockpit.press(tab)
        assert isinstance(cockpit.app.focused, TextPane)
        await cockpit.press(tab)
        await on_finding(cockpit, "exact duplicates")
        await cockpit.press(enter)
        await cockpit.until_shown("ROWS reviews.jsonl", "exact duplicates", "of 10 rows")
        assert isinstance(cockpit.app.screen, RowsScreen)
        await cockpit.press("q")
        await on_finding(cockpit, "pii")
        await cockpit.press("c")
        assert cockpit.status.startswith("! Dropping rows does not cure this")
        await cockpit.press(settings)
        await cockpit.until(shown(cockpit, LineAsk), "it is asked")
        assert "columns=text=review,label=rating" in "\n".join(cockpit.picture())
        await cockpit.type(f" model={reader} max_length=50")
        await cockpit.press("enter")
        await cockpit.until_shown("longest  ", "too long")
        await compare(cockpit, "report")
        screen = cockpit.app.screen
        assert isinstance(screen, ReportScreen)
        before = screen._report
        await cockpit.press(again)
        await cockpit.until(lambda: screen._report is not None and screen._report is not before, "it is made again")
        for key in (new, new_too):
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
            values = form_values(cockpit)
            assert (values["data"], values["max_length"], values["task"]) == (source, 50, "sequence-classification")
            assert (values["model"], values["columns"]) == (str(reader), "text=review,label=rating")
            await cockpit.press("q")


@covers(ReportScreen, "c", "C", "S")
async def test_cures_and_splits_make_versions_and_are_reported_on(
    home: Home, source: str, keys: tuple[str, ...]
) -> None:
    cure, cure_all, split = keys
    async with opened(home, (120, 40)) as cockpit:
        await open_report(cockpit, source)
        await on_finding(cockpit, "exact duplicates")
        await cockpit.press(cure)
        await cockpit.until_shown("REPORT reviews@v2", "label balance")
        assert versions(home)[0] == "reviews@v2 9"
        await cockpit.press(cure_all)
        await cockpit.until(shown(cockpit, Ask), "it is asked")
        await cockpit.until_shown("Make a version of reviews@v2 without 1 row?", "1  empty")
        await cockpit.press("n")
        assert cockpit.status == "Nothing was dropped."
        await cockpit.press(cure_all, "y")
        await cockpit.until_shown("REPORT reviews@v3", "label balance")
        await cockpit.press(cure_all)
        assert cockpit.status == "! No finding is cured by dropping rows."
        await cockpit.press(split)
        await cockpit.until(shown(cockpit, SplitAsk), "it is asked")
        await compare(cockpit, "ask-split")
        await cockpit.press("escape")
        assert cockpit.status == "Nothing was split."
        await cockpit.press(split, *["backspace"] * len("0.1 seed=42"), *"0.3", "enter")
        await cockpit.until_shown("REPORT reviews@v4", "reviews-eval@v1 has")
        assert "reviews-eval@v1" in str(cockpit.app.screen._reading)  # type: ignore[attr-defined]
    assert [made.split()[0] for made in versions(home)] == [
        "reviews@v4", "reviews-eval@v1", "reviews@v3", "reviews@v2", "reviews@v1",
    ]  # fmt: skip


async def test_a_report_that_can_not_be_made_says_why(home: Home, tmp_path: Path) -> None:
    async with opened(home) as cockpit:
        await open_report(cockpit, str(tmp_path / "none.jsonl"))
        await cockpit.until_shown("There is no report: s changes", "none.jsonl")
        await cockpit.press("enter")
        await cockpit.press("C")
        assert cockpit.status == "! There is no report yet: r makes it."


@covers(LineAsk, "escape")
async def test_a_question_keeps_what_it_refuses_to_be_mended(home: Home, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        answers: list[Any] = []
        cockpit.app.push_screen(SplitAsk("reviews@v1"), answers.append)
        await cockpit.type("x")
        await cockpit.press("enter")
        await cockpit.until_shown("seed is '42x'")
        await cockpit.press("backspace", "enter")
        assert answers == [{"op": "split", "kind": "random", "by": "", "fraction": 0.1, "seed": 42}]
        cockpit.app.push_screen(SplitAsk("reviews@v1"), answers.append)
        await cockpit.press(*keys)
        assert answers[1:] == [None]


@covers(DiffScreen, "tab")
async def test_a_diff_counts_and_shows_what_differs(home: Home, db: sqlite3.Connection, keys: tuple[str, ...]) -> None:
    first = version(db, home, {1: {"text": "good"}, 2: {"text": "It was good"}, 3: {"text": "gone"}})
    second = version(db, home, {1: {"text": "good"}, 2: {"text": "It was bad"}, 4: {"text": "new"}})
    async with opened(home) as cockpit:
        cockpit.app.push_screen(DiffScreen(first.reference, second.reference))
        await cockpit.until_shown("DIFF reviews@v1 > reviews@v2", "1 added, 1 removed, 1 changed, 1 the same")
        await cockpit.until_shown("~ changed", "- It was [-good-]", "+ It was {+bad+}")
        await compare(cockpit, "diff")
        await cockpit.press("j")
        await cockpit.until_shown("- removed   line 3")
        await cockpit.press(*keys)
        assert isinstance(cockpit.app.focused, TextPane)
        await cockpit.press("q")
        cockpit.app.push_screen(DiffScreen(first.reference, "data:none@v1"))
        await cockpit.until_shown("There is no data set", "Nothing was compared.")


@fuzzed(ReportScreen, DiffScreen)
async def test_hostile_rows_are_shown_as_text(home: Home, db: sqlite3.Connection, tmp_path: Path) -> None:
    rows = [{"text": HOSTILE, "label": HOSTILE}, {"text": HOSTILE, "label": "other"}, {"text": "x", "label": "other"}]
    source = written(tmp_path / "rows.jsonl", rows)
    first, second = version(db, home, {1: rows[0]}), version(db, home, {1: {"text": HOSTILE[1:], "label": ""}})
    async with opened(home, (160, 60)) as cockpit:
        await open_report(cockpit, str(source), task="sequence-classification")
        await cockpit.until_shown("label conflicts")
        await check(cockpit, "labels")
        await cockpit.press("s")
        await cockpit.paste(HOSTILE)
        await cockpit.press("enter")
        await check(cockpit, "can't be set here")
        await cockpit.press("escape")
        cockpit.app.push_screen(DiffScreen(first.reference, second.reference))
        await cockpit.until_shown("~ changed")
        for sign in SIGNS.values():
            await check(cockpit, sign)
