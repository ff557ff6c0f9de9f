"""What the tests of keys share: which keys they cover, ways to the screens, and looks into the store."""

from collections.abc import Awaitable, Callable, Iterator
from functools import wraps

import pytest
from cockpit import ACTED, Cockpit
from textual.screen import ModalScreen, Screen
from tunedeck.store import commands, database, runs
from tunedeck.store.paths import Home
from tunedeck.store.records import Run
from tunedeck.tui.screens.every import all_screens
from tunedeck.tui.screens.new_run import NewRunScreen
from tunedeck.tui.widgets.table import Table

Kind = type[Screen]
Test = Callable[..., Awaitable[None]]
COVERED: set[tuple[Kind, str]] = set()


def _questions(kind: Kind = ModalScreen) -> Iterator[Kind]:
    """What stands before a screen until it is answered; known once all screens are imported."""
    for question in kind.__subclasses__():
        if question.__module__.startswith("tunedeck."):
            yield question
        yield from _questions(question)


SCREENS: tuple[Kind, ...] = (*all_screens(), *sorted(_questions(), key=lambda kind: kind.__name__))


def presses(screen: Kind, *keys: str) -> Callable[[Test], Test]:
    """The test presses each of these keys on that screen, where it acts and is not typed into a line: it is seen to."""
    COVERED.update((screen, key) for key in keys)

    def held(test: Test) -> Test:
        @wraps(test)
        async def proven(*arguments: object, **fixtures: object) -> None:
            ACTED.clear()
            await test(*arguments, **fixtures)
            never_acted = {*keys} - {key for kind, key in ACTED if issubclass(kind, screen)}
            assert not never_acted, never_acted

        return proven

    return held


def covers(screen: Kind, *keys: str) -> Callable[[Test], Test]:
    """The same; the test gets the keys as `keys`."""

    def held(test: Test) -> Test:
        return pytest.mark.parametrize("keys", [pytest.param(keys, id=" ".join(keys))])(presses(screen, *keys)(test))

    return held


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


def form_values(cockpit: Cockpit) -> dict[str, object]:
    form = cockpit.app.screen
    assert isinstance(form, NewRunScreen)
    return form._values


def is_dim(cockpit: Cockpit, key: str) -> bool:
    """Whether the key looks other than `?`, which can always be used."""
    looks = {text: style for strip in cockpit.strips()[-1] for text, style, _ in strip}
    return looks[f" {key}"] != looks[" ?"]


async def home_from(cockpit: Cockpit) -> None:
    while len(cockpit.app.screen_stack) > 1:
        await cockpit.press("escape")
        await cockpit.pilot.pause()
