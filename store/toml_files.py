"""The TOML files of a folder, ours or the user's: found by name, read, and refused with a reason."""

import tomllib
from importlib.resources.abc import Traversable
from typing import Any


class TomlFault(Exception):
    """What is wrong with a file, and what to write."""


def of(folder: Traversable) -> list[Traversable]:
    """The files, by the alphabet; none where there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def read(file: Traversable) -> dict[str, Any]:
    """What the file holds.

    Raises:
        TomlFault: it can't be read, or is not TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TomlFault(f"it can't be read ({error.strerror}). Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise TomlFault(f"byte {error.start} is not UTF-8. Save the file as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise TomlFault(f"it is not valid TOML: {error}. Correct that place.") from error
