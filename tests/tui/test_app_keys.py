"""Every key of every screen does what its help says, or says why it can't: the list, and the help."""

import importlib
import json
from pathlib import Path

import every_state
import pytest
from cockpit import opened
from keyboard import COVERED, SCREENS, Kind, asked_of, covers, form_values, home_from, is_dim, row_of, shown
from tunedeck.store.paths import Home
from tunedeck.tui import settings
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.palette import PaletteScreen
from tunedeck.tui.screens.places import PLACES, screen_of
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.keys import Entry, bindings_of, fitting
from tunedeck.tui.widgets.table import Table

# What the others cover counts, whichever of them are run.
for file in Path(__file__).parent.glob("test_app_*.py"):
    importlib.import_module(file.stem)

# all screens


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_has_help_and_one_meaning_and_a_test(screen: Kind) -> None:
    bindings = bindings_of(screen)
    keys = [key for binding in bindings for key in binding.key.split(",")]
    assert sorted(set(keys)) == sorted(keys)
    assert all(binding.tooltip and binding.tooltip.endswith(".") and binding.description for binding in bindings)
    # A form that is drawn like another has its keys from it.
    assert {key for key in keys if not any((kind, key) in COVERED for kind in screen.__mro__)} == set()


def test_where_room_is_short_help_and_the_way_out_stay() -> None:
    entries = [Entry("n", "New"), Entry("s", "Stop"), Entry("?", "Help", always=True), Entry("q", "Quit", always=True)]
    for width in range(18, 60):
        kept = [entry.word for entry in fitting(entries, width)]
        assert kept[-2:] == ["Help", "Quit"]
        assert sum(entry.width for entry in fitting(entries, width)) <= width
    assert [entry.word for entry in fitting(entries, 80)] == ["New", "Stop", "Help", "Quit"]


def test_what_can_not_be_done_now_gives_way_to_what_can() -> None:
    entries = [Entry("c", "Compare", possible=False), Entry("s", "Stop"), Entry("q", "Quit", always=True)]
    assert [entry.word for entry in fitting(entries, 22)] == ["Stop", "Quit"]
    assert [entry.word for entry in fitting(entries, 40)] == ["Compare", "Stop", "Quit"]


# Runs


