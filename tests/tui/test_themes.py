"""Themes load, look right in 256 colours and for colour-blind eyes, and a bad one is told, not fatal."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from contrast import contrast, linear
from rich.color import ColorSystem
from textual.app import App
from textual.color import Color
from tunedeck.tui.charts.colors import ChartColors
from tunedeck.tui.themes import DEFAULT_THEME, DeckTheme, load_themes, terminal_theme

GOOD = 'name = "mine"\ndark = true\n[colors]\nprimary = "#5fafff"\n'
THEMES, FAILED = load_themes(Path("/nowhere"))
OURS = [theme for theme in THEMES.values() if not theme.ansi]

# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
SIGHT = {
    "ordinary": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(rgb: np.ndarray) -> np.ndarray:
    x, y, z = np.cbrt(XYZ @ rgb.clip(0, 1) / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def refused(tmp_path: Path, text: str) -> str:
    (tmp_path / "bad.toml").write_text(text)
    themes, [sentence] = load_themes(tmp_path)
    assert DEFAULT_THEME in themes
    return sentence


def test_three_bundled_themes_load_beside_the_terminals_own() -> None:
    assert sorted(THEMES) == ["ansi-dark", "ansi-light", "deck-dark", "deck-light", "high-contrast"]
    assert FAILED == []


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_colours_that_carry_meaning_are_exact_in_256_colours(theme: DeckTheme) -> None:
    states = [theme.colors[name] for name in ("primary", "success", "warning", "error", "accent")]
    for name in [*states, theme.chart.train, theme.chart.eval, *theme.chart.series]:
        color = Color.parse(name)
        assert color.rich_color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor() == color.rgb, name


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_every_colour_can_be_read_on_the_background(theme: DeckTheme) -> None:
    background = theme.colors["background"]
    for name in ("primary", "success", "warning", "error", "accent"):
        assert contrast(theme.colors[name], background) >= (7 if theme.name == "high-contrast" else 4.5), name
    assert contrast(theme.colors["foreground"], background) >= 7
    assert contrast(theme.variables["text-muted"], background) >= 4.5
    for color in (theme.chart.train, theme.chart.eval, theme.chart.base, *theme.chart.series):
        assert contrast(color, background) >= 3, color


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
@pytest.mark.parametrize("sight", SIGHT)
def test_series_differ_for_every_kind_of_sight(theme: DeckTheme, sight: str) -> None:
    seen = [lab(np.array(SIGHT[sight]) @ linear(color)) for color in theme.chart.series]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) >= 26


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
@pytest.mark.parametrize("sight", SIGHT)
def test_states_differ_for_every_kind_of_sight(theme: DeckTheme, sight: str) -> None:
    """Running, done, stopped by trouble, failed; a run that waits is grey."""
    names = ("primary", "success", "warning", "error")
    seen = [lab(np.array(SIGHT[sight]) @ linear(theme.colors[name])) for name in names]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) >= 16


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_text_can_be_read_on_what_it_stands_on(theme: DeckTheme) -> None:
    """At least 4.5 to 1, as WCAG 2.2 has it for text (1.4.3)."""
    look = {**theme.colors, **theme.variables}
    pairs = [("primary", "surface"), ("foreground", "surface"), ("secondary", "background"), ("error", "panel")]
    pairs += [(text, "panel") for text in ("foreground", "secondary", "text-muted")]
    pairs += [(f"{cursor}-foreground", f"{cursor}-background") for cursor in ("block-cursor", "block-cursor-blurred")]
    pairs += [(f"footer-{text}-foreground", "footer-background") for text in ("key", "description")]
    for text, background in pairs:
        assert contrast(look[text], look[background]) >= 4.5, (text, background)
    assert contrast(theme.chart.text, look["background"]) >= 4.5


def test_a_theme_carries_its_chart_palette_as_variables() -> None:
    for theme in THEMES.values():
        assert ChartColors.from_variables(theme.textual().variables) == theme.chart


async def test_the_app_takes_every_theme() -> None:
    app = App()
    async with app.run_test() as pilot:
        for theme in THEMES.values():
            app.register_theme(theme.textual())
            app.theme = theme.name
            await pilot.pause()
            assert app.theme_variables["chart-train"] == theme.chart.train


def test_a_users_theme_wins_over_a_bundled_one(tmp_path: Path) -> None:
    (tmp_path / "any name.toml").write_text(GOOD.replace("mine", "deck-dark").replace("#5fafff", "hotpink"))
    themes, failed = load_themes(tmp_path)
    assert failed == [] and themes["deck-dark"].colors["primary"] == Color.parse("hotpink").hex


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("name = ", "is not valid TOML"),
        ("dark = true", "name is missing"),
        ('name = "x\\u001b[2J"', "name is missing or not a line"),
        ('name = "nord"', "belongs to a theme of Textual"),
        ('name = "x"\ndark = 1', "dark is missing or not true or false"),
        (GOOD + 'primry = "red"', "colors.primry is unknown. Remove it, or use one of: primary,"),
        (GOOD + 'accent = "reddish"', "colors.accent = 'reddish' is not a colour"),
        (GOOD.replace("[colors]", "[colours]"), "colours is unknown"),
        (GOOD.replace("primary", "accent"), "colors.primary is missing"),
        (GOOD + "[variables]\nborder = 3", "variables.border = 3 is not a colour"),
        (GOOD + '[chart]\nseries = ["red"]', "chart.series must be a list of 6 colours"),
        (GOOD + '[chart]\nline = "red"', "chart.line is unknown"),
        ('name = "x"\ndark = true\ncolors = 3', "colors is not a table"),
    ],
)
def test_a_bad_theme_is_told_with_file_field_and_next_step(tmp_path: Path, text: str, part: str) -> None:
    sentence = refused(tmp_path, text)
    assert "bad.toml was left out: " in sentence and part in sentence
    assert sentence.isprintable()


def test_a_theme_that_is_no_text_or_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "folder.toml").mkdir()
    _, failed = load_themes(tmp_path)
    assert [("UTF-8" in line, "can't be read" in line) for line in failed] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, None),
        ({"TERM": "xterm-kitty"}, None),
        ({"TERM": "screen"}, "ansi-dark"),
        ({"TERM": "linux"}, "ansi-dark"),
        ({}, "ansi-dark"),
        ({"TERM": "xterm-16color", "COLORFGBG": "0;15"}, "ansi-light"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "ansi-dark"),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, None),
    ],
)
def test_a_poor_terminal_gets_a_theme_of_its_own_colours(environment: dict[str, str], expected: str | None) -> None:
    assert terminal_theme(environment) == expected
