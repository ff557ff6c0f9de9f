"""Themes in the app: gone through with a key, remembered, the user's own too; and what a poor terminal gets."""

from pathlib import Path

import every_state
import pytest
from cockpit import Cockpit, opened
from rich.color import ColorType
from tunedeck.store.paths import Home, config_folder
from tunedeck.tui import settings
from tunedeck.tui.app import TunedeckApp
from tunedeck.tui.themes import DEFAULT_THEME

MINE = 'name = "mine"\ndark = true\n[colors]\nprimary = "#5fafff"\n'


@pytest.fixture
def theme_folder() -> Path:
    folder = config_folder() / "themes"
    folder.mkdir(parents=True)
    return folder


def codes(cockpit: Cockpit) -> set[ColorType]:
    """The kinds of colour on the screen."""
    styles = [style for line in cockpit.strips() for strip in line for _, style, _ in strip if style]
    return {color.type for style in styles for color in (style.color, style.bgcolor) if color}


async def test_t_goes_through_all_themes_and_the_next_start_has_the_last_one(seeded: Home, theme_folder: Path) -> None:
    (theme_folder / "own.toml").write_text(MINE)
    seen = []
    async with opened(seeded) as cockpit:
        assert cockpit.app.theme == DEFAULT_THEME
        for _ in cockpit.app.deck_themes:
            await cockpit.press("t")
            seen.append(cockpit.app.theme)
            assert cockpit.status == f"Theme {seen[-1]}."
        assert sorted(seen) == ["ansi-dark", "ansi-light", "deck-dark", "deck-light", "high-contrast", "mine"]
        while cockpit.app.theme != "mine":
            await cockpit.press("t")
    async with opened(seeded) as cockpit:
        assert cockpit.app.theme == "mine"


@pytest.mark.parametrize("theme", ["deck-light", "ansi-light"])
async def test_the_first_picture_is_what_the_style_sheet_gives_when_it_is_read_anew(seeded: Home, theme: str) -> None:
    settings.remember("The theme", theme=theme)
    async with opened(seeded) as cockpit:
        await cockpit.until_still()
        first = [list(line) for line in cockpit.strips()]
        cockpit.app.refresh_css()
        await cockpit.until_still()
        assert cockpit.app.theme == theme
        assert [list(line) for line in cockpit.strips()] == first


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("themes/bad.toml", 'name = "bad"\ndark = 1\n', "bad.toml was left out: dark is missing or not true or false."),
        ("settings.toml", 'theme = "gone"\n', "! There is no theme 'gone'; `tunedeck themes` lists them."),
        ("settings.toml", "theme =", "settings.toml can't be used: "),
        ("settings.toml", "theme = 7\n", "settings.toml: theme is 7, expected the name of a theme."),
        ("settings.toml", "tour_shown = 1\n", "settings.toml: tour_shown is 1, expected true or false."),
    ],
)
async def test_a_bad_file_is_told_and_the_app_goes_on(
    seeded: Home, theme_folder: Path, file: str, content: str, told: str
) -> None:
    (config_folder() / file).write_text(content)
    async with opened(seeded) as cockpit:
        assert told in cockpit.status
        assert cockpit.app.theme == DEFAULT_THEME
        await cockpit.until_shown("finished")


async def test_a_theme_that_cannot_be_remembered_is_told(seeded: Home) -> None:
    config_folder().write_text("a file in the folder's place")
    async with opened(seeded) as cockpit:
        await cockpit.press("t")
        assert cockpit.status.startswith("The theme is not remembered: ")


@pytest.mark.parametrize(
    ("variable", "value"), [("NO_COLOR", "1"), ("TERM", "xterm"), ("TERM", "screen"), ("TERM", "linux")]
)
async def test_a_terminal_with_few_colours_gets_its_own(
    seeded: Home, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    settings.remember("The theme", theme="deck-light")
    monkeypatch.delenv("COLORTERM")
    monkeypatch.setenv(variable, value)
    async with opened(seeded) as cockpit:
        await cockpit.go_to(every_state.by_name(seeded)["finished"].id)
        assert cockpit.app.theme == "ansi-dark"
        assert codes(cockpit) <= {ColorType.DEFAULT, ColorType.STANDARD}
        [row] = [line for line in cockpit.strips() if "✓ completed" in "".join(strip.text for strip in line)]
        assert any(style and style.reverse for strip in row for _, style, _ in strip)
        await cockpit.press("t")
        assert cockpit.app.theme == "ansi-light"
        assert "rules out the others" in cockpit.status
    assert settings.read() == (settings.Settings(theme="deck-light"), "")


@pytest.mark.parametrize("size", [(59, 24), (80, 15), (20, 4), (1, 1)])
async def test_a_terminal_that_is_too_small_says_so_and_recovers(seeded: Home, size: tuple[int, int]) -> None:
    app = TunedeckApp(seeded)
    async with app.run_test(size=size) as pilot:
        cockpit = Cockpit(app, pilot)
        words = f"{size[0]}x{size[1]} is too small: tunedeck needs 60x16. q leaves."
        assert words.startswith(cockpit.picture()[0].strip().rstrip("…"))
        await pilot.resize_terminal(60, 16)
        await cockpit.until_shown("RUNS   2 running", "q Quit", "finished")
        await pilot.resize_terminal(*size)
        await cockpit.until(lambda: "RUNS" not in "\n".join(cockpit.picture()), "it is too small again")
        await pilot.press("q")
    assert app.return_code == 0


async def test_every_size_from_the_smallest_on_keeps_the_way_out(seeded: Home) -> None:
    async with opened(seeded, (60, 16)) as cockpit:
        for size in ((60, 16), (61, 19), (80, 20), (109, 24), (110, 24), (200, 60)):
            await cockpit.pilot.resize_terminal(*size)
            for keys in ((), ("enter",), ("q", "n")):
                await cockpit.press(*keys)
                await cockpit.pilot.pause()
                foot = cockpit.picture()[-1]
                assert "? Help" in foot and ("q Quit" in foot or "q Back" in foot)
                assert max(map(len, cockpit.picture())) <= size[0]
            await cockpit.press("q")


def primary(cockpit: Cockpit) -> str:
    return cockpit.app.theme_variables["primary"].lower()


async def test_a_theme_is_read_again_when_it_was_saved(
    seeded: Home, theme_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tunedeck.tui.watch._IDLE_SECONDS", 0.1)
    settings.remember("The theme", theme="mine")
    (theme_folder / "own.toml").write_text(MINE)
    async with opened(seeded) as cockpit:
        assert primary(cockpit) == "#5fafff"
        (theme_folder / "own.toml").write_text(MINE.replace("#5fafff", "#ff0000"))  # which Textual makes #fe0000
        await cockpit.until(lambda: primary(cockpit).startswith("#fe"), "it is seen")
        (theme_folder / "own.toml").write_text(MINE + "[chart]\nline = 3\n")
        await cockpit.until(lambda: "own.toml was left out: chart.line is unknown" in cockpit.status, "it is told")
        assert cockpit.app.theme == "mine"
        (theme_folder / "own.toml").unlink()
        await cockpit.until(lambda: cockpit.app.theme == DEFAULT_THEME, "it is gone")
        assert cockpit.status == "The themes were read again."
