"""Hostile texts on screens: what must be seen of them, and a check that they are shown as text and as nothing else."""

from collections.abc import Callable
from functools import wraps

from cockpit import Cockpit
from keyboard import Kind, Test
from tunedeck.tui.clean import is_clean

SIGNS = {"escapes": "31337mred", "C1": "31337mred", "direction": "evil", "markup": "[/] [bold red]x"}
FUZZED: set[Kind] = set()
_checked: set[Kind] = set()


def fuzzed(*screens: Kind) -> Callable[[Test], Test]:
    """The test checks each of these screens while it shows hostile text: it is seen to."""
    FUZZED.update(screens)

    def held(test: Test) -> Test:
        @wraps(test)
        async def proven(*arguments: object, **fixtures: object) -> None:
            _checked.clear()
            await test(*arguments, **fixtures)
            assert {*screens} <= _checked

        return proven

    return held


async def check(cockpit: Cockpit, sign: str) -> None:
    """The sign stands on the screen, and no segment holds anything that a terminal or Textual would act on."""
    await cockpit.until_shown(sign)
    _checked.add(type(cockpit.app.screen))
    for line in cockpit.strips():
        for text, style, control in (segment for strip in line for segment in strip):
            assert control or (is_clean(text) and "\n" not in text), repr(text)
            assert style is None or (not style.link and not any(key.startswith("@") for key in style.meta)), style
