"""`tunedeck data open` and `tunedeck data search`: the rows of any source, and the data sets of the hub."""

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import click

from ..engine_process import ask
from ..rows.row_text import told
from ..rows.rows_file import DataRow, RowsFile
from ..words import counted
from .lines import Lines
from .output import JSON_OPTION, say, say_json, say_table
from .source import meant

FIRST_ROWS = 20
PAGE_ROWS = 1000


@click.command("open")
@click.argument("source")
@click.option(
    "--rows", "lines", type=Lines(), help=f"Only these lines, such as 3,17-20; the first {FIRST_ROWS} rows without it."
)
@click.option("--all", "every", is_flag=True, help="All rows.")
@click.option("--task", default="", help="What the rows are for, as the knob says it; what suits best without it.")
@click.option("--columns", default="", help="Which column plays which role, such as text=review, label=rating.")
@JSON_OPTION
def open_(
    source: str, lines: list[tuple[int, int]] | None, every: bool, task: str, columns: str, as_json: bool
) -> None:
    """Show the rows of SOURCE, what is wrong with them, and what they look like.

    SOURCE is a file (JSONL, JSON, CSV, TSV, Parquet, text, each also as .gz), a folder or a .zip of such files, a demo
    part, a version such as data:reviews@v2, or a data set of the hub such as hub:owner/name:config@split.
    """
    options = [part for name, value in (("--task", task), ("--columns", columns)) if value for part in (name, value)]
    opening = Opening(ask("rows", [*options, "--", meant(source)], show_progress=True))
    rows = opening.rows()
    if lines:
        rows = (row for row in rows if any(first <= row.line <= last for first, last in lines))
    for row in rows if every or lines else islice(rows, FIRST_ROWS):
        say_json(_facts(row)) if as_json else say(f"{told(row)}\n")
    facts = opening.facts()
    say_json(facts) if as_json else say(_summary(facts))


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many at most.")
@JSON_OPTION
def search(words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search the hub for data sets whose names have the WORDS; `tunedeck data open hub:NAME` shows one."""
    found = list(ask("hub", ["search", "--limit", str(limit), "--", *words]))
    if as_json:
        for answer in found:
            say_json(answer)
    elif not found:
        say(f"The hub has no data set named like {' '.join(words)}.")
    else:
        titles = ("downloads", "likes", "terms", "open it as")
        say_table(titles, [_cells(answer) for answer in found])


class Opening:
    """What the engine tells of a source: the first rows at once, then a file of all of them."""

    def __init__(self, answers: Iterator[dict[str, Any]]) -> None:
        self._answers = answers
        self._facts: Mapping[str, Any] | None = None

    def rows(self) -> Iterator[DataRow]:
        """All rows in order; who wants only the first doesn't wait for the others."""
        head = next((answer["head"] for answer in self._answers if "head" in answer), [])
        yield from (DataRow(index, *row) for index, row in enumerate(head))
        file = RowsFile(Path(self.facts()["path"]))
        for start in range(len(head), len(file), PAGE_ROWS):
            yield from file.take(range(start, min(start + PAGE_ROWS, len(file))))

    def facts(self) -> Mapping[str, Any]:
        """The engine's last word, which comes when all rows are read."""
        if self._facts is None:
            for answer in self._answers:
                self._facts = answer
                if "progress" in answer and sys.stderr.isatty():
                    click.echo(f"\r{answer['progress']:,} rows read ", nl=False, err=True)
        return self._facts or {}


def _facts(row: DataRow) -> dict[str, object]:
    return {"line": row.line, "error": row.fault} if row.fault else {"line": row.line, "row": json.loads(row.row)}


def _summary(facts: Mapping[str, Any]) -> str:
    bad = f", {facts['bad_rows']:,} of which can't be used" if facts["bad_rows"] else ""
    suits = f"; suits {', '.join(facts['tasks'])}" if facts["tasks"] else "; suits no task as it is"
    columns = ", ".join(f"{role}={column}" for role, column in facts["columns"].items() if facts["tasks"])
    where = f" with {columns}" if columns else ""
    return f"{facts['source']}: {counted(facts['rows'], 'row')}{bad}. Format: {facts['format']}{suits}{where}."


def _cells(answer: Mapping[str, object]) -> tuple[str, str, str, str]:
    downloads, likes = (f"{answer[name] or 0:,}" for name in ("downloads", "likes"))
    return downloads, likes, "ask for access" if answer["gated"] else "", f"hub:{answer['name']}"
