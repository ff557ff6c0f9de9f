"""Themes: TOML files, bundled and the user's own, made into Textual themes with a palette for charts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

from .. import themes as bundled
from ..store import toml_files
from ..store.toml_files import TomlFault
from .charts.colors import ROLES, SERIES_COUNT, ChartColors
from .clean import clean_line

DEFAULT_THEME = "deck-dark"
COLORS = (
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "success",
    "warning",
    "error",
    "boost",
)
_TEXT_STYLES = frozenset(
    {"none", "bold", "dim", "italic", "reverse", "underline", "strike", "b", "d", "i", "r", "u", "s"}
)


@dataclass(frozen=True)
class DeckTheme:
    """One theme file: the colours of the app, further variables of its style sheet, the palette of its charts."""

    name: str
    dark: bool
    colors: Mapping[str, str]
    chart: ChartColors
    variables: Mapping[str, str] = field(default_factory=dict)
    ansi: bool = False

    def textual(self) -> Theme:
        """The theme for `App.register_theme`; it carries the chart palette as variables `chart-...`."""
        variables = {**self.variables, **self.chart.variables()}
        colors: dict[str, Any] = dict(self.colors)
        return Theme(name=self.name, dark=self.dark, ansi=self.ansi, variables=variables, **colors)


def load_themes(user_folder: Path) -> tuple[dict[str, DeckTheme], list[str]]:
    """All themes by name, the user's winning over bundled ones of that name, and a sentence for each file that failed.

    The two that use the terminal's own sixteen colours, `ansi-dark` and `ansi-light`, are always among them.
    """
    loaded = {name: _terminal_colors(name) for name in ("ansi-dark", "ansi-light")}
    failed = []
    for file in [*toml_files.of(resources.files(bundled)), *toml_files.of(user_folder)]:
        try:
            theme = _theme(toml_files.read(file))
        except TomlFault as fault:
            failed.append(f"The theme {clean_line(str(file))} was left out: {clean_line(str(fault))}")
        else:
            loaded[theme.name] = theme
    return loaded, failed


def terminal_theme(environment: Mapping[str, str]) -> str | None:
    """The theme that the terminal calls for, or None where it shows 256 colours and more, and any theme will do.

    With NO_COLOR or 16 colours it is one made of the terminal's own colours: any other would be bent to greys.
    """
    if "NO_COLOR" not in environment and _has_256_colors(environment):
        return None
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "ansi-light" if background in ("7", "15") else "ansi-dark"


def _has_256_colors(environment: Mapping[str, str]) -> bool:
    """As Rich, which writes the codes, decides it from the environment."""
    if (forced := environment.get("TEXTUAL_COLOR_SYSTEM", "auto")) != "auto":
        return forced in ("truecolor", "256")
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return True
    return environment.get("TERM", "").strip().lower().rpartition("-")[2] in ("256color", "kitty")


def _terminal_colors(name: str) -> DeckTheme:
    theme = BUILTIN_THEMES[name]
    colors = {key: value for key in COLORS if isinstance(value := getattr(theme, key), str)}
    chart = ChartColors() if theme.dark else ChartColors(train="ansi_blue", eval="ansi_red")
    return DeckTheme(name, theme.dark, colors, chart, dict(theme.variables), ansi=True)


def _theme(table: dict[str, Any]) -> DeckTheme:
    _refuse_unknown(table, ("name", "dark", "colors", "variables", "chart"), "")
    name, dark = table.get("name"), table.get("dark")
    if not isinstance(name, str) or not name or name != clean_line(name):
        raise TomlFault('name is missing or not a line of text. Write for instance name = "my-theme" at the top.')
    if name in BUILTIN_THEMES:
        raise TomlFault(f"name {name!r} belongs to a theme of Textual. Choose another name.")
    if not isinstance(dark, bool):
        raise TomlFault("dark is missing or not true or false. Write dark = true or dark = false.")
    colors = _colors(_table(table, "colors"), COLORS, "colors")
    if "primary" not in colors:
        raise TomlFault('colors.primary is missing. Write for instance primary = "#5fafff" under [colors].')
    variables = {key: _variable(value, f"variables.{key}") for key, value in _table(table, "variables").items()}
    return DeckTheme(name, dark, colors, _chart(_table(table, "chart")), variables)


def _chart(table: dict[str, Any]) -> ChartColors:
    _refuse_unknown(table, (*ROLES, "series"), "chart.")
    named = _colors({key: value for key, value in table.items() if key != "series"}, ROLES, "chart")
    series = table.get("series", list(ChartColors().series))
    if not isinstance(series, list) or len(series) != SERIES_COUNT:
        raise TomlFault(f"chart.series must be a list of {SERIES_COUNT} colours. Give {SERIES_COUNT}, one per run.")
    colors = tuple(_color(value, f"chart.series[{at}]") for at, value in enumerate(series))
    return replace(ChartColors(series=colors), **named)


def _colors(table: dict[str, Any], known: Iterable[str], where: str) -> dict[str, str]:
    _refuse_unknown(table, known, f"{where}.")
    return {key: _color(value, f"{where}.{key}") for key, value in table.items()}


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise TomlFault(f"{key} is not a table. Write [{key}] and its fields below.")
    return value


def _refuse_unknown(table: dict[str, Any], known: Iterable[str], where: str) -> None:
    known = tuple(known)
    for key in table:
        if key not in known:
            raise TomlFault(f"{where}{key} is unknown. Remove it, or use one of: {', '.join(known)}.")


def _color(value: Any, where: str) -> str:
    if isinstance(value, str):
        try:
            color = Color.parse(value)
        except ColorParseError:
            pass
        else:
            return color.hex
    raise TomlFault(f'{where} = {value!r} is not a colour. Write for instance "#5fafff".')


def _variable(value: Any, where: str) -> str:
    if isinstance(value, str) and value and set(value.split()) - {"not"} <= _TEXT_STYLES:
        return value
    return _color(value, where)
