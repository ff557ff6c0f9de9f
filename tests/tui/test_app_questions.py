"""What is asked before something is done: only the right answer does it."""

import subprocess

import every_state
import pytest
from cockpit import opened
from keyboard import asked_of, covers, shown
from tunedeck.store import attempts, database, processes
from tunedeck.store.paths import Home
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.export import ExportAsk, Wish
from tunedeck.tui.screens.runs import RunsScreen

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


# Export


@covers(RunsScreen, "e")
async def test_export_needs_a_run_that_has_started(seeded: Home, keys: tuple[str, ...]) -> None:
    by_name = every_state.by_name(seeded)
    async with opened(seeded) as cockpit:
        await cockpit.go_to(by_name["waits"].id)
        await cockpit.press(*keys)
        assert cockpit.status == "! waits waits in the queue: it has no weights yet."
        await cockpit.go_to(by_name["finished"].id)
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, ExportAsk), "it is asked")
        await cockpit.press("escape")
        await cockpit.until(lambda: cockpit.status == "Nothing is exported.", "it is said")


@covers(ExportAsk, "tab", "shift+tab", "escape")
async def test_the_kind_is_chosen_and_the_folder_typed(seeded: Home, keys: tuple[str, ...]) -> None:
    onward, back, leave = keys
    async with opened(seeded) as cockpit:
        answers: list[Wish | None] = []
        for has_adapter, pressed in (
            (True, (onward, *"out", "enter")),
            (False, (back, "enter")),
            (True, (onward, leave)),
        ):
            cockpit.app.push_screen(ExportAsk("mine", has_adapter=has_adapter), answers.append)
            await cockpit.press(*pressed)
        assert answers == [Wish("merged", "out"), Wish("gguf", ""), None]
