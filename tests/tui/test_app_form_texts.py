"""The form as text: saved, opened in an editor, and as a command that does the same."""

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cockpit import opened
from keyboard import covers, form_values, open_form, presses, shown
from pictures import compare
from test_app_form_keys import set_knob
from textual.app import App
from textual.widgets import Input
from tunedeck.store import toml
from tunedeck.store.paths import Home
from tunedeck.tui.screens.command import CommandShown
from tunedeck.tui.screens.form_texts import FormTexts
from tunedeck.tui.screens.line_ask import LineAsk
from tunedeck.tui.screens.new_run import NewRunScreen


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can be lent, which the one of the tests is not."""

    @contextmanager
    def suspend(app: App[None]) -> Iterator[None]:
        yield

    monkeypatch.setattr(App, "suspend", suspend)


def edit_with(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """From now on the editor is a shell script, which finds the file in $1."""
    editor = folder / "editor.sh"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))


@covers(FormTexts, "w")
async def test_what_is_saved_can_be_run(home: Home, keys: tuple[str, ...], rows: Path) -> None:
    path = rows.with_name("mine.toml")
    async with opened(home) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "data", str(rows))
        await set_knob(cockpit, "learning_rate", "3e-4")
        for refusal in ("", "is there already"):
            await cockpit.press(*keys)
            await cockpit.until(shown(cockpit, LineAsk), "it is asked where")
            cockpit.app.screen.query_one(Input).value = str(path)
            await cockpit.press("enter")
            if refusal:
                await cockpit.until_shown(refusal)
                await cockpit.press("escape")
                assert cockpit.status == "Nothing was written."
            else:
                assert f"{path} is written" in cockpit.status
    assert path.read_text().splitlines()[3:] == [f'data = "{rows}"', 'model = "demo:smollm2"', "learning_rate = 0.0003"]
    assert toml.load(path).learning_rate == 3e-4


async def test_bad_values_are_neither_saved_nor_made_a_command(home: Home) -> None:
    async with opened(home) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "r", "0")
        for key, nothing in (
            ("w", "Nothing was written:"),
            ("C", "There is no command:"),
            ("y", "There is no command:"),
        ):
            await cockpit.press(key)
            assert cockpit.status == f"✗ {nothing} 1 to mend, marked with !."


@covers(FormTexts, "O", "ctrl+o")
@pytest.mark.usefixtures("lent")
async def test_the_knobs_are_edited_as_toml(
    home: Home, keys: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = keys
    async with opened(home) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "r", "8")
        edit_with(monkeypatch, tmp_path, "sed -i 's/^r = 8/r = 32/' $1; echo 'packing = true' >> $1")
        await cockpit.press(first)
        assert cockpit.status == "2 knobs changed."
        assert (form_values(cockpit)["r"], form_values(cockpit)["packing"]) == (32, True)
        edit_with(monkeypatch, tmp_path, "sed -i '/^r =/d' $1; echo 'optim = 5' >> $1")
        await cockpit.press(second)
        assert "line 7: optim is 5: expected" in cockpit.status and "Nothing was taken" in cockpit.status
        assert form_values(cockpit)["r"] == 32
        edit_with(monkeypatch, tmp_path, "grep -q 'optim = 5' $1 && sed -i '/^optim/d' $1")
        await cockpit.press(second)
        assert form_values(cockpit)["r"] == 16 and cockpit.status == "1 knob changed."
        edit_with(monkeypatch, tmp_path, "true")
        await cockpit.press(second)
        assert cockpit.status == "Nothing was changed."


async def test_a_terminal_that_cannot_be_lent_is_told(home: Home) -> None:
    async with opened(home) as cockpit:
        await open_form(cockpit)
        await cockpit.press("O")
        await cockpit.until_shown("can't be lent to an editor. tunedeck run FILE.toml")


@pytest.mark.usefixtures("lent")
@pytest.mark.parametrize(
    ("editor", "said"),
    [
        ('vi "', 'vi " could not be used: No closing quotation. Set EDITOR to yours.'),
        ("false", "ended with exit code 1"),
    ],
)
async def test_an_editor_that_cannot_be_used_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch, editor: str, said: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    async with opened(home) as cockpit:
        await open_form(cockpit)
        await cockpit.press("O")
        await cockpit.until(lambda: said in cockpit.status, "it is told")


@presses(FormTexts, "C", "y")
@covers(CommandShown, "y", "escape", "q", "C", "enter")
async def test_the_command_is_shown_and_copied(home: Home, keys: tuple[str, ...]) -> None:
    async with opened(home) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "name", "it's mine")
        await cockpit.press("y")
        await cockpit.until(lambda: "The command was sent" in cockpit.status, "it is copied")
        for key in keys:
            await cockpit.press("C")
            await cockpit.until(shown(cockpit, CommandShown), "it is shown")
            await cockpit.press(key)
            await cockpit.until(shown(cockpit, NewRunScreen), "the form is back")
        words = shlex.split(cockpit.app.clipboard)
    assert words[:2] == ["tunedeck", "run"] and "name=it's mine" in words and "data=demo:chat" in words


async def test_a_command_looks_as_it_did(home: Home) -> None:
    async with opened(home) as cockpit:
        await open_form(cockpit)
        await set_knob(cockpit, "prompts", json.dumps(["Hi?", "it's"]))
        await cockpit.go_to("data")
        await cockpit.press("C")
        await compare(cockpit, "command")
