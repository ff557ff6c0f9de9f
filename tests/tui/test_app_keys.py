"""Every key of every screen does what its help says, or says why it can't."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import every_state
import pytest
from cockpit import Cockpit, opened
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Input
from tunedeck.store import attempts, commands, database, processes, runs
from tunedeck.store.config import knobs
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui import settings
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.charting import ChartGrid
from tunedeck.tui.screens.help import HelpScreen
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.runs import RunsScreen
from tunedeck.tui.widgets.keys import Entry, bindings_of, fitting
from tunedeck.tui.widgets.table import Table

Kind = type[Screen]
SCREENS: tuple[Kind, ...] = (RunsScreen, RunScreen, NewRunScreen, HelpScreen, Ask)
COVERED: set[tuple[Kind, str]] = set()


def covers(screen: Kind, *keys: str) -> pytest.MarkDecorator:
    """The test presses each of these keys on that screen; it gets them as `keys`."""
    COVERED.update((screen, key) for key in keys)
    return pytest.mark.parametrize("keys", [pytest.param(keys, id=" ".join(keys))])


def row_of(home: Home, run: Run) -> Run:
    db = database.connect(home)
    try:
        return runs.get(db, run.id)
    finally:
        db.close()


def asked_of(home: Home, run: Run) -> list[str]:
    db = database.connect(home)
    try:
        return commands.pending(db, run.id)
    finally:
        db.close()


def shown(cockpit: Cockpit, screen: Kind) -> Callable[[], bool]:
    return lambda: type(cockpit.app.screen) is screen


async def open_run(cockpit: Cockpit, run: Run) -> None:
    await cockpit.go_to(run.id)
    await cockpit.press("enter")
    await cockpit.until(lambda: run.name in cockpit.heading, f"{run.name} is open")


async def open_form(cockpit: Cockpit) -> None:
    await cockpit.press("n")
    await cockpit.until(shown(cockpit, NewRunScreen), "the form is open")
    await cockpit.until(lambda: cockpit.app.screen.query_one(Table).cursor_key == "data", "the form is filled")


# all screens


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_has_help_and_one_meaning_and_a_test(screen: Kind) -> None:
    bindings = bindings_of(screen)
    keys = [key for binding in bindings for key in binding.key.split(",")]
    assert sorted(set(keys)) == sorted(keys)
    assert all(binding.tooltip and binding.tooltip.endswith(".") and binding.description for binding in bindings)
    assert {key for key in keys if (screen, key) not in COVERED} == set()


def test_where_room_is_short_help_and_the_way_out_stay() -> None:
    entries = [Entry("n", "New"), Entry("s", "Stop"), Entry("?", "Help", always=True), Entry("q", "Quit", always=True)]
    for width in range(18, 60):
        kept = [entry.word for entry in fitting(entries, width)]
        assert kept[-2:] == ["Help", "Quit"]
        assert sum(entry.width for entry in fitting(entries, width)) <= width
    assert [entry.word for entry in fitting(entries, 80)] == ["New", "Stop", "Help", "Quit"]


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
        await cockpit.until_shown("paused goes on from its newest checkpoint.", "◌ queued       paused")
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
        assert settings.read_theme() == (cockpit.app.theme, "")


@covers(RunsScreen, "question_mark")
async def test_help_lists_the_keys_and_why_one_is_dead(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["learns"]
    async with opened(seeded, (120, 30)) as cockpit:
        await cockpit.go_to(run.id)
        await cockpit.press(*keys)
        await cockpit.until_shown(
            "HELP   the keys of RUNS",
            "s               Save the run's state and stop it.",
            "Put the run into the trash. Not now: learns is running: stop it first.",
        )


@covers(RunsScreen, "q", "escape")
async def test_quit_leaves_the_app(seeded: Home, keys: tuple[str, ...]) -> None:
    for key in keys:
        async with opened(seeded) as cockpit:
            await cockpit.press(key)
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
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        assert is_dim(cockpit, key)
        assert not is_dim(cockpit, "n")
        await cockpit.press(key)
        assert cockpit.status == f"! {reason}"
        assert row_of(seeded, run) == run


def is_dim(cockpit: Cockpit, key: str) -> bool:
    """Whether the key looks other than `?`, which can always be used."""
    looks = {text: style for strip in cockpit.strips()[-1] for text, style, _ in strip}
    return looks[f" {key}"] != looks[" ?"]


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


# Ask


@covers(Ask, "y")
async def test_y_does_it(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        answers: list[bool | None] = []
        cockpit.app.push_screen(Ask("Really?"), answers.append)
        await cockpit.press(*keys)
        assert answers == [True]


@covers(Ask, "n", "q", "escape")
async def test_n_changes_nothing(seeded: Home, keys: tuple[str, ...]) -> None:
    async with opened(seeded) as cockpit:
        answers: list[bool | None] = []
        for key in keys:
            cockpit.app.push_screen(Ask("Really?"), answers.append)
            await cockpit.press("x", "enter", key)
        assert answers == [False] * len(keys)
        assert type(cockpit.app.screen) is RunsScreen


@pytest.fixture
def victim(seeded: Home) -> subprocess.Popen[bytes]:
    """A process that stands in for the engine of the run that is stopping."""
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    db = database.connect(seeded)
    run = every_state.by_name(seeded)["is stopping"]
    attempts.set_process(db, attempts.of_run(db, run.id)[-1].id, processes.Identity.of(process.pid))
    db.close()
    return process


async def test_stopping_twice_kills_after_the_name_is_typed(seeded: Home, victim: subprocess.Popen[bytes]) -> None:
    run = every_state.by_name(seeded)["is stopping"]
    async with opened(seeded) as cockpit:
        await cockpit.go_to(run.id)
        for typed in ("y", "is stoppin", ""):
            await cockpit.press("s")
            await cockpit.until_shown('Type "is stopping" and Enter')
            await cockpit.type(typed)
            await cockpit.press("enter")
            await cockpit.until(lambda: cockpit.status == "is stopping was left as it is.", "nothing was killed")
            assert victim.poll() is None
        await cockpit.press("s")
        await cockpit.type("is stopping")
        await cockpit.press("enter")
        await cockpit.until(lambda: "is stopping was killed" in cockpit.status, "it was killed")
    assert victim.wait(5) == -9
    assert "kill" in asked_of(seeded, run)


# Run


@covers(RunScreen, "tab", "l", "right", "shift+tab", "h", "left")
async def test_panes_follow_each_other_in_a_ring(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["finished"]
    signs = {
        "samples": "> What are you?", "log": "done", "events": "897 rows read", "config": "* prompts",
        "checkpoints": "step     200  05-28", "charts": "gradient norm",
    }  # fmt: skip
    async with opened(seeded, (100, 60)) as cockpit:
        await open_run(cockpit, run)
        forward, backward = keys[:3], keys[3:]
        for at, (tab, sign) in enumerate(signs.items()):
            await cockpit.press(forward[at % 3])
            assert cockpit.app.screen.query_one(ContentSwitcher).current == tab
            await cockpit.until_shown(f"[{tab}]", sign)
        for at, tab in enumerate([*list(signs)[-2::-1], "charts"]):
            await cockpit.press(backward[at % 3])
            assert cockpit.app.screen.query_one(ContentSwitcher).current == tab


@covers(RunScreen, "right_square_bracket", "left_square_bracket", "L")
async def test_charts_are_enlarged_in_turn_and_the_axis_is_switched(seeded: Home, keys: tuple[str, ...]) -> None:
    onward, back, log_axis = keys
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("loss   ─ train", "gradient norm")
        await cockpit.press(onward, onward)
        await cockpit.until(lambda: "gradient norm" not in "\n".join(cockpit.picture()), "one chart is alone")
        await cockpit.until_shown("learning rate   1.82e-5")
        await cockpit.press(back, back)
        await cockpit.until_shown("loss   ─ train", "gradient norm")
        await cockpit.press(log_axis)
        assert cockpit.app.screen.query_one(ChartGrid)._log_y
        await cockpit.press("tab", onward)
        assert cockpit.status == "! The charts are another pane: tab goes there."
        assert is_dim(cockpit, "]")


@covers(RunScreen, "S", "E", "s")
async def test_a_running_run_is_asked(seeded: Home, keys: tuple[str, ...]) -> None:
    save, evaluate, stop = keys
    run = every_state.by_name(seeded)["learns"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.press(save)
        await cockpit.until(lambda: cockpit.status == "learns will save after this step.", "it is said")
        await cockpit.press(evaluate)
        await cockpit.until(lambda: cockpit.status == "learns will evaluate after this step.", "it is said")
        await cockpit.press(stop, "y")
        await cockpit.until_shown("● stopping, training")
    assert asked_of(seeded, run) == ["save", "evaluate", "stop"]


@pytest.mark.parametrize("key", ["S", "E", "s"])
async def test_a_run_that_ended_is_not_asked(seeded: Home, key: str) -> None:
    run = every_state.by_name(seeded)["diverged"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.press(key)
        assert cockpit.status.startswith("! diverged is failed: ")
    assert asked_of(seeded, run) == []


@covers(RunScreen, "r", "y")
async def test_a_run_is_resumed_and_its_id_copied_from_its_own_screen(seeded: Home, keys: tuple[str, ...]) -> None:
    resume, copy = keys
    run = every_state.by_name(seeded)["diverged"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("✗ failed", "max_grad_norm may keep it finite")
        await cockpit.press(copy)
        await cockpit.until(lambda: cockpit.app.clipboard == run.id, "the id is copied")
        await cockpit.press(resume)
        await cockpit.until_shown("◌ queued")
        assert "may keep it finite" not in "\n".join(cockpit.picture())
    assert row_of(seeded, run).state == "queued"


@covers(RunScreen, "1", "n", "5", "t", "question_mark", "q", "escape")
async def test_a_runs_screen_has_the_keys_of_all_screens(seeded: Home, keys: tuple[str, ...]) -> None:
    run = every_state.by_name(seeded)["finished"]
    after = {
        "1": RunsScreen, "n": NewRunScreen, "5": NewRunScreen, "t": RunScreen, "question_mark": HelpScreen,
        "q": RunsScreen, "escape": RunsScreen,
    }  # fmt: skip
    async with opened(seeded) as cockpit:
        for key in keys:
            await open_run(cockpit, run)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, after[key]), f"{key} leads to {after[key].__name__}")
            await home_from(cockpit)


async def home_from(cockpit: Cockpit) -> None:
    while len(cockpit.app.screen_stack) > 1:
        await cockpit.press("q")
        await cockpit.pilot.pause()


async def test_a_run_whose_files_are_gone_for_good_is_told(seeded: Home) -> None:
    run = every_state.by_name(seeded)["finished"]
    async with opened(seeded) as cockpit:
        await open_run(cockpit, run)
        db = database.connect(seeded)
        runs.delete(db, seeded, run)
        runs.empty_trash(db, seeded)
        db.close()
        await cockpit.until(lambda: cockpit.status.startswith(f"✗ There is no run '{run.id}'."), "it is said")
        await cockpit.press("q")
        await cockpit.until_shown("2 running, 1 queued, 5 ended")


# Help


@covers(HelpScreen, "q", "escape", "question_mark", "1", "t", "n", "5")
async def test_help_is_left_by_its_own_key_too(seeded: Home, keys: tuple[str, ...]) -> None:
    after = {"t": HelpScreen, "n": NewRunScreen, "5": NewRunScreen}
    async with opened(seeded) as cockpit:
        for key in keys:
            await cockpit.press("question_mark")
            await cockpit.until(shown(cockpit, HelpScreen), "help is open")
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, after.get(key, RunsScreen)), f"{key} leads on")
            await home_from(cockpit)


# New run


async def set_knob(cockpit: Cockpit, name: str, value: str) -> None:
    """Put a value in the place of the one that stands in the form."""
    await cockpit.go_to(name)
    await cockpit.press("enter", "ctrl+e", "ctrl+u")
    await cockpit.paste(value)
    await cockpit.press("enter")


def form_values(cockpit: Cockpit) -> dict[str, object]:
    form = cockpit.app.screen
    assert isinstance(form, NewRunScreen)
    return form._values


@covers(NewRunScreen, "enter", "x")
async def test_each_kind_of_knob_is_edited_and_set_back(seeded: Home, keys: tuple[str, ...]) -> None:
    edit, default = keys
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        values = form_values(cockpit)
        for name, typed in (("name", "mine"), ("r", "32"), ("learning_rate", "3e-4"), ("prompts", '["a", "b, c"]')):
            await set_knob(cockpit, name, typed)
        assert [str(values[name]) for name in ("name", "r", "learning_rate")] == ["mine", "32", "3e-4"]
        assert values["prompts"] == ["a", "b, c"]
        for name, changed in (("drop_duplicates", "false"), ("lr_scheduler_type", "constant"), ("method", "full")):
            await cockpit.go_to(name)
            await cockpit.press(edit)
            assert values[name] == changed
        assert "only with method lora" in "\n".join(cockpit.picture())
        for name in ("r", "prompts", "drop_duplicates"):
            await cockpit.go_to(name)
            await cockpit.press(default)
        assert [values[name] for name in ("r", "prompts", "drop_duplicates")] == [16, [], True]
        await cockpit.go_to("[Run]")
        for key in keys:
            await cockpit.press(key)
            assert cockpit.status == "! This line is a heading: go to a knob with j or k."


async def test_escape_leaves_the_value_as_it_was(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await cockpit.press("enter")
        assert cockpit.app.focused is cockpit.app.screen.query_one("#editor", Input)
        await cockpit.type("q?1")
        await cockpit.press("escape")
        assert form_values(cockpit)["data"] == "demo:chat"
        assert cockpit.status == ""
        assert type(cockpit.app.screen) is NewRunScreen


async def test_every_knob_can_be_reached_and_tells_what_it_takes(seeded: Home) -> None:
    async with opened(seeded, (120, 70)) as cockpit:
        await open_form(cockpit)
        picture = "\n".join(cockpit.picture())
        for knob in knobs():
            assert knob.name in picture
            await cockpit.go_to(knob.name)
            told = " ".join(" ".join(cockpit.picture()).split())
            assert knob.help in told


@covers(NewRunScreen, "P")
async def test_check_reads_the_rows_and_queues_nothing(seeded: Home, keys: tuple[str, ...], rows: Path) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await cockpit.press(*keys, *keys)
        await cockpit.until(lambda: cockpit.status.startswith("Every knob is good"), "all is good")
    assert len(every_state.by_name(seeded)) == 9


@covers(NewRunScreen, "L")
@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("r", "0", "r is 0: expected a whole number, 1 to 1024"),
        ("learning_rate", "fast", "learning_rate is fast: expected a number, above 0, at most 1"),
        ("data", "", "data is empty: name one"),
        ("data", "/nowhere/rows.jsonl", "there is no such file"),
        ("model", "./nowhere", "there is no such file or folder"),
        ("prompts", "[a", "prompts is [a: expected a list of texts"),
    ],
)
async def test_a_bad_value_starts_nothing(
    seeded: Home, keys: tuple[str, ...], name: str, value: str, fault: str
) -> None:
    async with opened(seeded, (160, 48)) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, name, value)
        await cockpit.go_to("[Hardware]")
        await cockpit.press(*keys)
        await cockpit.until(lambda: cockpit.status == "✗ Nothing was queued: 1 to mend, marked with !.", "told")
        assert cockpit.app.screen.query_one(Table).cursor_key == name
        assert fault in " ".join(" ".join(cockpit.picture()).split())
    assert len(every_state.by_name(seeded)) == 9


async def test_rows_that_cannot_be_read_start_nothing(seeded: Home, rows: Path) -> None:
    rows.write_text('{"prompt": "a", "completion": "b"}\n{"messages": [{"role": "user", "content": 7}]}\n')
    async with opened(seeded, (160, 48)) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await cockpit.press("L")
        assert cockpit.status == "Reading the rows..."
        await cockpit.press("L")
        assert cockpit.status == "! The rows are being read."
        await cockpit.until_shown("rows.jsonl line 2: messages[0].content is a number", "Nothing was queued")
    assert len(every_state.by_name(seeded)) == 9


async def test_who_leaves_while_the_rows_are_read_is_told_on_the_list(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", "demo:chat")
        await cockpit.press("L", "q")
        await cockpit.until(lambda: "is queued." in cockpit.status, "it is said")
        assert type(cockpit.app.screen) is RunsScreen
    named = every_state.by_name(seeded)
    assert named["smollm2-chat"].state == "queued"


@covers(NewRunScreen, "1", "t", "question_mark", "q", "escape")
async def test_the_form_has_the_keys_of_all_screens(seeded: Home, keys: tuple[str, ...]) -> None:
    after = {"t": NewRunScreen, "question_mark": HelpScreen}
    async with opened(seeded) as cockpit:
        for key in keys:
            await open_form(cockpit)
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, after.get(key, RunsScreen)), f"{key} leads on")
            await home_from(cockpit)
