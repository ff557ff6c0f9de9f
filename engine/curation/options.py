"""What a report is asked for besides its source."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from ...store.config import RunConfig, checked
from ...store.errors import ConfigError


@dataclass(frozen=True)
class Options:
    """As the knobs of a run have them; what is empty is found in the rows, or left out of the report."""

    task: str = ""
    model: str = ""
    max_length: int | None = None
    columns: str = ""
    eval_data: str = ""

    @classmethod
    def read(cls, arguments: Sequence[str]) -> "Options":
        """The options of a command line: `--task T --model M --max-length N --columns C --eval-data E`.

        Raises ConfigError for an option that a report doesn't have, and for one without a value.
        """
        names = {f"--{field.name.replace('_', '-')}": field.name for field in fields(cls)}
        given = dict(zip(arguments[::2], arguments[1::2], strict=False))
        unknown = [name for name in arguments[::2] if name not in names]
        if unknown or len(arguments) % 2:
            raise ConfigError(
                f"A report can't be asked with {' '.join(arguments)[:80]!r}.",
                f"Its options, each with a value, are {', '.join(names)}.",
            )
        values: dict[str, Any] = {names[name]: value for name, value in given.items()}
        return replace(cls(**values), max_length=_length(values.get("max_length")))

    def config(self, source: str, task: str) -> RunConfig:
        """The configuration of a run that would train on the rows. Raises ConfigError."""
        length = {} if self.max_length is None else {"max_length": self.max_length}
        told = {"data": source, "model": self.model or "-", "task": task, "columns": self.columns}
        return checked(told | length)

    def told(self) -> dict[str, Any]:
        return asdict(self)


def _length(text: str | None) -> int | None:
    if text is not None and not text.isdecimal():
        raise ConfigError(f"--max-length is {text!r}, expected a whole number.", field="max_length")
    return None if text is None else int(text)
