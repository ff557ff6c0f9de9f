"""Lines of facts say each of them whole or not at all, and give up the least important first."""

from dataclasses import replace

import every_state
import pytest
from cockpit import opened
from keyboard import open_run
from tunedeck.store import database
from tunedeck.store.paths import Home
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.facts import Fact, fitted

FACTS = (Fact("step 3"), Fact("left 2m", 1), Fact("best 1.2", 2), Fact("", 3), Fact("base 2.8", 4))


def test_the_least_important_gives_way_first_and_whole() -> None:
    whole = "step 3  left 2m  best 1.2  base 2.8"
    assert fitted(FACTS, 0) == fitted(FACTS, len(whole)) == whole
    assert fitted(FACTS, len(whole) - 1) == "step 3  left 2m  best 1.2"
    assert fitted(FACTS, 20) == "step 3  left 2m"
    assert fitted(FACTS, 3) == "step 3"


def test_wide_characters_take_two_cells() -> None:
    facts = (Fact("一二三"), Fact("四", 1))
    assert fitted(facts, 10) == "一二三  四" and fitted(facts, 9) == "一二三"


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (160, "step 100/200 █████░░░░░ 50%  f1_macro 0.300 → 0.800  best 0.800@100  loss 1.263"),
        (80, "step 100/200 █████░░░░░ 50%  f1_macro 0.300 → 0.800  best 0.800@100"),
        (62, "step 100/200 █████░░░░░ 50%  f1_macro 0.300 → 0.800"),
    ],
)
async def test_the_facts_of_a_run_are_never_cut(seeded: Home, columns: int, line: str) -> None:
    async with opened(seeded, (160, 24)) as cockpit:
        await open_run(cockpit, every_state.by_name(seeded)["paused"])
        await cockpit.until_shown("loss 1.263")
        await cockpit.pilot.resize_terminal(columns, 24)
        assert (await cockpit.until_still())[1].strip() == line


async def test_a_long_name_leaves_the_state_of_its_run_in_sight(seeded: Home) -> None:
    run = every_state.by_name(seeded)["paused"]
    db = database.connect(seeded)
    db.execute("UPDATE run SET name = ? WHERE id = ?", ("long " * 30, run.id))
    db.close()
    async with opened(seeded) as cockpit:
        await open_run(cockpit, replace(run, name="long"))
        title = (await cockpit.until_still())[0]
        assert title.startswith(" RUN long long") and title.endswith("…   ■ stopped")
        await cockpit.pilot.resize_terminal(250, 24)
        assert "■ stopped   transfer from diverged@40" in (await cockpit.until_still())[0]


async def test_a_resting_queue_is_said_before_what_the_list_is_like(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("space", "space", "z", "o")
        await cockpit.until_shown("2 marked", "in groups by sweep")
        screen = cockpit.app.screen
        assert isinstance(screen, RunsScreen)
        screen.show_listed(screen.listed._replace(queue_rests=True, states={"queued": 1, "ended": 6}))
        assert cockpit.heading == "RUNS   1 queued, 6 ended   The queue rests: r on a queued run lets it go on."
