"""The mask: rows as the tokens that the model sees, one after the other, trained ones marked whatever the terminal."""

from pathlib import Path
from typing import Any

import pytest
from asked import HOSTILE, patient, reader, written  # noqa: F401 - fixtures
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import covers, shown
from pictures import compare
from tunedeck.store.paths import Home
from tunedeck.tui.data.token_text import TokenRow, folded
from tunedeck.tui.screens.line_ask import LineAsk
from tunedeck.tui.screens.mask import MaskScreen
from tunedeck.tui.widgets.token_pane import TokenPane

pytestmark = pytest.mark.usefixtures("patient")
ROWS = [{"prompt": f"Number {number}?", "completion": f"It is {number}."} for number in range(6)]


def row(**facts: Any) -> TokenRow:
    return TokenRow(1, 0, 1, **facts)


def texts(shown: TokenRow, width: int = 60, **how: bool) -> list[str]:
    return ["".join(piece.text for piece in line) for line in folded(shown, width, **how)]


# folding


def test_special_tokens_breaks_and_trained_stretches_are_marked() -> None:
    chat = row(
        tokens=("<s>", "user", "\n", "Hi", "\n", "Ho", " ho", "</s>"), trained=((5, 8),), special=frozenset({0, 7})
    )
    assert texts(chat, plain=True) == ["<s>user\\n", "Hi\\n", "[Ho ho</s>]"]
    assert texts(chat) == ["<s>user⏎", "Hi⏎", "Ho ho</s>"]
    assert [piece.look for piece in folded(chat, 60)[2]] == ["trained", "trained-special"]
    assert texts(chat, apart=True)[2] == "|Ho| ho|</s>"


def test_words_without_their_spaces_get_them_back() -> None:
    assert texts(row(tokens=("[CLS]", "un", "##able", "to"))) == ["[CLS] un##able to"]


def test_no_line_is_wider_than_the_pane_and_nothing_is_lost() -> None:
    tokens = ("日本語" * 5, " a" * 30, "\t", "x" * 200, "👋", " end")
    lines = texts(row(tokens=tokens), 20)
    assert "".join(lines) == "".join(tokens).replace("\t", "→")
    assert all(sum(2 if ord(sign) > 0x2FFF else 1 for sign in line) <= 20 for line in lines)


def test_what_is_cut_says_how_much() -> None:
    assert texts(row(tokens=("a",), truncated=True, lost=37, lost_trained=12))[-1] == (
        "--- cut here: 37 tokens lost, 12 of them trained ---"
    )
    assert texts(row(tokens=("a",), truncated=True))[-1] == "--- cut here ---"


def test_a_row_of_very_many_tokens_is_shown_in_part() -> None:
    assert texts(row(tokens=(" a",) * 20_003))[-1] == "3 more tokens are not shown"


# the screen


async def open_mask(cockpit: Cockpit, *arguments: Any, **more: Any) -> MaskScreen:
    screen = MaskScreen(*arguments, **more)
    cockpit.app.push_screen(screen)
    await cockpit.until(shown(cockpit, MaskScreen), "the mask is open")
    return screen


def facts(cockpit: Cockpit) -> str:
    return cockpit.picture()[1].strip()


