"""`tunedeck data`: data as training sees it."""

import click

from ..engine_process import ask
from .output import say, say_json


@click.group()
def data() -> None:
    """Look into data as training sees it."""


@data.command()
@click.argument("path")
@click.option("--model", required=True, help="Whose tokenizer and chat template: demo:smollm2, a folder, a hub id.")
@click.option("--task", help="What the rows are for, as the knob says it; causal-lm without it.")
@click.option("--columns", help="Which column plays which role, such as text=review, label=rating.")
@click.option("--rows", help="Lines A-B of the file, from 1; all without it.")
@click.option(
    "--max-length", type=click.IntRange(min=1), help="Cut rows after so many tokens; the knob's default without it."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a row: input_ids, labels (-100: not trained).")
def tokens(
    path: str,
    model: str,
    task: str | None,
    columns: str | None,
    rows: str | None,
    max_length: int | None,
    as_json: bool,
) -> None:
    """Show the tokens of the rows of PATH, trained ones in [brackets]."""
    options = ["--model", model]
    given = {"--task": task, "--columns": columns, "--rows": rows, "--max-length": max_length}
    options += [part for name, value in given.items() if value for part in (name, str(value))]
    for row in ask("tokens", [*options, "--", path], show_progress=True):
        say_json(row) if as_json else say(_shown(row))


def _shown(row: dict) -> str:
    if "error" in row:
        return f"line {row['row']}: {row['error']}"
    cut = ", cut" if row["truncated"] else ""
    head = f"line {row['row']}: {len(row['input_ids'])} tokens{cut}"
    if row["by_place"]:
        marked = zip(row["tokens"], row["labels"], strict=True)
        told = "".join(f"[{token}]" if label != -100 else token for token, label in marked)
        return f"{head}, {sum(label != -100 for label in row['labels'])} trained\n{told}\n"
    return f"{head}, trained towards {row['labels']}\n{' '.join(row['tokens'])}\n"
