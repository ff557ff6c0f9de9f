"""A configuration as the text that people edit: what differs from the defaults, and the line of whatever is wrong."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomli_w

from .config import checked, knobs, problems
from .errors import ConfigError
from .preset import typed

_HEADING = """\
# Knobs that are not at their defaults; `tunedeck knobs` lists all that there are.
# A line that is taken out sets its knob back.

"""


def text_of(values: Mapping[str, object]) -> str:
    """The values as TOML, those at their defaults left out; bad ones as they were typed."""
    now = typed(values)
    told = {knob.name: now.get(knob.name) for knob in knobs() if knob.required or now.get(knob.name) != knob.default}
    return _HEADING + tomli_w.dumps({name: value for name, value in told.items() if value is not None})


def read(text: str) -> dict[str, object]:
    """The values of all knobs, those that the text leaves out at their defaults.

    Raises:
        ConfigError: it is not TOML, or a knob or value in it is none; naming the lines.
    """
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"It is not TOML: {error}.", "Mend that line.") from error
    faults = [f"{_place(text, field)}{sentence}" for field, sentence in problems(values).items()]
    if faults:
        raise ConfigError(f"{'; '.join(faults)}.")
    return {knob.name: knob.default for knob in knobs()} | values


def _place(text: str, field: str) -> str:
    """`line 3: ` of the field's key; empty where it stands nowhere."""
    key = re.compile(rf"""\s*["']?{re.escape(field.partition(".")[0])}["']?\s*[.=]""")
    found = (number for number, line in enumerate(text.splitlines(), 1) if key.match(line))
    return next((f"line {number}: " for number in found), "")


def save(values: Mapping[str, object], path: Path) -> Path:
    """Write the values, which must be good, into a file that is not there yet; where it lies.

    Raises:
        ConfigError: a value is bad, the file is there already, or it can't be written.
    """
    checked(values)
    try:
        path.touch(exist_ok=False)
        path.write_text(text_of(values), encoding="utf-8")
    except FileExistsError as error:
        raise ConfigError(f"{path} is there already.", "Nothing is overwritten: name another file.") from error
    # A name with a NUL in it is a ValueError.
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} can't be written: {getattr(error, 'strerror', None) or error}.") from error
    return path.resolve()
