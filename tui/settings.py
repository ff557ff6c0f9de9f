"""What the app remembers between two starts: the theme. One TOML file in the config folder."""

import tomllib
from pathlib import Path

from ..store.paths import config_folder


def _file() -> Path:
    return config_folder() / "settings.toml"


def read_theme() -> tuple[str, str]:
    """The name of the chosen theme, empty for none; and a sentence where the file can't be used."""
    try:
        theme = tomllib.loads(_file().read_text(encoding="utf-8")).get("theme", "")
    except FileNotFoundError:
        return "", ""
    except (OSError, ValueError) as error:
        return "", f"{_file()} can't be used: {error}. Mend or delete it."
    if not isinstance(theme, str):
        return "", f"{_file()}: theme is {theme!r}, expected the name of a theme."
    return theme, ""


def write_theme(name: str) -> str:
    """Remember the theme; a sentence where that fails."""
    # Names of themes are ours to check: `load_themes` lets only plain words through.
    content = f'theme = "{name}"\n'
    temporary = _file().with_suffix(".tmp")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(content, encoding="utf-8")
        temporary.replace(_file())
    except OSError as error:
        return f"The theme is not remembered: {error.filename}: {error.strerror}."
    return ""
