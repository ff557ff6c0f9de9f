"""The colours of charts: one palette per theme, and the roles that series ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

SERIES_COUNT = 6
ROLES = ("text", "train", "eval", "base", "mark")


@dataclass(frozen=True)
class ChartColors:
    """Colours as `#rrggbb`, `ansi_...` (one of the terminal's own sixteen) or `ansi_default`.

    The defaults are the terminal's own colours, which suit every background: the command line uses them.
    """

    text: str = "ansi_default"
    train: str = "ansi_bright_blue"
    eval: str = "ansi_yellow"
    base: str = "ansi_default"
    mark: str = "ansi_magenta"
    series: tuple[str, ...] = (
        "ansi_bright_blue",
        "ansi_yellow",
        "ansi_green",
        "ansi_magenta",
        "ansi_cyan",
        "ansi_red",
    )

    def resolve(self, role: str) -> str:
        """The colour of a role (`train`), of a series by its number from "1" (they repeat), or a colour as it is."""
        if role in ROLES:
            return getattr(self, role)
        if role.isdecimal():
            return self.series[(int(role) - 1) % len(self.series)]
        return role

    def variables(self) -> dict[str, str]:
        """As variables of a Textual theme: `chart-train`, `chart-1`, and so on."""
        named = {f"chart-{role}": getattr(self, role) for role in ROLES}
        return named | {f"chart-{index}": color for index, color in enumerate(self.series, start=1)}

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> "ChartColors":
        """The palette that a theme carries; the terminal's own colours where it carries none."""
        series = [variables.get(f"chart-{index}") for index in range(1, SERIES_COUNT + 1)]
        named = {role: variables[f"chart-{role}"] for role in ROLES if f"chart-{role}" in variables}
        colors = tuple(color for color in series if color)
        return replace(cls(series=colors) if colors else cls(), **named)
