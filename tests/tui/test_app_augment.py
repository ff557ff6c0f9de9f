"""The form of an augmentation: its knobs, what is wrong with them, and the review that its launch opens."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import augmented
import pytest
from cockpit import Cockpit, opened
from command import queued
from keyboard import covers
from pictures import compare
from tunedeck.store import runs
from tunedeck.store.paths import Home
from tunedeck.tui.screens.augment import AugmentScreen
from tunedeck.tui.screens.review import ReviewScreen
from tunedeck.tui.widgets.table import Table


@pytest.fixture
def filled(idle_home: Home, model: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("TUNEDECK_HOME", str(idle_home.root))
    augmented.fill(idle_home, model)
    return idle_home


@asynccontextmanager
async def form(home: Home, **known: str) -> AsyncIterator[Cockpit]:
    async with opened(home) as cockpit:
        await cockpit.app.push_screen(AugmentScreen("data:reviews@v1", **known))
        await cockpit.until(lambda: cockpit.app.screen.query_one(Table).cursor_key == "data", "the form is filled")
        yield cockpit


async def typed(cockpit: Cockpit, knob: str, text: str) -> None:
    await cockpit.go_to(knob)
    await cockpit.press("enter", "ctrl+u")
    await cockpit.type(text)
    await cockpit.press("enter")


async def test_a_launch_queues_the_making_of_rows_and_opens_their_review(filled: Home, db: sqlite3.Connection) -> None:
    async with form(filled, task="sequence-classification", columns="text=review, label=label") as cockpit:
        await cockpit.until(
            lambda: "eval_data is data:reviews-eval@v1" in cockpit.status, "the rows set apart are found"
        )
        await typed(cockpit, "per_row", "3")
        await typed(cockpit, "only", "label=neutral")
        await cockpit.press("L")
        await cockpit.until(lambda: type(cockpit.app.screen) is ReviewScreen, "the review is open")
    run = runs.find(db, "last")
    config, knobs = json.loads(run.config), json.loads(run.options or "")
    assert (run.kind, run.state) == ("augment", "queued") and knobs["per_row"] == 3 and knobs["only"] == "label=neutral"
    assert (config["data"], config["eval_data"]) == ("data:reviews@v1", "data:reviews-eval@v1")


@covers(AugmentScreen, "P")
async def test_check_looks_at_the_rows_and_makes_none(filled: Home, keys: tuple[str, ...]) -> None:
    async with form(filled, task="sequence-classification", columns="text=review, label=label") as cockpit:
        await cockpit.press(*keys)
        await cockpit.until(lambda: "Every knob is good; L launches. data: 30 rows" in cockpit.status, "it is said")
    assert queued(filled) == 0


async def test_what_is_wrong_is_marked_and_nothing_is_queued(filled: Home) -> None:
    async with form(filled) as cockpit:
        await typed(cockpit, "per_row", "0")
        await cockpit.until_shown("! expected a whole n")
        await cockpit.press("L")
        assert "Nothing was queued" in cockpit.status
        await cockpit.press("x")
        await cockpit.go_to("generator")
        await cockpit.press("h")
        await cockpit.press("L")
        await cockpit.until(lambda: "Nothing was queued" in cockpit.status, "a command is missing")
        assert cockpit.app.screen.query_one(Table).cursor_key == "command" and queued(filled) == 0


async def test_a_knob_of_another_generator_is_dim_and_says_so(filled: Home) -> None:
    async with form(filled) as cockpit:
        await cockpit.go_to("key_variable")
        await cockpit.until_shown("only with generator", "never the key itself")


async def test_what_only_runs_have_is_no_key_here(filled: Home) -> None:
    async with form(filled) as cockpit:
        await cockpit.press("F", "V")
        assert type(cockpit.app.screen) is AugmentScreen and queued(filled) == 0
        await cockpit.press("question_mark")
        await cockpit.until_shown("Check everything")
        assert "learning_rate" not in "\n".join(cockpit.picture())


async def test_rows_that_can_not_be_read_are_told_and_nothing_is_queued(filled: Home) -> None:
    async with form(filled, task="question-answering") as cockpit:
        await cockpit.press("P")
        await cockpit.until(lambda: "Nothing was queued" in cockpit.status, "it is refused")
        assert queued(filled) == 0


async def test_the_form_looks_as_it_did(filled: Home) -> None:
    async with form(filled, task="sequence-classification", columns="text=review, label=label") as cockpit:
        await cockpit.until_shown("eval_data is data:reviews-eval@v1")
        await compare(cockpit, "augment")
