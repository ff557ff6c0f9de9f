"""Keys that come in one burst do what they do one by one."""

import pytest
from cockpit import Cockpit, opened
from textual import events
from tunedeck.store.paths import Home

_NAMES = {"\r": "enter", ":": "colon", "/": "slash", "=": "equals_sign", "?": "question_mark", "@": "at"}


def burst(cockpit: Cockpit, keys: str) -> None:
    """All of them are there before the first has acted."""
    for key in keys:
        cockpit.app.post_message(events.Key(_NAMES.get(key, key), key))


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (":models\r", "MODELS   "),
        (":models\rq", "RUNS   "),
        ("?q/state=completed\r", "1 of them: state=completed"),
        ("/best<1.4 state=completed\r/\rz", "1 of them: best<1.4 state=completed"),
        (":models\rq:data\rq/finished\r\rq", "1 of them: finished"),
    ],
)
async def test_a_burst_ends_where_its_keys_lead(seeded: Home, keys: str, shown: str) -> None:
    async with opened(seeded) as cockpit:
        burst(cockpit, keys)
        await cockpit.until_shown(shown)


async def test_what_is_typed_in_a_burst_keeps_its_order(seeded: Home) -> None:
    written = "name of a run that is longer than a line of the terminal is wide, and then some more of it"
    async with opened(seeded) as cockpit:
        burst(cockpit, "/" + written.replace(" ", "_"))
        await cockpit.until_still()
        assert getattr(cockpit.app.focused, "value", "") == written.replace(" ", "_")


async def test_what_is_pasted_behind_a_key_goes_where_that_key_led(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        burst(cockpit, "/")
        cockpit.app.post_message(events.Paste("state=completed"))
        burst(cockpit, "\r")
        await cockpit.until_shown("1 of them: state=completed")
