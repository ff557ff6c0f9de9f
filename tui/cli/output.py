"""What the command line prints: text without escapes from data, JSON lines, and plain tables."""

import json
import math
from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from ..clean import clean, clean_line

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")


def say(text: str = "", *, err: bool = False) -> None:
    click.echo(clean(text), err=err)


def say_json(value: object) -> None:
    """One line of JSON; a number that is not finite becomes null, as JSON has no word for it."""
    click.echo(json.dumps(_finite(value)))


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(part) for key, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, list | tuple) else value


def say_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; the last one as it comes."""
    for line in table_lines(titles, rows):
        click.echo(line)


def table_lines(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of such a table, that of the titles first."""
    lines = [[clean_line(cell) for cell in row] for row in [titles, *rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(titles) - 1)]
    padded = [[*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]] for line in lines]
    return ["  ".join(cells).rstrip() for cells in padded]


def moment(at: float) -> str:
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M")
