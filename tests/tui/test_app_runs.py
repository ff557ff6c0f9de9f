"""The list of runs as a place to put things in order: tags, pins, groups, and the queue."""

from contextlib import closing

import every_state
import pytest
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, shown
from pictures import compare
from test_app_news import leave
from tunedeck.store import database, queue_order, tags
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.store.tags import Change
from tunedeck.tui.charts.chart import Chart
from tunedeck.tui.screens import run_list
from tunedeck.tui.screens.line_ask import LineAsk
from tunedeck.tui.screens.run_rows import RunRows
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.screens.trash import TrashScreen
from tunedeck.tui.widgets.table import Table


def keys_of(cockpit: Cockpit) -> list[str]:
    return [row.key for row in cockpit.app.screen.query_one(Table).rows]


def names(cockpit: Cockpit) -> list[str]:
    return [str(row.cells[2][0] if isinstance(row.cells[2], tuple) else row.cells[2]) for row in _rows(cockpit)]


def _rows(cockpit: Cockpit) -> list:
    return list(cockpit.app.screen.query_one(Table).rows)


def tags_of(home: Home, run: Run) -> tuple[str, ...]:
    db = database.connect(home)
    try:
        return tags.of_run(db, run.id)
    finally:
        db.close()


def tag(home: Home, name: str, *words: str) -> None:
    db = database.connect(home)
    tags.change(db, [every_state.by_name(home)[name].id], Change(on=words))
    db.close()


# tags


