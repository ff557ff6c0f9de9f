"""Configurations as TOML: read from a file, changed by `key=value`, written back."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from .config import RunConfig, checked
from .errors import ConfigError

_MAX_BYTES = 1_000_000


def read_values(path: Path) -> dict[str, object]:
    """The file's top-level keys, unchecked.

    Raises:
        ConfigError: the file is missing, unreadable, or not TOML.
    """
    try:
        content = path.read_bytes()[: _MAX_BYTES + 1]
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}.", "Name a TOML file that can be read.") from error
    if len(content) > _MAX_BYTES:
        raise ConfigError(f"{path} is larger than 1 MB: not a configuration.", "Name the run's TOML file.")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not TOML: {error}.", "Mend that line.") from error


def with_settings(values: dict[str, object], settings: Iterable[str]) -> dict[str, object]:
    """The values with each `key=value` laid over them; text is turned into the knob's type later, when checked."""
    changed = dict(values)
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"--set {setting!r} has no key and value.", "Write it as --set learning_rate=1e-4.")
        changed[key.strip()] = read_value(key.strip(), value.strip())
    return changed


def read_value(key: str, text: str) -> object:
    """What somebody typed for a knob: a list is read as TOML, all else is checked as text later.

    Raises:
        ConfigError: a list that is not TOML.
    """
    info = RunConfig.model_fields.get(key)
    if info is None or info.annotation != list[str]:
        return text
    if not text.startswith("["):
        return text or []
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError) as error:
        raise ConfigError(
            f"{key} is {text[:80]!r}: not a TOML list ({error}).", 'Write it as ["one", "two"].', field=key
        ) from error


def resolved(values: dict[str, object], folder: Path) -> dict[str, object]:
    """The values with relative paths of the data and of `model` made absolute, from `folder`.

    A run outlives the folder that it was started from. What is no file there (a hub id, demo:chat) stays as it is.
    """
    changed = dict(values)
    for key in ("data", "eval_data", "mix_data", "model"):
        value = changed.get(key)
        if isinstance(value, str) and value.strip():
            changed[key] = _place(value, folder) or value
    return changed


def _place(value: str, folder: Path) -> str:
    try:
        candidate = folder / Path(value).expanduser()
        return str(candidate.resolve()) if candidate.exists() else ""
    except (OSError, RuntimeError, ValueError):
        return ""  # too long, an unknown ~user, a NUL: no file here; what else it may be is checked later


def load(path: Path, settings: Iterable[str] = ()) -> RunConfig:
    """The checked configuration of a file, with the settings laid over it.

    Paths in the file are relative to the file; paths in the settings to the working folder.
    """
    return changed(resolved(read_values(path), path.resolve().parent), settings, where=str(path))


def changed(values: dict[str, object], settings: Iterable[str], *, where: str = "") -> RunConfig:
    """The checked configuration of values, which come from `where`, with the settings laid over them."""
    settings = tuple(settings)
    keys = {setting.partition("=")[0].strip() for setting in settings}
    values = resolved(with_settings(values, settings), Path.cwd())
    return checked(values, where=lambda field: "--set" if field in keys else where)


def dump(config: RunConfig) -> str:
    """The configuration as TOML, only what differs from the defaults."""
    return tomli_w.dumps(config.model_dump(exclude_defaults=True), multiline_strings=False)


def setting(name: str, value: object) -> str:
    """A single knob as the line that sets it."""
    return tomli_w.dumps({name: value}).strip()
