"""Rows that can't be used, and rows that say nothing."""

from collections.abc import Iterator
from itertools import chain

from .finding import DROP, Finding
from .reading import Entry, Material
from .texts import parts_of
from .wording import rows_say, them

# How a task says that a text is only white space.
EMPTY = " is empty"
NAMED_FAULTS = 2


def bad_rows(material: Material) -> Iterator[Finding]:
    """Rows that are no JSON, lack a column, or are not what the task reads."""
    bad = [(index, row) for index, row in material.bad.items() if not row.sentence.endswith(EMPTY)]
    if bad:
        named = "; ".join(f"line {row.line:,}: {row.told}" for _, row in bad[:NAMED_FAULTS])
        more = f"; and {len(bad) - NAMED_FAULTS:,} more" if len(bad) > NAMED_FAULTS else ""
        told = f"{rows_say(len(bad), 'is', 'are')} left out of training: {named}{more}. Mend or drop {them(len(bad))}."
        yield Finding("bad-rows", "error", told, [index for index, _ in bad], cure=DROP)


def empty(material: Material) -> Iterator[Finding]:
    """Rows without a text, or with one of which nothing can be seen."""
    rows = [index for index, row in material.bad.items() if row.sentence.endswith(EMPTY)]
    rows += [entry.index for entry in material.entries if not _shows(entry)]
    if rows:
        says = rows_say(len(rows), "has an empty text", "have an empty text")
        told = f"{says}, which trains nothing. Drop {them(len(rows))}."
        yield Finding("empty", "error", told, sorted(rows), cure=DROP)


def _shows(entry: Entry) -> bool:
    """Whether there is a character that is more than space, such as the zero-width one."""
    characters = chain.from_iterable(parts_of(entry.row))
    return any(character.isprintable() and not character.isspace() for character in characters)