@covers(RunsScreen, "number_sign")
async def test_tags_are_put_on_the_run_and_taken_off(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["paused"]
    async with opened(seeded, (200, 48)) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(*keys)
        await cockpit.until_shown("paused: no tag yet.", "-good takes one off.")
        await cockpit.type("Good")
        await cockpit.press("space")
        await cockpit.type("two words?")
        await cockpit.press("enter")
        await cockpit.until_shown("'words?' is no tag. A tag is one word of at most 24 characters")
        await cockpit.press("ctrl+u")
        await cockpit.type("Good paper-2")
        await cockpit.press("enter")
        await cockpit.until_shown("paused is now tagged good paper-2.", "good paper-2")
        await cockpit.press(*keys)
        await cockpit.until_shown("paused: good paper-2.")
        await cockpit.type("-good")
        await cockpit.press("enter")
        await cockpit.until(lambda: cockpit.status == "paused is no longer tagged good.", "it is said")
        assert tags_of(seeded, run) == ("paper-2",)
        await cockpit.press("slash")
        await cockpit.type("tag:paper-2")
        await cockpit.press("enter")
        await cockpit.until(lambda: names(cockpit) == ["paused"], "it is found by its tag")


async def test_all_marked_runs_are_tagged_and_nothing_typed_changes_nothing(seeded: Home) -> None:
    found = every_state.by_name(seeded)
    async with opened(seeded) as cockpit:
        for name in ("paused", "lost"):
            await cockpit.go_to(found[name].id)
            await cockpit.press("space")
        await cockpit.press("number_sign")
        await cockpit.until_shown("2 runs: no tag yet.")
        await cockpit.press("enter")
        await cockpit.until_shown("No tag was written.")
        await cockpit.type("both")
        await cockpit.press("enter")
        await cockpit.until(lambda: cockpit.status == "2 runs are now tagged both.", "it is said")
        await cockpit.press("number_sign")
        await cockpit.until(shown(cockpit, LineAsk), "asked again")
        await cockpit.press("escape")
    assert {name: tags_of(seeded, run) for name, run in found.items() if tags_of(seeded, run)} == {
        "paused": ("both",), "lost": ("both",),
    }  # fmt: skip


@covers(RunsScreen, "p")
async def test_a_pinned_run_stands_first_in_every_order(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["lost"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(*keys)
        await cockpit.until(lambda: names(cockpit)[0] == "lost", "it stands first")
        assert cockpit.status == "lost is pinned to the head of the list."
        assert cockpit.app.screen.query_one(Table).cursor_key == run.id
        await cockpit.until_shown("^  ! interrupted  lost")
        await cockpit.press("o")
        await cockpit.until(lambda: names(cockpit)[1] == "diverged", "by name")
        assert names(cockpit)[0] == "lost"
        await cockpit.press(*keys)
        await cockpit.until(lambda: names(cockpit)[0] == "diverged", "it is no longer first")
        assert cockpit.status == "lost is no longer pinned."


# many at once


@covers(RunsScreen, "asterisk")
async def test_all_that_are_listed_are_marked_and_no_longer(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press(*keys)
        assert cockpit.status == "9 marked, of which at most 6 can be compared; # tags and d deletes them all."
        assert cockpit.heading.endswith("   9 marked")
        await cockpit.press(*keys)
        assert cockpit.status == "No run is marked." and "marked" not in cockpit.heading
        await cockpit.press("slash")
        await cockpit.type("state=failed")
        await cockpit.press("enter")
        await cockpit.until(lambda: len(names(cockpit)) == 2, "two of them are listed")
        await cockpit.press(*keys)
        assert cockpit.status == "2 marked; c compares them, the first is the baseline."
        await cockpit.press("space")
        assert cockpit.status == "1 marked; with another one c compares them, this one the baseline."


async def test_marked_runs_are_deleted_and_come_back_together(seeded: Home) -> None:
    found = every_state.by_name(seeded)
    async with opened(seeded) as cockpit:
        for name in ("lost", "paused", "learns"):
            await cockpit.go_to(found[name].id)
            await cockpit.press("space")
        await cockpit.press("d")
        assert cockpit.status == "! learns is running: stop it first."
        await cockpit.go_to(found["learns"].id)
        await cockpit.press("space", "d")
        await cockpit.until(lambda: cockpit.status == "2 runs are in the trash. u takes them out.", "both are gone")
        await cockpit.until(lambda: not {"lost", "paused"} & {*names(cockpit)}, "they are listed no more")
        assert "marked" not in cockpit.heading
        await cockpit.press("u")
        await cockpit.until(lambda: cockpit.status == "2 runs are back.", "both are back")
        await cockpit.until(lambda: {"lost", "paused"} <= {*names(cockpit)}, "they are listed again")


# the preview


def previewed(cockpit: Cockpit) -> str:
    chart = cockpit.app.screen.query_one("#preview", Chart)
    return chart._frame.title if chart.display else ""


async def test_where_no_run_is_like_the_filter_there_is_no_preview(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["finished"].id)
        await cockpit.until(lambda: previewed(cockpit) == "finished", "it is previewed")
        await cockpit.press("slash")
        await cockpit.type("nobody")
        await cockpit.press("enter")
        await cockpit.until_shown("No run is like that: / changes the filter, q takes it away.")
        assert not previewed(cockpit) and "finished" not in "\n".join(await cockpit.until_still())
        await cockpit.press("escape")
        await cockpit.until(lambda: bool(previewed(cockpit)), "a run is previewed again")


async def test_the_heading_of_a_group_previews_its_best_run(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press(*"zzzz")
        await cockpit.until(lambda: "classify" in names(cockpit), "by task")
        for heading, best in (("group:classify", "paused"), ("group:chat", "finished")):
            await cockpit.go_to(heading)
            await cockpit.until(lambda best=best: previewed(cockpit) == best, best)


async def test_a_wide_list_tells_the_task_too(seeded: Home) -> None:
    async with opened(seeded, (220, 30)) as cockpit:
        await cockpit.until_shown("task", "classify", "chat")


# groups


@covers(RunsScreen, "z")
async def test_groups_have_headings_that_enter_folds(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        for heading, what in (
            ("no sweep", "by sweep"), ("diverged", "by parent"), ("smollm2", "by model"), ("chat", "by task"),
        ):  # fmt: skip
            await cockpit.press(*keys)
            await cockpit.until(lambda heading=heading: heading in names(cockpit)[:2], heading)
            await cockpit.until_shown(f"in groups {what}")
            assert f"in groups {what}; enter folds one." in cockpit.status
        assert names(cockpit)[0] == "chat" and "classify" in names(cockpit)
        whole = len(names(cockpit))
        await cockpit.press("g")
        await cockpit.press("s")
        assert cockpit.status == "! This line is a heading: go to a run with j or k; enter folds the group."
        await cockpit.press("enter")
        await cockpit.until(lambda: len(names(cockpit)) == 3, "the group is folded")
        assert names(cockpit) == ["chat", "classify", "paused"]
        await cockpit.press("enter")
        await cockpit.until(lambda: len(names(cockpit)) == whole, "the group is whole again")
        await cockpit.press(*keys)
        await cockpit.until(lambda: "chat" not in names(cockpit), "no groups")
        assert cockpit.status == "There are no groups."


async def test_a_family_is_listed_with_its_eldest_first(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("z", "z")
        await cockpit.until(lambda: "no family" in names(cockpit), "in families")
        at = names(cockpit).index("paused")
        assert names(cockpit)[at - 2 : at + 1] == ["diverged", "diverged", "paused"]
        assert names(cockpit)[-1] == "lost"


# the queue


@covers(RunsScreen, "J", "K")
async def test_a_queued_run_is_moved_in_the_queue(seeded: Home, keys: tuple[str, ...]) -> None:
    later, sooner = keys
    db = database.connect(seeded)
    every_state.Seeding(db, seeded).queue("next")
    found = every_state.by_name(seeded)
    async with opened(seeded) as cockpit:
        await cockpit.until_shown("◌ queued 1     waits", "◌ queued 2     next")
        await cockpit.go_to(found["next"].id)
        await cockpit.press(sooner)
        await cockpit.until_shown(
            "next is now number 1 of 2 in the queue.", "◌ queued 2     waits", "◌ queued 1     next"
        )
        await cockpit.press(sooner)
        await cockpit.until_shown("✗ next is the first in the queue already.")
        await cockpit.press(later)
        await cockpit.until_shown("next is now number 2 of 2 in the queue.", "◌ queued 1     waits")
        await cockpit.press(*["o"] * 7)
        await cockpit.until(lambda: names(cockpit)[:2] == ["waits", "next"], "in the order of the queue")
        await cockpit.go_to(found["learns"].id)
        await cockpit.press(later)
        assert cockpit.status == "! learns is running: only a queued run has a place in the queue."
    assert [run.name for run in queue_order.waiting(db)] == ["waits", "next"]
    db.close()


# many


def add_runs(home: Home, count: int) -> None:
    db = database.connect(home)
    run = every_state.Seeding(db, home).queue("first")
    columns = "id, name, state, kind, config, versions, fingerprint, created_at"
    db.executemany(
        f"INSERT INTO run ({columns}) VALUES (?, ?, 'completed', 'new', ?, '{{}}', 'f', 0)",
        [(f"run{number:05}", f"run {number}", run.config) for number in range(count)],
    )
    db.close()


def test_the_first_of_many_runs_are_listed_as_they_are_with_all_the_others(home: Home) -> None:
    add_runs(home, 300)
    tag(home, "run 7", "pinned")
    with closing(database.connect(home)) as db:
        first = run_list.read(db, home, run_list.Shown(), {})
        whole = run_list.read(db, home, run_list.Shown(), first.views)
    assert not first.is_whole and whole.is_whole and len(first.lines) < len(whole.lines) == 301
    assert whole.lines[: len(first.lines)] == first.lines
    assert (first.states, first.has_tags, first.queue_rests) == (whole.states, whole.has_tags, whole.queue_rests)


async def test_of_many_runs_only_those_in_sight_become_rows(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    add_runs(home, 3000)
    made = list[int]()
    original = RunRows.at
    monkeypatch.setattr(RunRows, "at", lambda rows, place: made.append(place) or original(rows, place))
    async with opened(home) as cockpit:
        await cockpit.until_shown("run 2999")
        for key in ("z", "z", "z", "o", "G", "p"):
            made.clear()
            await cockpit.press(key)
            await cockpit.until_still()
            assert len(made) < 200, key
        assert len(cockpit.app.screen.query_one(Table).rows) == 3002


# what it looks like


async def test_the_list_with_tags_pins_and_groups(seeded: Home) -> None:
    tag(seeded, "finished", "paper-2", "good")
    tag(seeded, "diverged", "pinned", "bad")
    async with opened(seeded, (160, 48)) as cockpit:
        await cockpit.press("z", "z", "z", "z")
        await cockpit.until_shown("in groups by task")
        await cockpit.pilot.pause(2.1)
        await cockpit.press("g")
        await cockpit.until(lambda: not cockpit.status, "what was said is read")
        await compare(cockpit, "runs-groups")


@pytest.mark.parametrize("kind", every_state.HOSTILE)
@fuzzed(LineAsk, TrashScreen)
async def test_hostile_text_in_headings_and_news_is_shown_as_text(kind: str, home: Home) -> None:
    every_state.fill_hostile(home, every_state.HOSTILE[kind])
    db = database.connect(home)
    db.execute("UPDATE run SET forked_from = (SELECT id FROM run WHERE number = 1) WHERE number = 2")
    db.close()
    leave(home, 3600)
    let_go = every_state.hold(home)
    async with opened(home, (140, 40)) as cockpit:
        await cockpit.until(lambda: "Since you left" in cockpit.status, "the news")
        await check(cockpit, SIGNS[kind])
        for keys in (("z",), ("z",), ("number_sign",), ("escape", "g", "j", "d"), ("D",)):
            await cockpit.press(*keys)
            await check(cockpit, SIGNS[kind])
        await cockpit.until(lambda: "1 run" in cockpit.heading, "it is in the trash")
    let_go()
