"""Whatever names, causes, rows, answers, events and logs hold, every screen shows it as text and nothing but text."""

import every_state
import pytest
from cockpit import Cockpit, opened
from tunedeck.store.paths import Home
from tunedeck.tui.clean import clean, clean_line, is_clean
from tunedeck.tui.screens.run import RunScreen

SIGNS = {"escapes": "31337mred", "C1": "31337mred", "direction": "evil", "markup": "[/] [bold red]x"}


@pytest.fixture(params=every_state.HOSTILE)
def kind(request: pytest.FixtureRequest, home: Home) -> str:
    every_state.fill_hostile(home, every_state.HOSTILE[request.param])
    return request.param


async def check(cockpit: Cockpit, sign: str) -> None:
    """The sign stands on the screen, and no segment holds anything that a terminal or Textual would act on."""
    await cockpit.until_shown(sign)
    for line in cockpit.strips():
        for text, style, control in (segment for strip in line for segment in strip):
            assert control or (is_clean(text) and "\n" not in text), repr(text)
            assert style is None or (not style.link and not any(key.startswith("@") for key in style.meta)), style


async def test_every_screen_shows_hostile_text_as_text(kind: str, home: Home) -> None:
    sign = SIGNS[kind]
    let_go = every_state.hold(home)
    async with opened(home, (140, 110)) as cockpit:
        await check(cockpit, sign)
        await cockpit.press("s", *"running")
        await check(cockpit, sign)
        await cockpit.press("escape")
        await check(cockpit, sign)
        await cockpit.press("enter")
        await check(cockpit, sign)
        await cockpit.press("q", "j", "enter")
        for _ in range(len(RunScreen.PANES)):
            await check(cockpit, sign)
            await cockpit.press("tab")
        await cockpit.press("s", "question_mark")
        await check(cockpit, sign)
    let_go()


async def test_a_comparison_shows_hostile_text_as_text(kind: str, home: Home) -> None:
    for run in every_state.by_name(home).values():
        every_state.predict(home, run, 40, every_state.HOSTILE[kind])
    async with opened(home, (140, 110)) as cockpit:
        await cockpit.press("space", "space", "c")
        for _ in range(4):
            await check(cockpit, SIGNS[kind])
            await cockpit.press("tab")


async def test_what_is_pasted_into_the_form_is_shown_as_text(kind: str, home: Home) -> None:
    text = every_state.HOSTILE[kind]
    async with opened(home, (140, 110)) as cockpit:
        await cockpit.press("n")
        for name in ("name", "data", "r"):
            await cockpit.go_to(name)
            await cockpit.press("enter")
            await cockpit.paste(text)
            await check(cockpit, SIGNS[kind])
            await cockpit.press("enter")
            await check(cockpit, SIGNS[kind])
        await cockpit.press("P")
        await check(cockpit, SIGNS[kind])


@pytest.mark.parametrize("kind", every_state.HOSTILE)
def test_what_is_shown_of_a_hostile_name_can_be_typed_to_kill_its_run(kind: str) -> None:
    name = every_state.HOSTILE[kind]
    assert is_clean(clean_line(name)) and clean(clean_line(name)) == clean_line(name)
    assert clean_line(name).strip()
