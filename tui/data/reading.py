"""How rows are to be read: as which task, by whose tokenizer, cut where, with which columns and held-out rows."""

import csv
import io
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ...store.errors import ConfigError

FIELDS = ("task", "model", "max_length", "columns", "eval_data")


@dataclass(frozen=True)
class Reading:
    """Knobs of a run by their names; what is empty is left to the engine."""

    task: str = ""
    model: str = ""
    max_length: int | None = None
    columns: str = ""
    eval_data: str = ""

    @property
    def knobs(self) -> dict[str, object]:
        """Those that are set."""
        return {name: value for name, value in asdict(self).items() if value}

    def options(self, *, without: Sequence[str] = ()) -> list[str]:
        """As a verb of the engine takes them: each name, then its value."""
        knobs = {name: value for name, value in self.knobs.items() if name not in without}
        return [part for name, value in knobs.items() for part in (f"--{name.replace('_', '-')}", str(value))]

    def __str__(self) -> str:
        return shlex.join(f"{name}={value}" for name, value in self.knobs.items())


def read(text: str, fields: Sequence[str] = FIELDS) -> Reading:
    """What was typed, such as `model=demo:minilm max_length=256 "columns=text=my review,label=rating"`.

    Raises:
        ConfigError: it is nothing of the kind, or a value is not one of its knob.
    """
    # Imports pydantic (0.1 s), which the app's first paint must not wait for.
    from ...store import config

    try:
        parts = [part.partition("=") for part in shlex.split(text)]
    except ValueError as error:
        raise ConfigError("A quotation mark is left open.", "Close it.") from error
    for name, equals, _ in parts:
        if name not in fields or not equals:
            raise ConfigError(f"{name[:40]!r} can't be set here.", f"Write {'=... '.join(fields)}=...")
    given = {name: value for name, _, value in parts if value}
    # Of these alone; data and model must stand there for the others to be looked at.
    faults = config.problems({"data": "rows", "model": "model"} | given)
    if faults:
        raise ConfigError(f"{next(iter(faults.values()))}.")
    length = given.pop("max_length", None)
    return Reading(**given, max_length=int(length) if length else None)


def roles_written(columns: Mapping[str, str]) -> str:
    """Which column plays which role, as the knob `columns` has it: a name with a comma stands in quotes."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([f"{role}={column}" for role, column in columns.items()])
    return line.getvalue()
