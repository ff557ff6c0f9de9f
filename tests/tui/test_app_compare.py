"""Runs are marked, compared by the keyboard, and every key of the screen does what its help says."""

from contextlib import closing
from pathlib import Path

import every_state
import pytest
from cockpit import Cockpit, opened
from keyboard import covers
from textual.widgets import ContentSwitcher
from tunedeck.store import attempts, database, metrics, samples
from tunedeck.store.paths import Home
from tunedeck.tui.screens.compare import CompareScreen
from tunedeck.tui.screens.runs import RunsScreen


@pytest.fixture
def scored(seeded: Home) -> Home:
    """Two of the runs have predictions of the same rows."""
    found = every_state.by_name(seeded)
    for name in ("finished", "paused"):
        every_state.predict(seeded, found[name], 100, "A dull film, and long.\nI left.")
    return seeded


async def compare(cockpit: Cockpit, *names: str) -> None:
    found = every_state.by_name(cockpit.app.home)
    for name in names:
        await cockpit.go_to(found[name].id)
        await cockpit.press("space")
    await cockpit.press("c")
    await cockpit.until(lambda: isinstance(cockpit.app.screen, CompareScreen), "the runs are compared")


@covers(RunsScreen, "space", "c", "2")
async def test_runs_are_marked_and_compared(scored: Home, keys: tuple[str, ...]) -> None:
    mark, open_it, by_digit = keys
    found = every_state.by_name(scored)
    async with opened(scored) as cockpit:
        await cockpit.press(open_it)
        assert cockpit.status == "! Mark 2 to 6 runs with space first."
        for name in ("finished", "paused"):
            await cockpit.go_to(found[name].id)
            await cockpit.press(mark)
        assert cockpit.status.startswith("2 marked; c compares them")
        await cockpit.press(by_digit)
        await cockpit.until_shown("COMPARE   A finished   B paused", "[curves]")
        await cockpit.press("q")
        await cockpit.go_to(found["paused"].id)
        await cockpit.press(mark, open_it)
        assert isinstance(cockpit.app.screen, RunsScreen)


async def test_a_digit_compares_the_marked_runs_from_any_screen(scored: Home) -> None:
    found = every_state.by_name(scored)
    async with opened(scored) as cockpit:
        await cockpit.press("8", "2")
        await cockpit.until_shown("Nothing is compared: mark 2 to 6 runs in the list with space, then press c.")
        for key in ("w", "b", "a", "right_square_bracket"):
            await cockpit.press(key)
            assert cockpit.status.startswith("! Nothing is compared: ")
        await cockpit.press("1")
        for name in ("finished", "paused"):
            await cockpit.go_to(found[name].id)
            await cockpit.press("space")
        await cockpit.press("8", "2")
        await cockpit.until_shown("COMPARE   A finished   B paused", "held-out loss")


async def test_outputs_stand_beside_each_other_where_there_is_room(scored: Home) -> None:
    found = every_state.by_name(scored)
    with closing(database.connect(scored)) as db:
        for name, answer in (("finished", "I am a robot."), ("paused", "I am a lamp."), ("learns", "I am a robot.")):
            samples.write(db, found[name].id, attempts.of_run(db, found[name].id)[-1].id, 200, "Who?", answer)
    async with opened(scored, (120, 40)) as cockpit:
        await compare(cockpit, "finished", "paused", "learns")
        await cockpit.until_shown("A finished   B paused   C learns")
        await cockpit.press(*["tab"] * 3)
        await cockpit.until_shown("> Who?")
        [line] = [line for line in cockpit.picture() if "lamp" in line]
        assert [*map(line.index, ("A  I am a robot.", "B  I am a [lamp].", "C  I am"))] == [3, 42, 81]
        await cockpit.pilot.resize_terminal(80, 40)
        await cockpit.until(lambda: not any("robot" in line and "lamp" in line for line in cockpit.picture()), "below")
        await cockpit.until_shown("A  I am a robot.", "B  I am a [lamp].")


