"""`tunedeck data tokens`: rows as the model sees them."""

import click

from ..engine_process import ask
from ..words import counted
from .output import say, say_json
from .source import meant


@click.command()
@click.argument("source")
@click.option("--model", required=True, help="Whose tokenizer and chat template: demo:smollm2, a folder, a hub id.")
@click.option("--task", help="What the rows are for, as the knob says it; found by their shape without it.")
@click.option("--columns", help="Which column plays which role, such as text=review, label=rating.")
@click.option("--rows", help="Lines A-B of the file, from 1; all without it.")
@click.option("--lines", help="Lines one by one, such as 3,17,20, shown in this order.")
@click.option(
    "--max-length", type=click.IntRange(min=1), help="Cut rows after so many tokens; the knob's default without it."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a row: input_ids, labels (-100: not trained).")
def tokens(
    source: str,
    model: str,
    task: str | None,
    columns: str | None,
    rows: str | None,
    lines: str | None,
    max_length: int | None,
    as_json: bool,
) -> None:
    """Show the tokens of the rows of SOURCE, trained ones in [brackets]."""
    options = ["--model", model]
    given = {"--task": task, "--columns": columns, "--rows": rows, "--lines": lines, "--max-length": max_length}
    options += [part for name, value in given.items() if value for part in (name, str(value))]
    for row in ask("tokens", [*options, "--", meant(source)], show_progress=True):
        say_json(row) if as_json else say(_shown(row))


def _shown(row: dict) -> str:
    if "error" in row:
        return f"line {row['row']}: {row['error']}"
    head = f"line {row['row']}: {counted(len(row['input_ids']), 'token')}{_cut(row)}"
    if row["target"]:
        return f"{head}, trained towards {' '.join(row['target'])}\n{' '.join(row['tokens'])}\n"
    trained = sum(end - start for start, end in row["trained"])
    return f"{head}, {trained} trained\n{_bracketed(row['tokens'], row['trained'])}\n"


def _cut(row: dict) -> str:
    if not row["truncated"]:
        return ""
    return ", cut" if row["lost"] is None else f", cut ({row['lost']} more)"


def _bracketed(tokens: list[str], trained: list[list[int]]) -> str:
    starts, ends = ({stretch[at] for stretch in trained} for at in (0, 1))
    marked = (f"{'[' * (at in starts)}{token}{']' * (at + 1 in ends)}" for at, token in enumerate(tokens))
    return "".join(marked)
