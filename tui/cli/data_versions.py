"""`tunedeck data import`, `versions`, `cure`, `drop`, `edit`, `split`, `diff`, `export`, `delete` and `restore`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from ...store import database
from ...store.datasets import EVALUATION, Dataset
from ...store.paths import Home
from ..data import datasets
from ..words import counted
from .lines import Lines
from .output import JSON_OPTION, moment, say, say_json, say_table

NAME_OPTION = click.option("--name", default="", help="The data set it becomes; that of the source without it.")


@click.command("import")
@click.argument("source")
@NAME_OPTION
@JSON_OPTION
def import_(source: str, name: str, as_json: bool) -> None:
    """Make the first version of SOURCE: a file, a folder, a demo part or a data set of the hub.

    Rows that can't be used are kept and listed. Where a version says the same already, that one is named.
    """
    _derive(source, {"op": "import"}, name, as_json)


@click.command()
@click.argument("name", default="")
@JSON_OPTION
def versions(name: str, as_json: bool) -> None:
    """List the versions of all data sets, or of NAME."""
    found = datasets.versions(database.connect(Home.default()), name)
    if as_json:
        for dataset in found:
            say_json(datasets.facts(dataset))
    elif not found:
        say("There are no data sets yet; tunedeck data import FILE makes one.")
    else:
        titles = ("version", "rows", "bad", "for", "from", "made", "how")
        say_table(titles, [_cells(dataset) for dataset in found])


def _cells(dataset: Dataset) -> Sequence[str]:
    made_from = dataset.parent or dataset.source
    counts = (f"{dataset.rows:,}", f"{dataset.bad_rows:,}")
    how = datasets.sentence(dataset)
    return (dataset.label, *counts, dataset.role or "-", made_from, moment(dataset.created_at), how)


@click.command()
@click.argument("source")
@click.option("--kind", "kinds", multiple=True, required=True, help="Of finding, as the report names it; repeatable.")
@click.option("--task", help="What the rows are for; found without it.")
@click.option("--columns", help="Which column plays which role, such as text=review, label=rating.")
@click.option("--model", help="Whose tokens are counted, for too-long.")
@click.option("--max-length", type=click.IntRange(min=1), help="What is too long.")
@click.option("--eval-data", help="Held-out rows that must not be among these, for leakage.")
@NAME_OPTION
@JSON_OPTION
def cure(source: str, kinds: Sequence[str], name: str, as_json: bool, **options: str | int | None) -> None:
    """Drop from SOURCE what a report finds, such as --kind exact-duplicates --kind empty."""
    given = [part for key, value in options.items() if value for part in (f"--{key.replace('_', '-')}", str(value))]
    _derive(source, {"op": "cure", "kinds": kinds, "options": given}, name, as_json)


@click.command()
@click.argument("source")
@click.option("--rows", "lines", type=Lines(), required=True, help="Lines of the source, such as 3,17-20.")
@click.option("--reason", default="", help="Kept with the version.")
@NAME_OPTION
@JSON_OPTION
def drop(source: str, lines: list[tuple[int, int]], reason: str, name: str, as_json: bool) -> None:
    """Drop rows of SOURCE by their lines, as a new version."""
    _derive(source, {"op": "drop", "lines": lines, "reason": reason}, name, as_json)


@click.command()
@click.argument("source")
@click.option("--line", type=click.IntRange(min=1), required=True, help="The row's line.")
@click.option("--row", required=True, help="What it shall be, as JSON.")
@NAME_OPTION
@JSON_OPTION
def edit(source: str, line: int, row: str, name: str, as_json: bool) -> None:
    """Change one row of SOURCE, as a new version."""
    _derive(source, {"op": "edit", "lines": {str(line): row}}, name, as_json)


@click.command()
@click.argument("source")
@click.option("--stratified", is_flag=True, help="As many of each label, by the labels of the task.")
@click.option("--by-label", metavar="COLUMN", help="As many of each value of this column.")
@click.option("--by-group", metavar="COLUMN", help="Rows with one value of this column stay together.")
@click.option("--by-time", metavar="COLUMN", help="The latest rows are set apart: ISO dates, or numbers.")
@click.option(
    "--fraction",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    show_default=True,
    help="How much of the rows.",
)
@click.option("--seed", type=int, default=42, show_default=True, help="The same rows and seed make the same split.")
@click.option("--task", default="", help="What the rows are for; found without it.")
@click.option("--columns", default="", help="Which column plays which role, such as text=review, label=rating.")
@NAME_OPTION
@JSON_OPTION
def split(
    source: str,
    stratified: bool,
    by_label: str | None,
    by_group: str | None,
    by_time: str | None,
    name: str,
    as_json: bool,
    **settings: Any,
) -> None:
    """Set rows of SOURCE apart for evaluation, as two versions: NAME to train on, and NAME-eval.

    At random without an option. No question stands on both sides; rows to train on that ask what is set apart are left
    out, and counted.
    """
    wishes = {"stratified": "" if stratified else None} | {"label": by_label, "group": by_group, "time": by_time}
    given = [(kind, column) for kind, column in wishes.items() if column is not None]
    if len(given) > 1:
        raise click.UsageError("Rows are split one way at a time: give one of the options.")
    kind, column = given[0] if given else ("random", "")
    operation = {"op": "split", "kind": "stratified" if kind == "label" else kind, "by": column, **settings}
    _derive(source, operation, name, as_json)


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--by", type=click.Choice(["line", "content"]), help="How rows are matched; by line where it can be.")
@click.option("--rows", type=click.IntRange(min=0), default=20, show_default=True, help="How many rows are shown.")
@JSON_OPTION
def diff(first: str, second: str, by: str | None, rows: int, as_json: bool) -> None:
    """Show what SECOND has that FIRST has not, and the other way round."""
    for number, answer in enumerate(datasets.ask_diff(first, second, by=by or "", rows=rows)):
        if as_json:
            say_json(answer)
        else:
            say(_counted(first, second, answer) if number == 0 else _differs(answer))


def _counted(first: str, second: str, found: Mapping[str, Any]) -> str:
    counts = [f"{len(found[part]):,} {part}" for part in ("removed", "added", "changed")]
    return f"From {first} to {second}, by {found['by']}: {', '.join(counts)}, {found['same']:,} the same."


def _differs(row: Mapping[str, Any]) -> str:
    place = f"line {row['line']:,}"
    if "changed" not in row:
        mark, value = ("-", row["removed"]) if "removed" in row else ("+", row["added"])
        return f"{mark} {place}: {_json(value)}"
    fields = [f"\n    {name or 'row'}: {_json(old)} -> {_json(new)}" for name, (old, new) in row["changed"].items()]
    return f"~ {place}:{''.join(fields) or ' the same fields in another order'}"


@click.command()
@click.argument("version")
@click.argument("to")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@JSON_OPTION
def export(version: str, to: str, overwrite: bool, as_json: bool) -> None:
    """Write VERSION as the file TO for other programs: .jsonl, .csv or .parquet."""
    facts = datasets.hand_out(version, to, overwrite=overwrite)
    if as_json:
        say_json(facts)
        return
    left_out = f" Left out: {counted(facts['left_out'], 'row')} that can't be used." if facts["left_out"] else ""
    say(f"{facts['path']} has {counted(facts['rows'], 'row')} of {version}.{left_out}")


@click.command()
@click.argument("version")
def delete(version: str) -> None:
    """Put VERSION into the trash; runs that name it still find its rows."""
    label = datasets.delete(database.connect(Home.default()), version).label
    say(f"{label} is in the trash. tunedeck data restore {label} takes it out.")


@click.command()
@click.argument("version")
def restore(version: str) -> None:
    """Take VERSION, such as reviews@v3, out of the trash."""
    say(f"{datasets.restore(database.connect(Home.default()), version).label} is back.")


def _derive(source: str, operation: Mapping[str, Any], name: str, as_json: bool) -> None:
    made = datasets.derive(source, operation, name, lambda progress: say(progress, err=True))
    for dataset in made:
        say_json(datasets.facts(dataset)) if as_json else say(datasets.told(dataset))
    if not as_json:
        say(_next(made))


def _next(made: Sequence[Dataset]) -> str:
    newest = made[-1]
    if made[0].role == EVALUATION:
        return f'Train with data = "{newest.reference}" and eval_data = "{made[0].reference}".'
    if newest.parent is None:
        return f"What is wrong with it: tunedeck data report {newest.reference}"
    return f"What differs: tunedeck data diff {newest.parent} {newest.label}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