@covers(RunsScreen, "n", "5")
async def test_new_opens_the_form(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        for key in keys:
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
            await cockpit.press("q")
            await cockpit.until(shown(cockpit, RunsScreen), "the list is back")


@covers(RunsScreen, "enter", "1")
async def test_enter_opens_the_run_under_the_cursor_and_1_is_the_list(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(keys[0])
        await cockpit.until(lambda: "finished" in cockpit.heading, "the run is open")
        await cockpit.press("q", keys[1])
        assert cockpit.app.screen.query_one(Table).cursor_key != run.id


@covers(RunsScreen, "s")
async def test_stop_asks_and_only_y_stops(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["learns"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(*keys)
        await cockpit.until_shown("Save learns and stop it?")
        await cockpit.press("enter", "n")
        await cockpit.until(lambda: cockpit.status == "learns was left as it is.", "it is said")
        assert asked_of(seeded, run) == []
        await cockpit.press(*keys, "y")
        await cockpit.until_shown("learns will save its state and stop.", "● stopping     learns")
        assert asked_of(seeded, run) == ["stop"]


async def test_stop_takes_a_waiting_run_out_of_the_queue(seeded: Home) -> None:
    run = every_state.by_name(seeded)["waits"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press("s")
        await cockpit.until_shown("Take waits out of the queue?")
        await cockpit.press("y")
        await cockpit.until_shown("■ stopped      waits")
    assert row_of(seeded, run).state == "stopped"


@covers(RunsScreen, "r")
async def test_resume_queues_the_rest_of_a_run(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["paused"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(*keys)
        await cockpit.until_shown("paused goes on from its newest checkpoint.", "◌ queued 2     paused")
    assert row_of(seeded, run).state == "queued"


async def test_a_run_without_a_checkpoint_is_not_resumed(seeded: Home) -> None:
    run = every_state.by_name(seeded)["no checkpoint yet"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press("r")
        await cockpit.until_shown("✗ no checkpoint yet has no checkpoint to resume from.")
    assert row_of(seeded, run).state == "failed"


@covers(RunsScreen, "d", "u")
async def test_deleted_runs_come_back_one_by_one(seeded: Home, keys: tuple[str, ...]) -> None:
    delete, undo = keys
    by_name = every_state.by_name(seeded)
    lost, paused = by_name["lost"], by_name["paused"]
    async with opened(seeded) as cockpit:
        for run in (lost, paused):
            await cockpit.go_to(run.id)
            await cockpit.press(delete)
            await cockpit.until(
                lambda run=run: cockpit.status == f"{run.name} is in the trash. u takes it out.", "gone"
            )
            assert row_of(seeded, run).deleted_at
            assert (seeded.trash / run.id).exists()
        for run in (paused, lost):
            await cockpit.press(undo)
            said = f"{run.name} is back."
            await cockpit.until(lambda said=said: cockpit.status == said, said)
            assert row_of(seeded, run).deleted_at is None
            assert seeded.run(run.id).root.exists()
        await cockpit.press(undo)
        assert cockpit.status == "! Nothing was deleted since the app was opened."


@covers(RunsScreen, "f")
async def test_fork_opens_the_form_with_the_runs_knobs_and_no_name(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["paused"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
        await cockpit.until_shown("A run like paused: change what is to be different.")
        values = form_values(cockpit)
        assert (values["task"], values["method"], values["name"]) == ("sequence-classification", "full", "")
        assert values["model"] == json.loads(run.config)["model"]


@covers(RunsScreen, "T")
async def test_transfer_opens_the_form_with_the_runs_weights(seeded: Home, keys: tuple[str, ...]) -> None:
    by_name = every_state.by_name(seeded)
    async with opened(seeded) as cockpit:
        await cockpit.go_to(by_name["waits"].id)
        await cockpit.press(*keys)
        assert cockpit.status == "! waits waits in the queue: it has no weights yet."
        await cockpit.go_to(by_name["paused"].id)
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
        assert form_values(cockpit)["model"] == f"run:{by_name['paused'].id}"


async def test_a_transfer_from_a_run_without_weights_is_refused_at_the_check(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["no checkpoint yet"].id)
        await cockpit.press("T")
        await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
        await cockpit.press("P")
        await cockpit.until_shown("model names the run no checkpoint yet: it has no weights yet.")


@covers(RunsScreen, "y")
async def test_copy_sends_the_id_to_the_terminal(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(*keys)
        await cockpit.until(lambda: "was sent to the terminal; some ignore it" in cockpit.status, "it is said")
        assert cockpit.app.clipboard == run.id


@covers(RunsScreen, "t")
async def test_theme_is_the_next_one_and_is_remembered(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press(*keys)
        assert cockpit.status == f"Theme {cockpit.app.theme}."
        assert settings.read()[0].theme == cockpit.app.theme


@covers(RunsScreen, "question_mark")
async def test_help_lists_the_keys_and_why_one_is_dead(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["learns"]
    async with opened(seeded, (120, 30)) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(*keys)
        await cockpit.until_shown(
            "HELP   the keys of RUNS",
            "s               Save the run's state and stop it.",
            "Put the run, or the marked ones, into the trash. Not now: learns is running: stop it first.",
        )


@covers(RunsScreen, "q", "escape")
async def test_quit_leaves_the_app_and_escape_does_not(seeded: Home, keys: tuple[str, ...]) -> None:
    leave, out = keys
    async with opened(seeded) as cockpit:
        await cockpit.press(out)
        assert cockpit.status == "q leaves; runs go on." and cockpit.app.is_running
        await cockpit.press(leave)
    assert cockpit.app.return_code == 0


@pytest.mark.parametrize(
    ("name", "key", "reason"),
    [
        ("finished", "s", "finished is completed: there is nothing to stop."),
        ("finished", "r", "finished is completed: only a run that ended early can be resumed."),
        ("learns", "d", "learns is running: stop it first."),
        ("finished", "u", "Nothing was deleted since the app was opened."),
    ],
)
async def test_a_dead_key_is_dim_and_says_why(seeded: Home, name: str, key: str, reason: str) -> None:
    run = every_state.by_name(seeded)[name]
    async with opened(seeded, (160, 48)) as cockpit:
        await cockpit.go_to(run.id)
        assert is_dim(cockpit, key)
        assert not is_dim(cockpit, "n")
        await cockpit.press(key)
        assert cockpit.status == f"! {reason}"
        assert row_of(seeded, run) == run


async def test_a_key_after_a_while_wipes_what_was_said(seeded: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tunedeck.tui.screens.deck._LEAST_SECONDS_SAID", 0.05)
    async with opened(seeded) as cockpit:
        await cockpit.press("u")
        assert cockpit.status
        await cockpit.pilot.pause(0.1)
        await cockpit.press("j")
        assert cockpit.status == ""


async def test_ctrl_c_says_how_to_leave(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("ctrl+c")
        assert cockpit.status == "q leaves; runs go on."


# Help


@covers(HelpScreen, "q", "escape", "question_mark", "1", "2", "t", "n", "5", "3", "4", "6", "7", "8", "colon", "ctrl+p")
async def test_help_is_left_by_its_own_key_too(seeded: Home, keys: tuple[str, ...]) -> None:
    after: dict[str, Kind] = {"t": HelpScreen, "n": NewRunScreen, "5": NewRunScreen}
    after |= {"colon": PaletteScreen, "ctrl+p": PaletteScreen}
    after |= {key: screen_of(place) for place, (key, *_) in PLACES.items()}
    async with opened(seeded) as cockpit:
        for key in keys:
            await cockpit.press("question_mark")
            await cockpit.until(shown(cockpit, HelpScreen), "help is open")
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, after.get(key, RunsScreen)), f"{key} leads on")
            await home_from(cockpit)


@covers(RunsScreen, "slash", "o")
async def test_runs_are_filtered_and_sorted(seeded: Home, keys: tuple[str, ...]) -> None:
    onto_filter, sort = keys
    async with opened(seeded, (160, 48)) as cockpit:
        await cockpit.until_shown("finished")
        await cockpit.press(onto_filter)
        await cockpit.type("bst<1")
        await cockpit.press("enter")
        assert cockpit.status == "✗ bst<1: runs have no bst. Did you mean best?"
        await cockpit.press("ctrl+u")
        await cockpit.type("task=chat best<1.5")
        await cockpit.press("enter")
        await cockpit.until_shown("2 of them: task=chat best<1.5", "finished", "learns")
        assert "paused" not in "\n".join(cockpit.picture())
        await cockpit.press(sort)
        assert cockpit.status == "The runs stand by name."
        await cockpit.until_shown("by name")
        names = [row.cells[2] for row in cockpit.app.screen.query_one(Table).rows]
        assert names == ["finished", "learns"]
        await cockpit.press(onto_filter, "escape")
        assert len(cockpit.app.screen.query_one(Table).rows) == 2
        await cockpit.press("escape")
        await cockpit.until_shown("paused")


async def test_a_filter_that_nothing_meets_says_how_to_go_on(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.until_shown("finished")
        await cockpit.press("slash")
        await cockpit.type("nowhere")
        await cockpit.press("enter")
        await cockpit.until_shown("No run is like that: / changes the filter, q takes it away.")
        await cockpit.press("q")
        await cockpit.until_shown("finished")