async def test_what_was_forgotten_is_drawn_against_what_was_gained_with_the_figures(scored: Home) -> None:
    found = every_state.by_name(scored)
    with closing(database.connect(scored)) as db:
        for name, after in (("finished", 3.2), ("paused", 3.1)):
            attempt = attempts.of_run(db, found[name].id)[-1].id
            metrics.write(db, attempt, [("retention_loss", 0, 3.0), ("retention_loss", 100, after)])
    async with opened(scored) as cockpit:
        await compare(cockpit, "finished", "paused")
        await cockpit.until_shown("A finished   B paused")
        await cockpit.press("shift+tab")
        await cockpit.until_shown("general loss rose by (up), eval loss fell by", "A finished  1.473", "0.200")


async def test_six_long_names_leave_every_letter_in_the_title(seeded: Home) -> None:
    names = ("finished", "paused", "learns", "diverged", "no checkpoint yet", "killed by the kernel")
    async with opened(seeded) as cockpit:
        await compare(cockpit, *names)
        await cockpit.until_shown("COMPARE   A fin")
        assert [word for word in cockpit.heading.split() if len(word) == 1] == [*"ABCDEF"]


@covers(CompareScreen, "tab", "l", "right", "shift+tab", "h", "left")
async def test_panes_follow_each_other_in_a_ring(scored: Home, keys: tuple[str, ...]) -> None:
    signs = {
        "knobs": "A finished, the baseline",
        "metrics": "2 rows in common",
        "outputs": "no prompt",
        "kept": "No run",
    }
    async with opened(scored, (120, 40)) as cockpit:
        await compare(cockpit, "finished", "paused")
        await cockpit.until_shown("A finished   B paused")
        forward, backward = keys[:3], keys[3:]
        for at, (tab, sign) in enumerate([*signs.items(), ("curves", "held-out loss")]):
            await cockpit.press(forward[at % 3])
            assert cockpit.app.screen.query_one(ContentSwitcher).current == tab
            await cockpit.until_shown(f"[{tab}]", sign)
        for at, tab in enumerate([*list(signs)[::-1], "curves"]):
            await cockpit.press(backward[at % 3])
            assert cockpit.app.screen.query_one(ContentSwitcher).current == tab


@covers(CompareScreen, "right_square_bracket", "left_square_bracket", "L")
async def test_curves_are_changed_and_the_axis_is_switched(scored: Home, keys: tuple[str, ...]) -> None:
    onward, back, log_axis = keys
    async with opened(scored, (120, 40)) as cockpit:
        await compare(cockpit, "finished", "paused")
        await cockpit.until_shown("held-out loss   A finished")
        await cockpit.press(back)
        await cockpit.until_shown("loss   A finished 1.")
        await cockpit.press(onward, log_axis)
        assert cockpit.status == "The axis is logarithmic: what is not above 0 is left out."
        await cockpit.press("tab", onward)
        assert cockpit.status == "! The curves are another pane: tab goes there."


def _forget(home: Home, *names: str) -> None:
    db = database.connect(home)
    for name in names:
        db.execute("DELETE FROM metric WHERE key_id = (SELECT id FROM metric_key WHERE name = ?)", (name,))
    db.close()


@covers(CompareScreen, "a", "tilde")
async def test_curves_are_laid_along_tokens_and_time_and_smoothed(scored: Home, keys: tuple[str, ...]) -> None:
    axis, smooth = keys
    async with opened(scored, (120, 40)) as cockpit:
        await compare(cockpit, "finished", "paused")
        await cockpit.until_shown("held-out loss   A finished")
        await cockpit.press(axis)
        assert cockpit.status == "Curves by tokens."
        await cockpit.until_shown("held-out loss by tokens   A finished", "120k")
        await cockpit.press(axis)
        await cockpit.until_shown("held-out loss by time   A finished", "4m")
        await cockpit.press(axis, "[", smooth)
        assert cockpit.status == "Noisy curves are means of 10 points."
        await cockpit.until_shown("loss   A finished 1.189", "200")
        await cockpit.press("tab", axis)
        assert cockpit.status == "! The curves are another pane: tab goes there."