@covers(
    MaskScreen, "n", "right_square_bracket", "l", "right", "N", "left_square_bracket", "h", "left", "b", "s", "escape"
)
async def test_rows_are_gone_through_and_read_otherwise(
    home: Home,
    reader: Path,  # noqa: F811
    tmp_path: Path,
    keys: tuple[str, ...],
) -> None:
    *onward, back, back2, back3, back4, bars, settings, leave = keys
    source = written(tmp_path / "rows.jsonl", ROWS)
    async with opened(home, ascii_only=True) as cockpit:
        await open_mask(cockpit, str(source), 2, str(reader), max_length=40)
        await cockpit.press(bars, onward[0])
        assert cockpit.status == "! The tokens are being read."
        await cockpit.until_shown("row 2 of 6", "[It is 1.</s>]", "<s>user\\n", "<s>assistant\\n")
        assert facts(cockpit) == "38 tokens, 9 trained"
        for key in onward:
            await cockpit.press(key)
        assert "[It is 5.</s>]" in "\n".join(cockpit.picture())
        await cockpit.press(onward[0])
        assert cockpit.status == "! This is the last row."
        for key in (back, back2, back3, back4):
            await cockpit.press(key)
        assert "line 2 " in cockpit.heading
        await cockpit.press(bars)
        assert "I|t| |i|s| |1|.|</s>" in "\n".join(cockpit.picture())
        await cockpit.press(bars, settings)
        await cockpit.until(shown(cockpit, LineAsk), "it is asked")
        await cockpit.type(" max_length=x")
        await cockpit.press("enter")
        await cockpit.until_shown("max_length is x: expected a whole number")
        for _ in " max_length=x":
            await cockpit.press("backspace")
        await cockpit.type(" max_length=36")
        await cockpit.press("enter")
        await cockpit.until_shown("--- cut here: 2 tokens lost, 1 of them trained", "36 tokens, 8 trained, cut, 2 lost")
        await cockpit.press(leave)
        assert not isinstance(cockpit.app.screen, MaskScreen)


async def test_chosen_lines_come_in_their_order(
    home: Home,
    reader: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    source = written(tmp_path / "rows.jsonl", [*ROWS, {"prompt": "Half a row"}])
    async with opened(home) as cockpit:
        await open_mask(cockpit, str(source), 2, str(reader), lines=[5, 2, 7])
        await cockpit.until_shown("row 2 of 3 chosen", "It is 1.")
        await compare(cockpit, "mask")
        await cockpit.press("N")
        assert "line 5 " in cockpit.heading
        await cockpit.press("n", "n")
        assert facts(cockpit) == "can't be used"
        await cockpit.until_shown("expected")


async def test_a_mask_without_a_model_asks_for_one_and_a_fault_is_said(home: Home, tmp_path: Path) -> None:
    source = written(tmp_path / "rows.jsonl", ROWS)
    async with opened(home) as cockpit:
        await open_mask(cockpit, str(source), 2)
        await cockpit.until_shown("! Whose tokens? s names a model.")
        await cockpit.press("s", "enter")
        await cockpit.until(lambda: cockpit.status == "! Whose tokens? s names a model.", "it is asked again")
        await cockpit.press("s")
        await cockpit.type(f"model={tmp_path / 'none'}")
        await cockpit.press("enter")
        await cockpit.until(lambda: "does not exist" in cockpit.status, "the fault is said")
        await cockpit.press("n")
        assert cockpit.status == "! No tokens were read: s changes the settings."


@fuzzed(MaskScreen, LineAsk)
async def test_hostile_tokens_are_shown_as_text(
    home: Home,
    reader: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    source = written(tmp_path / "rows.jsonl", [{"prompt": HOSTILE, "completion": HOSTILE}])
    async with opened(home, (140, 60)) as cockpit:
        await open_mask(cockpit, str(source), 1, str(reader))
        for sign in SIGNS.values():
            await check(cockpit, sign)
        await cockpit.press("s")
        await cockpit.paste(HOSTILE)
        await cockpit.press("enter")
        await check(cockpit, "can't be set here")


async def test_what_is_trained_is_reversed_where_there_are_colours(
    home: Home,
    reader: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    source = written(tmp_path / "rows.jsonl", ROWS)
    async with opened(home) as cockpit:
        screen = await open_mask(cockpit, str(source), 1, str(reader))
        await cockpit.until_shown("It is 0.")
        pane = screen.query_one(TokenPane)
        looks = {text: style for y in range(6) for text, style, _ in pane.render_line(y)}
        (answer,) = (style for text, style in looks.items() if "It is" in text)
        assert answer is not None and answer.reverse
