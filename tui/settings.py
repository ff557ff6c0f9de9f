"""What the app remembers between two starts, in one TOML file in the config folder."""

import json
import tomllib
from collections.abc import Container
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from ..store.paths import config_folder


@dataclass(frozen=True)
class Settings:
    """The name of the chosen theme, empty for none; whether the tour was shown."""

    theme: str = ""
    tour_shown: bool = False


_EXPECTED = {"theme": "the name of a theme", "tour_shown": "true or false"}


def _file() -> Path:
    return config_folder() / "settings.toml"


def read() -> tuple[Settings, str]:
    """What is remembered; and a sentence where the file, or something in it, can't be used."""
    try:
        table = tomllib.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, ValueError, RecursionError) as error:
        return Settings(), f"{_file()} can't be used: {error}. Mend or delete it."
    return _checked(table)


def chosen_theme(themes: Container[str]) -> tuple[str, str]:
    """The name that is remembered, empty for none, and a sentence where that, or the file, can't be used."""
    chosen, fault = read()
    if chosen.theme and chosen.theme not in themes:
        return "", f"There is no theme {chosen.theme!r}; `tunedeck themes` lists them."
    return chosen.theme, fault


def _checked(table: dict[str, Any]) -> tuple[Settings, str]:
    found, fault = Settings(), ""
    for field in fields(Settings):
        value = table.get(field.name, field.default)
        if isinstance(value, type(field.default)):
            found = replace(found, **{field.name: value})
        else:
            fault = f"{_file()}: {field.name} is {value!r}, expected {_EXPECTED[field.name]}."
    return found, fault


def remember(what: str, **changed: Any) -> str:
    """Write these down beside the others; a sentence where that fails, which names `what` was to be remembered."""
    settings = replace(read()[0], **changed)
    known = {name: value for name, value in asdict(settings).items() if value}
    # A JSON string of printable text, and JSON's true and false, are TOML's too.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in known.items()]
    temporary = _file().with_suffix(".tmp")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text("".join(lines), encoding="utf-8")
        temporary.replace(_file())
    except OSError as error:
        return f"{what} is not remembered: {error.filename}: {error.strerror}."
    return ""