async def test_runs_that_recorded_no_time_are_named_and_an_axis_that_none_has_is_refused(scored: Home) -> None:
    found = every_state.by_name(scored)
    db = database.connect(scored)
    db.execute(
        "DELETE FROM metric WHERE attempt_id IN (SELECT id FROM attempt WHERE run_id = ?) AND key_id ="
        " (SELECT id FROM metric_key WHERE name = 'train_seconds')",
        (found["paused"].id,),
    )
    db.close()
    async with opened(scored, (120, 40)) as cockpit:
        await compare(cockpit, "finished", "paused")
        await cockpit.until_shown("held-out loss   A finished")
        await cockpit.press("a", "a")
        await cockpit.until_shown("held-out loss by time (not recorded of B)   A finished")
    _forget(scored, "train_seconds", "num_input_tokens_seen")
    async with opened(scored, (120, 40)) as cockpit:
        await compare(cockpit, "finished", "paused")
        await cockpit.until_shown("held-out loss   A finished")
        await cockpit.press("a")
        assert cockpit.status == "! Only steps are recorded of these runs, neither tokens nor time."


async def test_six_runs_can_be_told_apart_without_colour(seeded: Home) -> None:
    names = ("finished", "paused", "learns", "diverged", "lost", "killed by the kernel")
    async with opened(seeded, (160, 48)) as cockpit:
        await compare(cockpit, *names)
        await cockpit.until_shown("held-out loss")
        picture = "\n".join((await cockpit.until_still())[3:40])
        for letter, name in zip("ABCDEF", names, strict=True):
            assert f"{letter} {name[:10]}" in picture and picture.count(letter) >= 2, letter


@covers(CompareScreen, "b", "w", "r")
async def test_the_baseline_is_changed_and_the_comparison_written(
    scored: Home, keys: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline, write, again = keys
    monkeypatch.chdir(tmp_path)
    async with opened(scored, (120, 40)) as cockpit:
        await compare(cockpit, "finished", "paused")
        await cockpit.until_shown("A finished   B paused")
        await cockpit.press("tab", baseline)
        await cockpit.until_shown("B paused, the baseline")
        await cockpit.press(write)
        await cockpit.until_shown("The comparison lies in")
        await cockpit.press(again, write)
        await cockpit.until_shown("-2.md")
    for suffix in ("md", "csv", "svg"):
        assert len(list(tmp_path.glob(f"compare-*.{suffix}"))) == 2


async def test_runs_that_were_never_scored_still_show_their_curves(seeded: Home) -> None:
    async with opened(seeded, (120, 40)) as cockpit:
        await compare(cockpit, "diverged", "lost")
        await cockpit.until_shown("has no evaluation yet", "held-out loss")


async def test_a_run_that_goes_meanwhile_is_a_sentence(scored: Home) -> None:
    found = every_state.by_name(scored)
    async with opened(scored, (120, 40)) as cockpit:
        await compare(cockpit, "finished", "paused")
        await cockpit.until_shown("A finished   B paused")
        db = database.connect(scored)
        db.execute("UPDATE run SET deleted_at = 1 WHERE id = ?", (found["paused"].id,))
        db.close()
        await cockpit.press("r")
        await cockpit.until_still()
        assert isinstance(cockpit.app.screen, CompareScreen)


async def test_runs_that_are_gone_can_be_compared_no_more(scored: Home) -> None:
    async with opened(scored, (120, 40)) as cockpit:
        await cockpit.app.push_screen(CompareScreen(["gone", "too"]))
        for _ in ("knobs", "metrics", "outputs"):
            await cockpit.press("tab")
            await cockpit.until_shown("There is no run 'gone'.")
