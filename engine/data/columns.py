"""Which column of a table plays which role: as asked, else by its name, else by its values."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from io import StringIO
from itertools import chain

from ...store import toml
from ...store.errors import ConfigError, DataError
from .roles import Role, Shape

SHOWN_COLUMNS = 12
SHOWN_CHARACTERS = 40
_LONGEST_NAME = 100


def read_asked(text: str) -> dict[str, str]:
    """Read `text=review, label=rating`; a column whose name has a comma stands in quotes: `"text=review, whole"`.

    Raises ConfigError for anything else.
    """
    asked: dict[str, str] = {}
    for item in _items(text):
        role, equals, column = (part.strip() for part in item.partition("="))
        if not (role and equals and column) or role in asked:
            fault = f"names {role} twice" if role in asked else f"has {item.strip()!r}, expected role=column"
            raise ConfigError(
                f"columns {fault}.", 'Write it like columns = "text=review, label=rating".', field="columns"
            )
        asked[role] = column
    return asked


def _items(text: str) -> list[str]:
    try:
        return next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error as error:
        raise ConfigError(
            f"columns can't be read: {error}.", 'Write it like columns = "text=review, label=rating".', field="columns"
        ) from error


def find_columns(
    rows: Sequence[Mapping[str, object]], roles: Sequence[Role], asked: Mapping[str, str]
) -> dict[str, str]:
    """Give each role its column, in the order of the roles; a role without a shape may be left out.

    What is asked for goes first, then names, whatever their case. Values decide only where a single column has the
    shape that a role needs.

    Raises ConfigError for a role that the task doesn't have, DataError where the columns don't fill the roles.
    """
    columns = list(dict.fromkeys(chain.from_iterable(rows)))
    _check(asked, roles, columns)
    found = dict(asked)
    for role in roles:
        if role.name not in found and (column := _by_name(role, _free(columns, found))):
            found[role.name] = column
    for role in roles:
        if role.shape and role.name not in found:
            fitting = [column for column in _free(columns, found) if _fits(role.shape, column, rows)]
            if len(fitting) != 1:
                raise _undecided(role.name, role.shape, fitting, found, columns)
            found[role.name] = fitting[0]
    return {role.name: found[role.name] for role in roles if role.name in found}


def columns_sentence(columns: Mapping[str, str]) -> str:
    """For the events of a run: `columns: text = review, label = rating`."""
    return f"columns: {', '.join(f'{role} = {column}' for role, column in columns.items())}"


def called(columns: Mapping[str, str]) -> dict[str, str]:
    """What the sentences about a row call the columns of the roles: cut where a name is too long for a sentence."""
    return {role: _called(column) for role, column in columns.items()}


def _called(column: str) -> str:
    return column if len(column) <= _LONGEST_NAME else f"{column[:SHOWN_CHARACTERS]}..."


def _check(asked: Mapping[str, str], roles: Sequence[Role], columns: Sequence[str]) -> None:
    names = [role.name for role in roles]
    for role, column in asked.items():
        if role not in names:
            raise ConfigError(
                f"columns names {role[:SHOWN_CHARACTERS]}, which this task has no use for.",
                f"Its roles are {', '.join(names)}.",
                field="columns",
            )
        if column not in columns:
            near = get_close_matches(column, columns, n=1)
            raise DataError(
                f"there is no column {column[:SHOWN_CHARACTERS]} for {role}; the columns are {_listed(columns)}.",
                f"Set {_setting({**asked, role: near[0] if near else '...'})}.",
            )


def _free(columns: Iterable[str], found: Mapping[str, str]) -> list[str]:
    return [column for column in columns if column not in found.values()]


def _by_name(role: Role, columns: Sequence[str]) -> str | None:
    for alias in role.aliases:
        named = [column for column in columns if _plain(column) == alias]
        if named:
            return alias if alias in named else named[0]
    return None


def _plain(column: str) -> str:
    return column.strip().casefold().replace(" ", "_").replace("-", "_")


def _fits(shape: Shape, column: str, rows: Sequence[Mapping[str, object]]) -> bool:
    values = [value for row in rows if (value := row.get(column)) not in (None, "")]
    # In a file without a header the first row names the columns, so that a class comes again below its name.
    return bool(values) and column not in values and shape.fits(values)


def _undecided(
    role: str, shape: Shape, fitting: Sequence[str], found: Mapping[str, str], columns: Sequence[str]
) -> DataError:
    setting = _setting({**found, role: fitting[0] if fitting else "..."})
    if fitting:
        return DataError(f"{role} could be any of the columns {_listed(fitting)}.", f"Set {setting}, say.")
    return DataError(
        f"no column was found for {role} ({shape.description}); the columns are {_listed(columns)}.", f"Set {setting}."
    )


def _listed(columns: Sequence[str]) -> str:
    shown = [column[:SHOWN_CHARACTERS] for column in columns[:SHOWN_COLUMNS]]
    more = f" and {len(columns) - len(shown):,} more" if len(columns) > len(shown) else ""
    return f"{', '.join(shown)}{more}" if columns else "none"


def _setting(columns: Mapping[str, str]) -> str:
    """The knob as it would have to be set."""
    text = ", ".join(_item(role, column) for role, column in columns.items())
    # TOML's other string has no escapes: easier to read and to type where there would be some.
    is_easier = '"' in text and "'" not in text and text.isprintable()
    return f"columns = '{text}'" if is_easier else toml.setting("columns", text)


def _item(role: str, column: str) -> str:
    """With dots for a name that is too long for a sentence, as that of a broken header is."""
    written = StringIO()
    csv.writer(written).writerow([f"{role}={column if len(column) <= _LONGEST_NAME else '...'}"])
    return written.getvalue().removesuffix("\r\n")
